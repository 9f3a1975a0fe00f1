"""Where a path leads: ``/<login>/…``, for the member who signed in.

One's own login leads to one's disk; another's to what that member shares with one, as a folder of
that alone.  ``/`` holds both: one's disk, and a folder for each who shares something.  What may
not be known to exist is not there.
"""

from typing import Any

from wsgidav.dav_provider import DAVProvider

from communicate.permissions import VIEW
from communicate.security import permits
from communicate_vdisk.content import Directory, File, Node
from communicate_vdisk.dav.answers import Refusal, plain
from communicate_vdisk.dav.exchange import MOUNT, Exchange
from communicate_vdisk.dav.files import FileResource
from communicate_vdisk.dav.folders import FolderResource, HomeResource, SharedResource
from communicate_vdisk.dav.holding import Holding
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.names import composed
from communicate_vdisk.sharing import shared_by

FOLDER = "This is a folder of a disk. Open this address in a program that knows WebDAV."


class Provider(DAVProvider):
    """The disk as *member* sees it, in one request."""

    def __init__(self, request: Any, member: Any, exchange: Exchange) -> None:
        super().__init__()
        self.request, self.member, self.exchange = request, member, exchange
        self.uid: int = member.uid
        self.login = str(member.__name__)
        self.service = request.find_service(IDisk)
        self.locks = request.find_service(ILocks)
        self.verbose = 0
        self.set_mount_path(MOUNT)
        self.set_share_path("")
        self.lock_manager = Holding(self)

    def environ(self) -> dict[str, Any]:
        """Return what WsgiDAV is called with."""
        return self.exchange.environment(self)

    def resolve_provider(self, path: str) -> tuple[str, "Provider"]:
        """Return that every path is this provider's, as WsgiDAV asks its application."""
        return path, self

    def custom_request_handler(
        self, environ: dict[str, Any], start_response: Any, default_handler: Any
    ) -> Any:
        """Answer a browser that opens a folder; have WsgiDAV answer all else."""
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            found = self.get_resource_inst(environ["PATH_INFO"], environ)
            if isinstance(found, FileResource):
                found.closed()
            elif found is not None:
                raise Refusal(plain("200 OK", FOLDER))
        return default_handler(environ, start_response)

    # What a path names

    def get_resource_inst(self, path: str | None, environ: dict[str, Any]) -> Any:
        """Return what is at *path* for the member, or None."""
        if path is None:  # above the first
            return None
        login, *names = path.strip("/").split("/") if path.strip("/") else ("",)
        if not login:
            return HomeResource("/", environ)
        if not names:
            return self.top(login, environ)
        return self.resource(self.walk(login, names), path, environ)

    def top(self, login: str, environ: dict[str, Any]) -> Any:
        """Return the disk of the member, or what another shares, or None."""
        if login == self.login:
            return FolderResource(f"/{login}", environ, self.service.disk(self.uid))
        shared = shared_by(self.request, login)
        return SharedResource(f"/{login}", environ, shared) if shared else None

    def walk(self, login: str, names: list[str]) -> Node | None:
        """Return what *names* lead to from the disk of *login*, as far as the member may see."""
        here: Node | None
        if login == self.login:
            here = self.service.disk(self.uid)
        else:
            here, names = shared_by(self.request, login).get(composed(names[0])), names[1:]
        for name in names:
            found = composed(name)
            if not isinstance(here, Directory) or not found:
                return None
            here = self.service.child(here, found)
            if here is None or not permits(self.request, here, VIEW):
                return None
        return here

    def resource(self, node: Node | None, path: str, environ: dict[str, Any]) -> Any:
        """Return what stands for *node* at *path*."""
        if isinstance(node, File):
            return FileResource(path.rstrip("/"), environ, node)
        return FolderResource(path, environ, node) if isinstance(node, Directory) else None

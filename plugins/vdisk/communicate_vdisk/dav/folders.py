"""Folders over WebDAV: the member's own, and two that hold what is shared."""

from io import BytesIO
from typing import Any

from wsgidav import dav_error
from wsgidav.dav_error import DAVError
from wsgidav.dav_provider import DAVCollection

from communicate.interfaces import IQuota
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_vdisk.content import Directory, Node
from communicate_vdisk.dav.answers import forbidden
from communicate_vdisk.dav.counting import count
from communicate_vdisk.dav.files import FileResource, NewFile
from communicate_vdisk.dav.things import Thing
from communicate_vdisk.permissions import ADD, OWN
from communicate_vdisk.placing import disk_above, some_of
from communicate_vdisk.sharing import sharers


class FolderResource(Thing, DAVCollection):
    """A folder at a path, or a member's own disk."""

    def __init__(self, path: str, environ: dict[str, Any], node: Directory) -> None:
        DAVCollection.__init__(self, path, environ)
        self.node: Directory = node

    # What it holds

    def nodes(self) -> list[Node]:
        """Return what the member may see of it."""
        disk = disk_above(self.node)
        found = (disk.node(number) for number in self.node.names.values())
        return [each for each in found if each is not None and permits(self.request, each, VIEW)]

    def some(self, after: int | None, most: int) -> tuple[list[Any], int | None]:
        """Return some of it, and where that goes on: see `communicate_vdisk.placing.some_of`."""
        nodes, last = some_of(self.node, after, most)
        return self._resources([e for e in nodes if permits(self.request, e, VIEW)]), last

    def get_member_names(self) -> list[str]:
        """Return the names of what the member may see of it."""
        return [self.service.name(each) for each in self.nodes()]

    def get_member_list(self) -> list[Any]:
        """Return what the member may see of it."""
        return self._resources(self.nodes())

    def _resources(self, nodes: list[Node]) -> list[Any]:
        """Return what stands for *nodes*; their names are opened together."""
        names = self.service.seals.texts([each.name for each in nodes])
        base = self.path.rstrip("/")
        return [
            self.provider.resource(each, f"{base}/{name}", self.environ)
            for each, name in zip(nodes, names, strict=True)
            if name
        ]

    # Room (RFC 4331)

    def get_used_bytes(self) -> str | None:
        """Return how much the owner stores; told to nobody else."""
        if not self.permits(OWN):
            return None
        return str(self.request.find_service(IQuota).used(self.node.owner))

    def get_available_bytes(self) -> str | None:
        """Return for how much there is room."""
        if not self.permits(OWN):
            return None
        left = self.request.find_service(IQuota).left(self.node.owner)
        return None if left is None else str(left)

    # What is made in it

    def create_empty_resource(self, name: str) -> Any:
        """Return a file that is there with its bytes, or, to be locked, without any."""
        self.need(ADD)
        path = f"{self.path.rstrip('/')}/{name}"
        if self.environ["REQUEST_METHOD"] == "PUT":
            return NewFile(path, self.environ, self.node)
        count(self.request, self.provider.exchange)
        with self.telling():
            made = self.service.add_file(self.node, name, BytesIO(), self.provider.uid)
        return FileResource(path, self.environ, made)

    def create_collection(self, name: str) -> None:
        """Make a folder in it."""
        self.need(ADD)
        count(self.request, self.provider.exchange)
        with self.telling():
            self.service.make_folder(self.node, name, self.provider.uid)


class Listing(DAVCollection):
    """A folder that nobody made, and nobody writes into: it holds what is to be seen."""

    def get_last_modified(self) -> None:
        """Return nothing: it has no date."""

    def prevent_locking(self) -> bool:
        """Say that it cannot be locked."""
        return True

    def get_property_value(self, name: str) -> Any:
        """Return a property that it has; raise 404 for any other."""
        if name in ("{DAV:}lockdiscovery", "{DAV:}supportedlock") or name[:6] != "{DAV:}":
            raise DAVError(dav_error.HTTP_NOT_FOUND)
        return super().get_property_value(name)

    def set_property_value(self, name: str, value: Any, *, dry_run: bool = False) -> Any:
        """Refuse."""
        forbidden()

    def handle_delete(self) -> bool:
        """Refuse."""
        forbidden()

    def handle_copy(self, dest_path: str, *, depth_infinity: bool) -> bool:
        """Refuse: what it holds can be copied."""
        forbidden()

    def handle_move(self, dest_path: str) -> bool:
        """Refuse."""
        forbidden()

    def get_member(self, name: str) -> Any:
        """Return what it holds under *name*."""
        return self.provider.get_resource_inst(f"{self.path.rstrip('/')}/{name}", self.environ)


class HomeResource(Listing):
    """``/``: the member's disk, and a folder for each who shares something."""

    def get_member_names(self) -> list[str]:
        """Return logins, the member's own first."""
        return [self.provider.login, *sharers(self.provider.request)]


class SharedResource(Listing):
    """What another member shares, by name, however deep it lies in their disk."""

    def __init__(self, path: str, environ: dict[str, Any], shared: dict[str, Node]) -> None:
        super().__init__(path, environ)
        self.shared = shared

    def get_member_names(self) -> list[str]:
        """Return the names of what is shared."""
        return list(self.shared)

    def get_member_list(self) -> list[Any]:
        """Return what is shared."""
        return [
            self.provider.resource(node, f"{self.path}/{name}", self.environ)
            for name, node in self.shared.items()
        ]

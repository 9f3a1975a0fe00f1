"""The disk as pyftpdlib asks for a file system: each question is a transaction of its own."""

import stat
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, TypeVar

from pyftpdlib.exceptions import FilesystemError
from pyftpdlib.filesystems import AbstractedFS
from pyramid.i18n import TranslationStringFactory

from communicate.accounts.limits import TooMany
from communicate.interfaces import ILimits, IQuota
from communicate.quota import QuotaExceeded
from communicate.security import permits
from communicate.storage.work import work
from communicate_vdisk.content import Directory, File, Node
from communicate_vdisk.errors import VIRUS, Refused
from communicate_vdisk.ftps import acts
from communicate_vdisk.ftps.acts import Failed
from communicate_vdisk.ftps.signing import NotIn
from communicate_vdisk.ftps.streams import Download, Upload
from communicate_vdisk.ftps.tree import Spot, Tree
from communicate_vdisk.locks.services import Locked
from communicate_vdisk.names import BadName, checked
from communicate_vdisk.permissions import ADD, CHANGE
from communicate_vdisk.placing import START
from communicate_vdisk.services import FILE
from communicate_vdisk.waiting import WAIT, waits

_ = TranslationStringFactory("communicate_vdisk")

Result = TypeVar("Result")
LISTED = 500  # names that are known at once
UPLOADS, CHANGES = "vdisk.uploads", "vdisk.changes"
CODES: tuple[tuple[type[Exception], int], ...] = (
    (QuotaExceeded, 552),
    (Locked, 450),
    (BadName, 553),
    (Refused, 550),
)
CANNOT = tuple(kind for kind, _code in CODES)
OFTEN = Failed(450, _("You have sent or changed very much within an hour: try again later."))
CHANGED = Failed(451, _("What this goes on from has changed meanwhile: send it whole."))
BROKEN = Failed(451, "This could not be done. Try again.")


class Names:
    """The names in a large folder: read as they are sent, in transactions of their own."""

    def __init__(self, fs: "DiskFS", path: str, first: list[str], after: int) -> None:
        self._fs, self._path, self._first, self._after = fs, path, first, after

    def sort(self) -> None:
        """Leave the order as it is: pyftpdlib asks for another, which would need all of them."""

    def __iter__(self) -> Iterator[str]:
        after: int | None = self._after
        yield from self._first
        while after is not None:
            found, after = self._fs.some(self._path, after)
            yield from found


class DiskFS(AbstractedFS):
    """The disk of a session's member; ``code`` is that of the reply to what failed last."""

    def __init__(self, root: str, cmd_channel: Any) -> None:
        super().__init__(root, cmd_channel)
        self.gateway, self.account = cmd_channel.gateway, cmd_channel.account
        self.registry = self.gateway.registry
        self.code = 0
        self._cwd = f"/{self.account.login}"
        self._known: dict[str, Any] = {}  # what a list that is being sent says

    def do(self, func: Callable[[Tree], Result]) -> Result:
        """Return what *func* does with the member's tree, committed; raise FilesystemError."""
        try:
            return work(self.registry, lambda request: self._told(request, func))
        except Failed as error:
            self.fail(error)
        except NotIn as error:
            self.fail(Failed(421, error))
        except Exception:
            self.gateway.log.exception("a command over FTPS failed")
            self.fail(BROKEN)
        raise AssertionError

    def _told(self, request: Any, func: Callable[[Tree], Result]) -> Result:
        """Return what *func* does; what cannot be done is said in the member's language."""
        self.account.enter(request)
        try:
            return func(Tree(request))
        except CANNOT as error:
            code = next(code for kind, code in CODES if isinstance(error, kind))
            failed = Failed(code, error.reason)  # type: ignore[attr-defined]
        except Failed as error:
            failed = error
        except TooMany:
            failed = OFTEN
        raise Failed(failed.code, request.page.say(failed.words))

    def fail(self, error: Failed) -> None:
        """Raise *error* as pyftpdlib knows one."""
        self.code = error.code
        raise FilesystemError(str(error.words).rstrip("."))

    def count(self, limit: str = UPLOADS) -> None:
        """Count one thing that comes in, or is changed; outside what is tried again."""
        uid = str(self.account.uid)
        self.do(lambda tree: tree.request.find_service(ILimits).hit(limit, uid))

    # Paths

    def ftp2fs(self, ftppath: str) -> str:
        """Return the path, absolute and without ``..``."""
        path: str = self.ftpnorm(ftppath)
        return path

    def fs2ftp(self, fspath: str) -> str:
        """Return the same path: there is no other."""
        return fspath

    def validpath(self, path: str) -> bool:
        """Tell that any path may be asked for: what it leads to is another matter."""
        return True

    def realpath(self, path: str) -> str:
        """Return the same path: there are no links."""
        return path

    # Looking

    def stat(self, path: str) -> Any:
        """Return what is known of *path*."""
        known = self._known.get(path)
        return known or self.do(lambda tree: status(tree, acts.found(tree, path)))

    lstat = stat

    def listdir(self, path: str) -> Any:
        """Return the names in the folder *path*, and know what a list says of them.

        Of a large folder they come a few hundred at a time, as they are sent.
        """
        found, after = self.some(path, START)
        return list(found) if after is None else Names(self, path, found, after)

    def some(self, path: str, after: int) -> tuple[list[str], int | None]:
        """Return some names in the folder *path*, known until the next; and where that goes on."""

        def look(tree: Tree) -> tuple[dict[str, Any], int | None]:
            spot = acts.found(tree, path)
            if not spot.is_folder:
                raise acts.NO_FOLDER
            listed, last = tree.listed(spot, after, LISTED)
            return {name: status(tree, Spot(node)) for name, node in listed.items()}, last

        found, last = self.do(look)
        base = path.rstrip("/")
        self._known = {f"{base}/{name}": each for name, each in found.items()}
        return list(found), last

    def forget(self) -> None:
        """Begin a command: what an earlier one knew is not asked any more."""
        self._known, self.code = {}, 0

    def chdir(self, path: str) -> None:
        """Go to the folder *path*."""
        if not stat.S_ISDIR(self.stat(path).st_mode):
            self.fail(acts.NO_FOLDER)
        self._cwd = path

    def isdir(self, path: str) -> bool:
        """Tell whether *path* is a folder."""
        return self._is(path, stat.S_ISDIR)

    def isfile(self, path: str) -> bool:
        """Tell whether *path* is a file."""
        return self._is(path, stat.S_ISREG)

    def lexists(self, path: str) -> bool:
        """Tell whether something is at *path*."""
        return self._is(path, lambda _mode: True)

    def islink(self, path: str) -> bool:
        """Tell that there are no links."""
        return False

    def _is(self, path: str, kind: Callable[[int], bool]) -> bool:
        try:
            return kind(self.stat(path).st_mode)
        except FilesystemError:
            return False

    def getsize(self, path: str) -> int:
        """Return the bytes of the file *path*."""
        size: int = self.stat(path).st_size
        return size

    def getmtime(self, path: str) -> float:
        """Return when *path* was changed, in seconds since 1970."""
        changed: float = self.stat(path).st_mtime
        return changed

    def get_user_by_uid(self, uid: int) -> str:
        """Return whose a thing is said to be in a list for people."""
        return "owner"

    def get_group_by_gid(self, gid: int) -> str:
        """Return the same."""
        return "group"

    # Changing

    def mkdir(self, path: str) -> None:
        """Make the folder *path*."""
        self.count()
        self.do(lambda tree: acts.make_folder(tree, path))

    def rmdir(self, path: str) -> None:
        """Throw the empty folder *path* away."""
        self.count(CHANGES)
        self.do(lambda tree: acts.throw(tree, path, is_folder=True))

    def remove(self, path: str) -> None:
        """Throw the file *path* away."""
        self.count(CHANGES)
        self.do(lambda tree: acts.throw(tree, path, is_folder=False))

    def rename(self, src: str, dst: str) -> None:
        """Let what is at *src* be at *dst*."""
        self.count(CHANGES)
        self.do(lambda tree: acts.rename(tree, src, dst))

    def utime(self, path: str, timeval: float) -> None:
        """Say that *path* was changed at *timeval*, seconds since 1970."""
        self.count(CHANGES)
        self.do(lambda tree: acts.date(tree, acts.thing(tree, path, CHANGE), int(timeval * 1000)))

    # Bytes

    def open(self, filename: str, mode: str) -> Any:
        """Return the file, to be read or written as *mode* says."""
        if "r" in mode and "+" not in mode:
            number, tag = self.do(lambda tree: readable(tree, filename))
            return Download(filename, self._opener(number, tag))
        return self._upload(filename, mode)

    def _opener(self, number: int, tag: str) -> Callable[[int], Any]:
        """Return what opens the bytes *tag* of the file *number* from a position on."""

        def opened(tree: Tree, position: int) -> Any:
            node = tree.service.find(number)
            if not isinstance(node, File) or node.blob is None or node.tag != tag or node.is_gone:
                raise acts.MISSING
            return tree.service.seals.open_range(node.blob, position)

        return lambda position: self.do(lambda tree: opened(tree, position))

    def _upload(self, path: str, mode: str) -> Upload:
        self.count()

        def begin(tree: Tree) -> tuple[Any, int | None, int, str]:
            folder, name, there = acts.target(tree, path)
            owner = int(folder.owner or 0)
            checked(name)
            left = tree.request.find_service(IQuota).left(owner)
            spool = tree.service.seals.spool(owner, FILE, tree.request.root_map._p_jar)
            known = (0, "") if there is None else (there.id, there.tag)
            return (spool, left, *known)

        spool, left, number, tag = self.do(begin)

        def put(tree: Tree, spool: Any) -> None:
            folder, name, there = acts.target(tree, path)
            if goes_on and (there is None or there.tag != tag):
                raise CHANGED
            if there is None:
                tree.service.add_file(folder, name, spool, tree.uid)
            else:
                tree.service.replace(there, spool, tree.uid)

        goes_on = bool(number) and mode != "wb"
        before = self._opener(number, tag) if goes_on else None
        upload = Upload(path, spool, left, lambda spool: self.do(lambda t: put(t, spool)), before)
        if mode == "ab" and goes_on:
            try:
                upload.seek(self.getsize(path))
            except BaseException:
                upload.close()
                raise
        return upload


def readable(tree: Tree, path: str) -> tuple[int, str]:
    """Return id and tag of the file at *path*; raise Failed where its bytes are not to be had."""
    node = acts.file(tree, path)
    if node.blob is None:
        raise Failed(550, VIRUS)
    if waits(tree.request, node):
        raise Failed(450, WAIT)
    return node.id, node.tag


def status(tree: Tree, spot: Spot) -> Any:
    """Return what a list says of *spot*, in the terms of ``os.stat``."""
    node = spot.node
    writes = node is not None and may_write(tree, node)
    mode = stat.S_IFDIR | 0o500 if spot.is_folder else stat.S_IFREG | 0o400
    seconds = 0.0 if node is None else (node.changed or node.created) / 1000
    return SimpleNamespace(
        st_mode=mode | (0o200 if writes else 0),
        st_nlink=1,
        st_uid=0,
        st_gid=0,
        st_dev=0,
        st_ino=0 if node is None else node.id,
        st_size=node.size if isinstance(node, File) else 0,
        st_mtime=seconds,
        st_ctime=seconds,
        st_atime=seconds,
    )


def may_write(tree: Tree, node: Node) -> bool:
    """Tell whether the member may write to *node*."""
    return bool(permits(tree.request, node, ADD if isinstance(node, Directory) else CHANGE))

"""What the disk holds of a member, and what erasing and moderating mean here."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HealthCheck, Moderable, Notification, Path, PersonalData
from communicate.interfaces import IAuthored, IMembers
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_vdisk import scanning
from communicate_vdisk.content import NAME, Disk, File, Node
from communicate_vdisk.copying.duties import COPIES, NOTICES, erase_copies, reserved
from communicate_vdisk.indexing import ADDED, FILE, FOLDER
from communicate_vdisk.interfaces import IDisk, ILinks, ITrash
from communicate_vdisk.links import KIND
from communicate_vdisk.locks.duties import PERSONAL_DATA as LOCKS
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.locks.services import HOLDER
from communicate_vdisk.services import disks_of
from communicate_vdisk.uploads.duties import UPLOADS, coming, erase_uploads

_ = TranslationStringFactory("communicate_vdisk")

CONTENT = "communicate_vdisk.content"
BATCH = 50  # things in one transaction
SHOWN = 4000  # bytes of a text that who judges a report reads


def kept_files(settings: Any) -> Any:
    """Return for how long files are kept."""
    return _(
        "Until you delete them for good, ${days} days after you threw them away, or until you "
        "erase your account.",
        mapping={"days": settings.get("vdisk.trash_days", 30)},
    )


def kept_versions(settings: Any) -> Any:
    """Return for how long former versions are kept."""
    return _(
        "${days} days after something else took their place, the last ${n} of a file at most; "
        "until you erase them, the file or your account.",
        mapping={
            "days": settings.get("vdisk.version_days", 90),
            "n": settings.get("vdisk.versions", 20),
        },
    )


PERSONAL_DATA = (
    PersonalData(
        kind=FILE,
        what=_("Your files with their names (sealed), sizes, types and dates"),
        why=_("You put them here, for yourself or for those you chose."),
        audience="private",
        retention=kept_files,
        stored=(f"{CONTENT}:File", f"{CONTENT}:Disks", f"{CONTENT}:Disk"),
    ),
    PersonalData(
        kind=FOLDER,
        what=_("Your folders with their names (sealed), and what lies in each"),
        why=_("So that you find your files."),
        audience="private",
        retention=kept_files,
        stored=(f"{CONTENT}:Directory", f"{CONTENT}:Disk", f"{CONTENT}:Disks"),
    ),
    PersonalData(
        kind="vdisk.looks",
        what=_("Small pictures, first pages and words made of your files (sealed)"),
        why=_("You see what a file is, and find it by what it says."),
        audience="private",
        retention=_("As long as the file holds what they were made of."),
        stored=(f"{CONTENT}:Looks", f"{CONTENT}:Page", f"{CONTENT}:File"),
    ),
    PersonalData(
        kind="vdisk.version",
        what=_("Former versions of your files"),
        why=_("You can go back to them."),
        audience="private",
        retention=kept_versions,
        stored=(f"{CONTENT}:Version", f"{CONTENT}:Disks"),
    ),
    UPLOADS,
    COPIES,
    PersonalData(
        kind=KIND,
        what=_("Your links: to what, until when, for how many downloads, and how many there were"),
        why=_("Whoever has a link sees what it leads to; you see and end your links."),
        audience="private",
        retention=_(
            "Until you end it, throw away what it leads to or let fewer people see that; until "
            "its day, or until you erase your account."
        ),
        stored=(f"{CONTENT}:Link", f"{CONTENT}:Links", f"{CONTENT}:File", f"{CONTENT}:Directory"),
    ),
    PersonalData(
        kind=ADDED,
        what=_("That you added or changed something on another member's disk"),
        why=_("Whose disk it is sees from whom it came."),
        audience="chosen",
        retention=_("As long as it lies there, or until you erase your account."),
        stored=(f"{CONTENT}:File", f"{CONTENT}:Directory"),
    ),
    PersonalData(
        kind=scanning.FINDING,
        what=_("What the search for viruses said of a file, and what it found (sealed)"),
        why=_("Others are kept from a virus, and you know why."),
        audience="private",
        retention=_("As long as the file or its version is kept."),
        stored=(f"{CONTENT}:File", f"{CONTENT}:Version"),
    ),
    PersonalData(
        kind="vdisk.reason",
        what=_("Why a moderator hid a folder or a file of yours"),
        why=_("So that you can read it."),
        audience="private",
        retention=_("Until it is shown again or deleted, or you erase your account."),
        stored=(f"{CONTENT}:File", f"{CONTENT}:Directory"),
    ),
    PersonalData(
        kind="vdisk.properties",
        what=_("What your programs keep with your folders and files over WebDAV (sealed)"),
        why=_("Your programs asked for that, and find it again."),
        audience="private",
        retention=kept_files,
        stored=(f"{CONTENT}:File", f"{CONTENT}:Directory"),
    ),
    LOCKS,
)


def erase(member: Any, receipt: Any) -> bool:
    """Destroy one batch of what the member has here; return True where there is more."""
    request, uid = member.request, member.uid
    if request.site.get(NAME) is None:
        return False
    ended = request.find_service(ILocks).forget(uid)
    if ended:
        receipt.erased(HOLDER, ended)
    acts = (erase_added, erase_links, erase_uploads, erase_copies)
    more = [act(request, uid, receipt) for act in acts]
    for kind in (FILE, FOLDER):
        numbers = request.find_service(IAuthored).items(uid, kind, most=BATCH)
        for number in numbers:
            erase_one(request, uid, kind, number)
        if numbers:
            receipt.erased(kind, len(numbers))
        more.append(bool(numbers))
        if numbers:  # folders are emptied before they go
            return True
    return any(more)


def erase_one(request: Any, uid: int, kind: str, number: int) -> None:
    """Destroy one folder, which may hold folders only, or one file; whatever is left of it."""
    node = request.find_service(IDisk).find(number)
    if node is not None and node.owner == uid:
        request.find_service(ITrash).remove(node)
    disks_of(request).owners.pop(number, None)
    request.find_service(IAuthored).remove(uid, kind, number)


def erase_added(request: Any, uid: int, receipt: Any) -> bool:
    """Let others' disks not say any more that the member added something; tell if more do."""
    numbers = request.find_service(IAuthored).items(uid, ADDED, most=BATCH)
    for number in numbers:
        node = request.find_service(IDisk).find(number)
        if node is not None and node.by == uid:
            node.by = None
        request.find_service(IAuthored).remove(uid, ADDED, number)
    if numbers:
        receipt.erased(ADDED, len(numbers))
    return bool(numbers)


def erase_links(request: Any, uid: int, receipt: Any) -> bool:
    """End a batch of the member's links; tell if there are more."""
    service, authored = request.find_service(ILinks), request.find_service(IAuthored)
    numbers = authored.items(uid, KIND, most=BATCH)
    for number in numbers:
        link = service.links.by_id.get(number)
        if link is not None:
            service.end(link)
        authored.remove(uid, KIND, number)
    if numbers:
        receipt.erased(KIND, len(numbers))
    return bool(numbers)


def storage_use(member: Any) -> int:
    """Return what the member's disk holds in bytes, with versions, trash and what comes in.

    What programs keep with things counts too.
    """
    known = member.request.find_service(IMembers).by_uid(member.uid, closed=True)
    disk = None if known is None else known.get(NAME)
    nodes: list[Node] = [disk, *disk.values()] if isinstance(disk, Disk) else []
    files: int = sum(node.taken for node in nodes if isinstance(node, File))
    return files + sum(node.kept for node in nodes) + coming(member) + reserved(member)


# Moderation


def finder(folder: bool) -> Any:
    """Return what finds a folder, or a file, by its id; not what its owner threw away."""

    def find(request: Any, number: int) -> Node | None:
        found: Node | None = request.find_service(IDisk).find(number)
        if found is None or found.is_folder != folder or found.is_gone:
            return None
        return found

    return find


def words_of(request: Any, node: Node) -> str:
    """Return the name of *node*, and the beginning of a text."""
    service = request.find_service(IDisk)
    name: str = service.name(node)
    if not isinstance(node, File) or not node.media.startswith("text/") or node.blob is None:
        return name
    text = b"".join(service.seals.open_range(node.blob, 0, SHOWN)).decode("utf-8", "replace")
    return f"{name}\n\n{text}"


def hide(request: Any, node: Node, reason: str) -> None:
    """Hide *node* from all but its owner, who reads the *reason*, and moderators."""
    request.find_service(ITrash).set_hidden(node, True, reason)


def restore(request: Any, node: Node) -> None:
    """Show what was hidden again."""
    request.find_service(ITrash).set_hidden(node, False)


def delete(request: Any, node: Node) -> None:
    """Destroy *node* with all it holds."""
    request.find_service(ITrash).destroy(node)


def forget(request: Any, node: Node, uid: int) -> None:
    """Destroy *node* for its owner, member *uid*."""
    if node.owner == uid:
        request.find_service(ITrash).destroy(node)


def reached(request: Any, node: Node) -> str | None:
    """Return the address at which the viewer sees *node* by a link, or None."""
    from communicate_vdisk.views.linked import reached  # pages import this package's plugin

    return reached(request, node)


MODERABLES = tuple(
    Moderable(
        *(kind, title, finder(folder), words_of, hide, delete),
        restore=restore,
        forget=forget,
        reached=reached,
    )
    for kind, title, folder in ((FILE, _("File"), False), (FOLDER, _("Folder"), True))
)
PATHS = (Path("disk/page", "read", lambda request, thing: bool(permits(request, thing, VIEW))),)

HEALTH = (HealthCheck("vdisk.clamav", _("Files are checked for viruses"), scanning.check),)

NOTIFICATIONS = (
    Notification(
        kind=scanning.FOUND,
        title=_("A virus was found in a file of yours"),
        sentence=_("A virus was found in a file of yours. Nobody can fetch it: throw it away."),
        several=_("A virus was found in ${n} files of yours. Nobody can fetch them."),
        icon="bug",
        mail="now",
    ),
    *NOTICES,
)

"""Accounts and their folders: found by id, by use, by name; made, renamed, moved, removed.

A folder's name is sealed; within one folder it is found by an HMAC of the holder's id and the
name in NFC under the owner's key.  The inbox is found as INBOX in any case (RFC 9051, 5.1).
"""

import unicodedata
from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate import clock
from communicate.interfaces import IMembers, ISeals
from communicate.storage.mounts import member_mount
from communicate_email.content import NAME, Account, Mailbox, Office
from communicate_email.errors import Refused

_ = TranslationStringFactory("communicate_email")

NAMED = "email.folder"  # as what names of folders are sealed
ROLES = {  # folders that everybody has, and the names that protocols know (RFC 6154)
    "inbox": "INBOX",
    "drafts": "Drafts",
    "sent": "Sent",
    "archive": "Archive",
    "junk": "Junk",
    "trash": "Trash",
}
DEEPEST, MOST = 20, 2000
LONGEST = 200  # octets of a name
SEPARATOR = "/"  # between the names of a path: no name holds it


def office_of(request: Any) -> Office | None:
    """Return the container of all mail, None on a site that has none."""
    found = request.site.get(NAME)
    return found if isinstance(found, Office) else None


def account_of(request: Any, uid: int) -> Account | None:
    """Return the mail of member *uid*, None while there is none."""
    office = office_of(request)
    found: Account | None = None if office is None else office.accounts.get(uid)
    return found


def opened_account(request: Any, uid: int) -> Account | None:
    """Return the mail of member *uid*, made with its folders; None without such a member."""
    found = account_of(request, uid)
    if found is not None:
        return found
    office, member = office_of(request), request.find_service(IMembers).by_uid(uid)
    if office is None or member is None:
        return None
    made: Account = member_mount(request, member, NAME)
    office.accounts[uid] = made
    boxes = Boxes(request, made)
    for role, name in ROLES.items():
        boxes.make(name, role=role)
    return made


class Boxes:
    """The folders of one *account*."""

    def __init__(self, request: Any, account: Account) -> None:
        self.request = request
        self.account = account
        self.seals: Any = request.find_service(ISeals)

    @property
    def uid(self) -> int:
        """The member whose they are."""
        return int(self.account.owner or 0)

    # Finding

    def name(self, box: Mailbox) -> str:
        """Return the name of *box*, empty where its key is gone."""
        return self.seals.text(box.name) or ""

    def path(self, box: Mailbox) -> str:
        """Return the names of the folders that hold *box*, and its own."""
        names = [self.name(each) for each in self.lineage(box)]
        return SEPARATOR.join(reversed(names))

    def lineage(self, box: Mailbox) -> Iterator[Mailbox]:
        """Yield *box*, the folder that holds it, and so on."""
        here: Mailbox | None = box
        while here is not None:
            yield here
            here = self.account.boxes.get(here.parent)

    def find(self, name: str, parent: int = 0) -> Mailbox | None:
        """Return the folder *name* in the folder with the id *parent* (0: on top), or None."""
        number = self.account.names.get(self._key(normal(name, parent), parent))
        found: Mailbox | None = None if number is None else self.account.boxes.get(number)
        return found

    def at(self, path: str) -> Mailbox | None:
        """Return the folder at *path*, or None."""
        found, parent = None, 0
        for name in path.split(SEPARATOR)[:DEEPEST]:
            found = self.find(name, parent)
            if found is None:
                return None
            parent = found.id
        return found

    def children(self) -> dict[int, list[Mailbox]]:
        """Return the folders that each folder holds, by its id, 0 for those on top."""
        found: dict[int, list[Mailbox]] = {}
        for box in self.account.boxes.values():
            found.setdefault(box.parent, []).append(box)
        return found

    # Changing

    def make(self, name: str, parent: int = 0, *, role: str = "") -> Mailbox:
        """Make a folder in the one with the id *parent* (0: on top); raise Refused."""
        name = self._free(name, parent)
        if len(self.account.boxes) >= MOST:
            raise Refused(_("You have as many folders as there may be. Delete one first."))
        box = Mailbox(
            self.uid, self.seals.seal(self.uid, NAMED, name), parent, role, self._validity()
        )
        box.__parent__ = self.account
        self.account.boxes[box.id] = box
        self.account.names[self._key(name, parent)] = box.id
        if role:
            self.account.roles = {**self.account.roles, role: box.id}
        return box

    def make_path(self, path: str) -> Mailbox:
        """Return the folder at *path*, made with those above it where there is none."""
        found, parent = None, 0
        for name in path.split(SEPARATOR):
            found = self.find(name, parent) or self.make(name, parent)
            parent = found.id
        if found is None:
            raise Refused(_("Write a name for the folder."))
        return found

    def rename(self, box: Mailbox, name: str, parent: int) -> None:
        """Give *box* another name, or move it into the folder with the id *parent*."""
        if box.role:
            raise Refused(_("This folder is needed: it keeps its name and its place."))
        holder = self.account.boxes.get(parent)
        if holder is not None and box in self.lineage(holder):
            raise Refused(_("A folder cannot lie in itself. Choose another one."))
        below = 1 + max((len(list(self.lineage(one))) for one in self.below(box)), default=0)
        old = self._key(self.name(box), box.parent)
        if self.find(name, parent) is not box:
            name = self._free(name, parent, deep=max(below - len(list(self.lineage(box))), 1))
        del self.account.names[old]
        name = normal(name, parent)
        self.account.names[self._key(name, parent)] = box.id
        box.name, box.parent = self.seals.seal(self.uid, NAMED, name), parent

    def below(self, box: Mailbox) -> list[Mailbox]:
        """Return the folders in *box*, and in those."""
        children, found, todo = self.children(), [], [box.id]
        while todo:
            inner = children.get(todo.pop(), [])
            found += inner
            todo += [one.id for one in inner]
        return found

    def check_removable(self, box: Mailbox) -> None:
        """Raise Refused where *box* is needed, or holds folders."""
        if box.role:
            raise Refused(_("This folder is needed: it cannot be deleted."))
        if self.children().get(box.id):
            raise Refused(_("This folder holds others. Delete or move those first."))

    def remove(self, box: Mailbox) -> None:
        """Take *box*, which is empty, away; raise Refused where it is needed or holds folders."""
        self.check_removable(box)
        del self.account.names[self._key(self.name(box), box.parent)]
        del self.account.boxes[box.id]
        box.modseq += 1  # who puts something in meanwhile is refused, and who waits for news hears

    def _free(self, name: str, parent: int, *, deep: int = 1) -> str:
        """Return *name* in the form in which it is kept; raise Refused where it cannot be."""
        name = normal(name, parent)
        if not name or len(name.encode()) > LONGEST:
            raise Refused(_("Write a name for the folder, of at most 200 letters."))
        if SEPARATOR in name or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
            raise Refused(_("A folder's name holds neither “/” nor signs that cannot be seen."))
        if self.find(name, parent) is not None:
            raise Refused(_("There is a folder of that name. Choose another one."))
        holder = self.account.boxes.get(parent)
        if parent and holder is None:
            raise Refused(_("That folder is not there any more."))
        if holder is not None and len(list(self.lineage(holder))) + deep > DEEPEST:
            raise Refused(_("Folders lie in each other too deeply here. Choose another one."))
        return name

    def _key(self, name: str, parent: int) -> int:
        data = parent.to_bytes(8, "big") + name.encode("utf-8", "surrogatepass")
        return hashed(self.seals, self.uid, NAMED, data)

    def validity(self, box: Mailbox) -> int:
        """Return the UIDVALIDITY of *box*: another one once the site was restored from a backup.

        Uids that were given out after that backup are given again to other messages.
        """
        return max(box.validity, self._restored())

    def _restored(self) -> int:
        office = office_of(self.request)
        return 0 if office is None else office.restored

    def _validity(self) -> int:
        """Return a UIDVALIDITY that no folder of the account ever had."""
        seconds = int(clock.now(self.request).timestamp())
        self.account.validity = max(self.account.validity, self._restored(), seconds - 1) + 1
        return self.account.validity


def normal(name: str, parent: int = 0) -> str:
    """Return *name* as folders are found by it."""
    name = unicodedata.normalize("NFC", name.strip())
    return "INBOX" if not parent and name.upper() == "INBOX" else name


def hashed(seals: Any, uid: int, label: str, data: bytes) -> int:
    """Return 63 bits of the HMAC of *data* under the key of member *uid*."""
    digest: bytes = seals.member_hmac(uid, label, data)
    return int.from_bytes(digest[:8], "big") >> 1

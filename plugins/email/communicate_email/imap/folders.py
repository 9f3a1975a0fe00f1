"""Folders as programs see them: listed, counted, made, renamed, removed (RFC 9051, 6.3).

Each function is called for a request, in one transaction.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from communicate_email.content import Mailbox
from communicate_email.errors import Refused
from communicate_email.imap.answers import NONE_SUCH, TOO_LONG, No, refused
from communicate_email.imap.wire import names, writing
from communicate_email.imap.wire.listing import List
from communicate_email.interfaces import IMailStore
from communicate_email.signing import entered
from communicate_email.store import rows as rowing
from communicate_email.store.boxes import SEPARATOR, Boxes

USES = {
    "archive": "\\Archive",
    "drafts": "\\Drafts",
    "junk": "\\Junk",
    "sent": "\\Sent",
    "trash": "\\Trash",
}
SECONDS = 10.0  # that listing may take
INFO = b' ("CHILDINFO" ("SUBSCRIBED"))'


class Folder(NamedTuple):
    """A folder that is listed; *box* is None of one that only holds others."""

    path: str
    box: Mailbox
    children: bool


class Folders:
    """The folders of the member *uid*, for one request; *utf8* is how names are written.

    Raise `communicate_email.signing.Closed` where that member is let in no more.
    """

    def __init__(self, request: Any, uid: int, *, utf8: bool = False) -> None:
        store = request.find_service(IMailStore)
        self.store = store
        self.account = entered(request, uid)
        self.boxes: Boxes = store.boxes(self.account)
        self.utf8 = utf8

    def at(self, path: str, absent: Callable[[], No] = NONE_SUCH) -> Mailbox:
        """Return the folder at *path*; raise No."""
        found = self.boxes.at(path)
        if found is None:
            raise absent()
        return found

    def by_id(self, number: int) -> Mailbox | None:
        """Return the folder with that id, None where it was removed."""
        found: Mailbox | None = self.account.boxes.get(number)
        return found

    def name(self, path: str) -> bytes:
        """Return *path* as it is written."""
        return writing.mailbox(names.encoded(path, utf8=self.utf8), utf8=self.utf8)

    # Listing

    def all(self) -> Iterator[Folder]:
        """Yield every folder, those that it holds after each, by name; the inbox first."""
        children = self.boxes.children()
        todo = [("", box) for box in self._in_order(children.get(0, []))]
        while todo:
            above, box = todo.pop(0)
            path = f"{above}{self.boxes.name(box)}"
            inner = self._in_order(children.get(box.id, []))
            yield Folder(path, box, bool(inner))
            todo[:0] = [(f"{path}{SEPARATOR}", one) for one in inner]

    def _in_order(self, boxes: Iterable[Mailbox]) -> list[Mailbox]:
        return sorted(boxes, key=lambda box: (box.role != "inbox", self.boxes.name(box)))

    def listed(self, wanted: List, word: bytes = b"LIST") -> bytes:
        """Return the answers to ``LIST``, or to ``LSUB`` where that is the *word*.

        Raise No where it takes too long.
        """
        if wanted.root:
            return b'* %b (\\Noselect) "/" ""\r\n' % word
        folders = list(self.all())
        holds = word == b"LSUB" or "RECURSIVEMATCH" in wanted.selects
        inner = _holders(wanted, folders) if holds else frozenset()
        told = []
        until = time.monotonic() + SECONDS
        for folder in folders:
            if time.monotonic() > until:
                raise TOO_LONG()
            matching = [one for one in wanted.patterns if one.matches(folder.path)]
            fits = bool(matching) and _selected(wanted, folder)
            if word == b"LSUB" and not fits:  # RFC 3501, 6.3.9
                if folder.path in inner and any(one.text.endswith("%") for one in matching):
                    told.append(b'* LSUB (\\Noselect) "/" %b\r\n' % self.name(folder.path))
            elif fits or (matching and folder.path in inner):
                info = folder.path in inner and word == b"LIST"
                told.append(self._line(word, folder, wanted, INFO if info else b""))
            if wanted.status and fits:
                told.append(self.status(folder.path, folder.box, wanted.status))
        return b"".join(told)

    def _line(self, word: bytes, folder: Folder, wanted: List, info: bytes) -> bytes:
        flags = ["\\HasChildren" if folder.children else "\\HasNoChildren"]
        if word == b"LIST" and folder.box.subscribed and _tells_subscribed(wanted):
            flags.append("\\Subscribed")
        if word == b"LIST" and folder.box.role in USES:
            flags.append(USES[folder.box.role])
        listed = " ".join(flags).encode("ascii")
        return b'* %b (%b) "/" %b%b\r\n' % (word, listed, self.name(folder.path), info)

    def status(self, path: str, box: Mailbox, items: Iterable[str]) -> bytes:
        """Return what ``STATUS`` tells of *box*."""
        told = [item.encode() + b" " + _STATUS[item](self, box) for item in items]
        return b"* STATUS %b (%b)\r\n" % (self.name(path), b" ".join(told))

    # Changing

    def create(self, path: str) -> Mailbox:
        """Make the folder at *path*, and those above it; raise No."""
        path = path.removesuffix(SEPARATOR)
        if self.boxes.at(path) is not None:
            raise No("There is a folder of that name", "ALREADYEXISTS")
        try:
            return self.boxes.make_path(path)
        except Refused as error:
            raise refused(error) from None

    def delete(self, path: str) -> None:
        """Remove the folder at *path* with its messages; raise No."""
        box = self.at(path)
        if self.boxes.children().get(box.id):
            raise No("The folder holds others: delete those first", "HASCHILDREN")
        try:
            self.store.remove_box(box)
        except Refused as error:
            raise refused(error) from None

    def rename(self, old: str, new: str) -> None:
        """Give the folder at *old* the path *new*; raise No.

        The inbox stays: its messages go into a folder of the new name (RFC 9051, 6.3.6).
        """
        box = self.at(old)
        if self.boxes.at(new) is not None:
            raise No("There is a folder of that name", "ALREADYEXISTS")
        above, separator, name = new.rpartition(SEPARATOR)
        try:
            if box.role == "inbox":
                target = self.boxes.make_path(new)
                self.store.move(box, [row.uid for row in rowing.every(box)], target)
                return
            parent = self.boxes.make_path(above).id if separator else 0
            self.boxes.rename(box, name, parent)
        except Refused as error:
            raise refused(error) from None

    def subscribe(self, path: str, *, subscribed: bool) -> None:
        """Have the folder at *path* in the list of those a program looks into, or not; raise No.

        One that is there no more is not in it: programs say so after they removed or renamed it.
        """
        box = self.at(path) if subscribed else self.boxes.at(path)
        if box is not None and box.subscribed != subscribed:
            box.subscribed = subscribed


def _selected(wanted: List, folder: Folder) -> bool:
    if "SUBSCRIBED" in wanted.selects and not folder.box.subscribed:
        return False
    return not ("SPECIAL-USE" in wanted.selects and folder.box.role not in USES)


def _tells_subscribed(wanted: List) -> bool:
    return "SUBSCRIBED" in wanted.returns | wanted.selects


def _holders(wanted: List, folders: Iterable[Folder]) -> frozenset[str]:
    """Return the paths of *folders* that hold, at any depth, one that is selected."""
    found: set[str] = set()
    for folder in folders:
        if _selected(wanted, folder):
            names_ = folder.path.split(SEPARATOR)
            found.update(SEPARATOR.join(names_[:at]) for at in range(1, len(names_)))
    return frozenset(found)


def _deleted(box: Mailbox) -> list[int]:
    """Return the size of each message that is marked to be destroyed."""
    return [row.size for row in rowing.every(box) if row.flags & rowing.DELETED]


def _limit(folders: Folders, _box: Mailbox) -> bytes:
    request: Any = folders.boxes.request
    return b"%d" % request.registry.settings["email.message_size"]


_STATUS: Mapping[str, Callable[[Folders, Mailbox], bytes]] = {
    "MESSAGES": lambda _folders, box: b"%d" % box.count,
    "RECENT": lambda _folders, _box: b"0",
    "UIDNEXT": lambda _folders, box: b"%d" % box.uid_next,
    "UIDVALIDITY": lambda folders, box: b"%d" % folders.boxes.validity(box),
    "UNSEEN": lambda _folders, box: b"%d" % box.unseen,
    "DELETED": lambda _folders, box: b"%d" % len(_deleted(box)),
    "DELETED-STORAGE": lambda _folders, box: b"%d" % sum(_deleted(box)),
    "SIZE": lambda _folders, box: b"%d" % box.size,
    "HIGHESTMODSEQ": lambda _folders, box: b"%d" % box.modseq,
    "MAILBOXID": lambda _folders, box: b"(F%x)" % box.id,
    "APPENDLIMIT": _limit,
}

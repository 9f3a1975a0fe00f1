"""What e-mail writes into a member's archive, and how it is restored.

Each folder is an mbox that any mail program reads; a record beside it has, in the same order, what
an mbox cannot say: flags, labels, when each message came.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import date
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, moment
from communicate.sealing import Destroyed
from communicate_email import identities
from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.filters.limits import MAX_DAYS, MIN_DAYS
from communicate_email.interfaces import IAddresses, IMailStore
from communicate_email.store import filing
from communicate_email.store import rows as rowing
from communicate_email.store.away import Absence, Away
from communicate_email.store.boxes import LONGEST, ROLES, SEPARATOR
from communicate_email.store.carrying import Carrying
from communicate_email.store.filing import Entry
from communicate_email.store.keeping import Keeper
from communicate_email.store.labels import COLOURS, Labels
from communicate_email.store.labels import LONGEST as LONGEST_LABEL
from communicate_email.store.services import with_crlf

_ = TranslationStringFactory("communicate_email")

MOST, LARGEST = 2_000_000, 256 * 2**20  # messages; bytes of one
LONGEST_SCRIPT = 1_000_000  # characters
LONGEST_TEXT = 20_000  # of an away answer
BATCH = 200  # messages between two savepoints
FIELDS = {
    "folder": _("Folder"),
    "subject": _("Subject"),
    "came": _("Date"),
    "bytes": _("Size"),
    "flags": _("Marks"),
    "mail": _("File"),
}


def export(member: Any, archive: Any) -> None:
    """Write the folders, labels, messages and further addresses of *member*."""
    request, uid = member.request, member.uid
    store = request.find_service(IMailStore)
    account = store.account(uid)
    boxes = [] if account is None else in_order(store.boxes(account))
    archive.records(
        "folder",
        (_folder(box, path) for box, path in boxes),
        title=_("Folders of mail"),
        fields={"path": _("Name")},
    )
    archive.records(
        "label",
        [] if account is None else _labels(store.labels(account)),
        title=_("Labels"),
        fields={"shown": _("Name"), "colour": _("Colour"), "name": _("For programs")},
    )
    archive.records(
        "look",
        [] if account is None else [{"together": account.together}],
        title=_("How lists of mail look"),
        fields={"together": _("Conversations")},
    )
    script = "" if account is None else store.filters(account).script()
    archive.records(
        "filters",
        [{"script": script}] if script else [],
        title=_("Filters"),
        fields={"script": _("Script")},
    )
    identities.export(request, account, archive)
    archive.records(
        "pictures",
        []
        if account is None
        else [{"sender": sender} for sender in store.pictures(account).senders()],
        title=_("Senders whose pictures are loaded unasked"),
        fields={"sender": _("Sender")},
    )
    archive.records(
        "away", _away(request, account), title=_("Away answer"), fields={"text": _("Text")}
    )
    archive.records(
        "carried",
        _carried(request, account),
        restored=False,
        title=_("Files of mail that you brought or took home"),
        fields={"began": _("Begun"), "ended": _("Ended"), "state": _("State")},
    )
    archive.records(
        "message", _messages(store, account, boxes, archive), title=_("Messages"), fields=FIELDS
    )
    archive.records(
        "address",
        _aliases(request, uid),
        restored=False,
        title=_("Your further addresses"),
        fields={"name": _("Name"), "note": _("Note"), "came": _("Messages that came")},
    )


def _carried(request: Any, account: Account | None) -> Iterator[dict[str, Any]]:
    for one in [] if account is None else Carrying(request, account).all():
        yield {
            "began": moment(one.began),
            "ended": moment(one.ended) if one.ended else None,
            "state": one.state,
            "out": one.goes_out,
        }


def _away(request: Any, account: Account | None) -> list[dict[str, Any]]:
    found = None if account is None else Absence(request, account).read()
    return [] if found is None else [asdict(found)]


def in_order(boxes: Any) -> list[tuple[Mailbox, str]]:
    """Return the folders with their paths, each after the one that holds it."""
    return sorted(((box, boxes.path(box)) for box in boxes.account.boxes.values()), key=_by_path)


def _by_path(pair: tuple[Mailbox, str]) -> list[str]:
    return pair[1].split(SEPARATOR)


def _folder(box: Mailbox, path: str) -> dict[str, Any]:
    return {"path": path, "use": box.role, "subscribed": box.subscribed}


def _labels(labels: Labels) -> Iterator[dict[str, Any]]:
    for keyword in filter(None, labels.flags.own):
        name, colour = labels.chosen(keyword)
        yield {"name": keyword, "shown": name, "colour": colour}


def _aliases(request: Any, uid: int) -> Iterator[dict[str, Any]]:
    addresses = request.find_service(IAddresses)
    for alias, name in addresses.aliases(uid):
        yield {
            "name": name,
            "closed": alias.closed,
            "made": moment(alias.id >> 21),
            "disposable": alias.disposable,
            "note": addresses.note(alias),
            "until": moment(alias.expires) if alias.expires else None,
            "came": alias.came,
        }


def _messages(
    store: Any, account: Account | None, boxes: list[tuple[Mailbox, str]], archive: Any
) -> Iterator[dict[str, Any]]:
    """Write the mbox of each folder; yield the records of what is in it."""
    if account is None:
        return
    reading, flags = store.reading(account), store.flags(account)
    numbers: dict[int, int] = {}  # what lies in several folders has one number
    for box, path in boxes:
        if not box.count:
            continue
        rows = list(rowing.every(box))
        name = archive.mbox(path, _letters(reading, rows))
        for start in range(0, len(rows), BATCH):
            for one in reading.listed(box, [row.uid for row in rows[start : start + BATCH]]):
                yield {
                    "number": numbers.setdefault(one.row.id, len(numbers) + 1),
                    "folder": path,
                    "subject": one.head.subject,
                    "came": moment(one.row.date),
                    "bytes": one.row.size,
                    "flags": flags.names(one.row.flags),
                    "mail": name,
                }


def _letters(reading: Any, rows: list[rowing.Row]) -> Iterator[tuple[str, Any, Iterator[bytes]]]:
    for row in rows:
        try:
            pieces = reading.pieces(row.id)
        except (Destroyed, KeyError):
            pieces = iter(())
        yield "", moment(row.date), pieces


def bring_back(member: Any, archive: Any) -> None:
    """Restore the folders, labels and messages of *member*."""
    request = member.request
    store = request.find_service(IMailStore)
    account = store.opened(member.uid)
    paths = {}
    for row in archive.records("folder"):
        path = archive.text(row.get("path"), LONGEST * 20)
        paths[path] = _made(store.boxes(account), account, path, archive, row)
    try:
        for row in archive.records("label"):
            _label(store.labels(account), row, archive)
        for row in archive.records("look"):
            account.together = archive.one_of(row.get("together"), (True, False))
        for row in archive.records("pictures"):
            store.pictures(account).allow(archive.text(row.get("sender"), 320))
        for row in archive.records("filters"):
            store.filters(account).set_script(_script(row))
        for row in archive.records("away"):
            Absence(request, account).write(_away_in(archive, row))
        identities.bring_back(request, account, archive)
        Restorer(request, account, paths, store.flags(account), archive).messages()
    except Refused as error:
        raise ValueError(str(error.reason)) from error


def _label(labels: Labels, row: Any, archive: Any) -> None:
    name = archive.text(row.get("shown", ""), LONGEST_LABEL)
    colour = archive.one_of(row.get("colour", ""), ("", *COLOURS))
    labels.bring_back(archive.text(row.get("name"), 64), name, colour)


def _script(row: Any) -> str:
    script = row.get("script")
    if not isinstance(script, str) or len(script) > LONGEST_SCRIPT:
        raise ValueError("The filters in the archive are too long.")
    return script


def _away_in(archive: Any, row: Any) -> Away:
    """Return the answer of *row*; raise ValueError for what no page would have taken."""
    days = [archive.text(row.get(name), 10) for name in ("begin", "end")]
    for day in filter(None, days):
        date.fromisoformat(day)
    return Away(
        text=archive.text(row.get("text"), LONGEST_TEXT),
        subject=archive.text(row.get("subject"), LONGEST_TEXT),
        begin=days[0],
        end=days[1],
        days=archive.one_of(row.get("days"), range(MIN_DAYS, MAX_DAYS + 1)),
        contacts=archive.one_of(row.get("contacts"), (True, False)),
        on=archive.one_of(row.get("on"), (True, False)),
    )


def _made(boxes: Any, account: Account, path: str, archive: Any, row: Any) -> Mailbox:
    role = archive.one_of(row.get("use"), ("", *ROLES))
    try:
        box: Mailbox = account.box(role) if role else boxes.make_path(path)
    except Refused as error:
        raise ValueError(str(error.reason)) from error
    box.subscribed = archive.one_of(row.get("subscribed"), (True, False))
    return box


class Restorer:
    """What puts the messages of an *archive* into an *account*."""

    def __init__(
        self, request: Any, account: Account, paths: dict[str, Mailbox], flags: Any, archive: Any
    ) -> None:
        self.request, self.account, self.paths = request, account, paths
        self.flags, self.archive = flags, archive
        self.keeper = Keeper(request, account)
        self.kept: dict[int, Entry] = {}  # by the number that the archive has
        self.waiting: list[Entry] = []
        self.box: Mailbox | None = None
        self.name = ""
        self.mails: Any = None  # the messages of the mbox of that name

    def messages(self) -> None:
        """Put each message into its folder; what lies in several is kept once."""
        try:
            with closing(self.archive.records("message", most=MOST)) as rows:
                self.each(rows)
        finally:
            self.close()
        self.file()

    def each(self, rows: Iterator[Any]) -> None:
        """Put the messages of *rows* into their folders; some may wait."""
        for row in rows:
            box = self.paths.get(self.archive.text(row.get("folder"), LONGEST * 20))
            if box is None:
                raise ValueError("A message in the archive lies in no folder.")
            if box is not self.box or len(self.waiting) >= BATCH:
                self.file()
            self.box = box
            self.waiting.append(self.entry(row, self.raw(row)))

    def close(self) -> None:
        """Read no more of an mbox."""
        if self.mails is not None:
            self.mails.close()

    def raw(self, row: Any) -> bytes:
        """Return the next message of the mbox that *row* names."""
        name = self.archive.text(row.get("mail"), 2000)
        if name != self.name:
            self.close()
            self.name, self.mails = name, self.archive.mail(name, LARGEST)
        found = next(self.mails, None)
        if found is None:
            raise ValueError("A file of mail in the archive has fewer messages than it should.")
        return with_crlf(found)

    def entry(self, row: Any, raw: bytes) -> Entry:
        """Keep *raw* as *row* says, or find it where it was kept before."""
        said = row.get("flags")
        if not isinstance(said, list):
            raise ValueError("A message in the archive has no list of flags.")
        names = [self.archive.text(name, 64) for name in said]
        flags = self.flags.bits(names)
        number = row.get("number")
        if not isinstance(number, int):
            raise ValueError("A message in the archive has no number.")
        date = milliseconds(self.archive.moment(row.get("came")))
        known = self.kept.get(number)
        if known is None:
            known = self.kept[number] = self.keeper.keep(raw, flags, date)
        attached = known.flags & rowing.ATTACHED
        return known._replace(flags=flags | attached, date=date)

    def file(self) -> None:
        """Put what waits into its folder, and let memory go."""
        if self.box is not None and self.waiting:
            filing.put_in(self.account, self.box, self.waiting, self.keeper.now)
            self.request.tm.savepoint(optimistic=True)
        self.waiting = []

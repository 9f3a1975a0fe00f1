"""Filters run for messages that are here already: tried, which changes nothing, or applied.

What a filter would destroy unseen as it comes in is put into the trash when it is here already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from communicate.interfaces import IMembers, INotifications, IOutbox
from communicate_email import filters, mime
from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.filters import Deed, Rule
from communicate_email.filters.rules import FLAGS
from communicate_email.interfaces import IMailStore
from communicate_email.store import rows as rowing
from communicate_email.store.reading import Listed
from communicate_email.store.rows import Row

APPLY, APPLIED = "email.apply-filter", "email.filter-applied"
BATCH = 100  # messages of one transaction
LOOKED = 256 * 1024  # bytes of a message that a filter sees of it here
TRIED = 50


@dataclass
class Stored(filters.Facts):
    """What is asked about a message that lies in a mailbox: *length* is that of all of it."""

    length: int = 0

    @property
    def size(self) -> int:
        """Octets of the message."""
        return self.length


class Trial:
    """One *rule* and the messages of an *account*."""

    def __init__(self, request: Any, account: Account, rule: Rule) -> None:
        self.request, self.account = request, account
        self.store: Any = request.find_service(IMailStore)
        self.reading = self.store.reading(account)
        asked = replace(rule, enabled=True, deeds=(Deed("flag"),))
        self.script = filters.compiled(filters.script_of([asked]))

    def matching(self, box: Mailbox, most: int = TRIED) -> tuple[list[Listed], int]:
        """Return those of the last *most* messages of *box* that match; how many there were."""
        found = self.reading.page(box, most=most)
        return [one for one in found if self.meets(one.row)], len(found)

    def meets(self, row: Row) -> bool:
        """Tell whether the message of *row* is one for the rule."""
        raw = b"".join(self.reading.pieces(row.id, 0, min(row.size, LOOKED)))
        message = mime.read(raw)
        facts = Stored(message, _bare(message, b"return-path"), _bare(message, b"delivered-to"))
        facts.length = row.size
        return any(one.flags for one in filters.run(self.script, facts).files)


def _bare(message: mime.Part, name: bytes) -> str:
    """Return the address that stands in the field *name*, put on top at delivery."""
    said = (message.fields.first(name) or b"").strip().strip(b"<>")
    return said.decode("utf-8", "replace")


# Applied to what is here


def begin(request: Any, account: Account, rule: Rule, box: Mailbox) -> None:
    """Have a job do with the messages of *box* what *rule* says, and tell its member then."""
    uid = int(account.owner or 0)
    payload = {
        "uid": uid,
        "box": box.id,
        "after": 0,
        "last": box.uid_next - 1,
        "script": filters.script_of([replace(rule, enabled=True)]),
    }
    request.find_service(IOutbox).add(APPLY, payload, owner=uid)


def apply_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Go on with a batch of messages, and have another job go on after it: handler of APPLY."""
    store = request.find_service(IMailStore)
    account = store.account(payload["uid"])
    box = None if account is None else account.boxes.get(payload["box"])
    rules = filters.rules_in(payload["script"])
    if account is None or box is None or not rules:
        return
    rows = _next(box, payload["after"] + 1, payload["last"])
    trial = Trial(request, account, rules[0])
    Deeds(trial, box, rules[0]).do([row for row in rows if trial.meets(row)])
    if len(rows) == BATCH:
        following = {**payload, "after": rows[-1].uid}
        request.find_service(IOutbox).add(APPLY, following, owner=payload["uid"])
    else:
        path = f"{_base(request, payload['uid'])}/filters"
        request.find_service(INotifications).send(APPLIED, payload["uid"], path=path)


def _base(request: Any, uid: int) -> str:
    return f"/members/{request.find_service(IMembers).login_of(uid)}/mail"


def _next(box: Mailbox, first: int, last: int) -> list[Row]:
    found: list[Row] = []
    for row in rowing.every(box, first, last) if first <= last else ():
        found.append(row)
        if len(found) == BATCH:
            break
    return found


class Deeds:
    """What the *rule* of a trial does with messages of *box*."""

    def __init__(self, trial: Trial, box: Mailbox, rule: Rule) -> None:
        self.trial, self.box, self.rule = trial, box, rule
        self.store, self.account = trial.store, trial.account

    def do(self, rows: Iterable[Row]) -> None:
        """Mark, copy and move the messages of *rows*."""
        uids = [row.uid for row in rows]
        if not uids:
            return
        bits = self._bits()
        if bits:
            self.store.flag(self.box, uids, bits)
        copies, target = self._places()
        for each in copies:
            self.store.copy(self.box, uids, each)
        if target is not None and target is not self.box:
            self.store.move(self.box, uids, target)

    def _bits(self) -> int:
        names = [FLAGS.get(deed.kind, deed.value) for deed in self.rule.deeds
                 if deed.kind in ("flag", "read", "label")]  # fmt: skip
        flags, bits = self.store.flags(self.account), 0
        for name in names:
            try:
                bits |= flags.bits([name])
            except Refused:
                continue
        return bits

    def _places(self) -> tuple[list[Mailbox], Mailbox | None]:
        """Return where copies go, and where the messages go in the end, None: nowhere else."""
        boxes, copies = self.store.boxes(self.account), []
        target: Mailbox | None = None
        for deed in self.rule.deeds:
            if deed.kind == "discard":
                target = self.account.box("trash")
            found = boxes.at(deed.value) if deed.kind in ("move", "copy") else None
            if found is None or found is self.box:
                continue
            if deed.kind == "move":
                target = found
            else:
                copies.append(found)
        return copies, target

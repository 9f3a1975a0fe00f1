"""A member's filters at delivery: where a letter lies, marked how, and whether it is answered.

The script is sealed; who was answered when is remembered by an HMAC, for as long as nobody is
answered again.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from BTrees.LLBTree import LLBTree

from communicate import clock
from communicate.accounts.limits import TooMany
from communicate.interfaces import IOutbox, ISeals
from communicate.quota import QuotaExceeded
from communicate_email import filters, mime
from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.interfaces import IAddresses, ISending
from communicate_email.letters import Letter
from communicate_email.sending.checking import checked
from communicate_email.store.away import Absence
from communicate_email.store.boxes import Boxes, account_of, hashed
from communicate_email.store.flags import Flags

log = logging.getLogger(__name__)

SCRIPT, ANSWERED = "email.filters", "email.answered"
DAY = 86_400_000  # milliseconds
MOST_ANSWERED = 5000  # people whose answers are remembered
LONGEST_SUBJECT = 200
FORGET = "email.former-filters"
UNDONE = timedelta(minutes=2)  # for which a change is taken back; the page offers it for less


@lru_cache(maxsize=64)
def _compiled(text: str) -> filters.Script:
    return filters.compiled(text)


def forget_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy the former filters of a member: the handler of FORGET."""
    account = account_of(request, payload["uid"])
    if account is not None:
        Filtering(request, account).forget_former()


def _followed(rule: filters.Rule, old: str, new: str) -> filters.Rule:
    """Return *rule* with the folder at *old*, and those in it, at *new*."""

    def moved(deed: filters.Deed) -> filters.Deed:
        inside = f"{deed.value}/".startswith(f"{old}/") and deed.kind in ("move", "copy")
        return replace(deed, value=new + deed.value[len(old) :]) if inside else deed

    return replace(rule, deeds=tuple(map(moved, rule.deeds)))


class Filtering:
    """The filters of one *account*."""

    def __init__(self, request: Any, account: Account) -> None:
        self.request = request
        self.account = account
        self.uid = int(account.owner or 0)
        self.seals: Any = request.find_service(ISeals)
        self.boxes = Boxes(request, account)

    def script(self) -> str:
        """Return the member's script (RFC 5228), empty where there is none."""
        sealed = self.account.script
        return "" if sealed is None else self.seals.text(sealed) or ""

    def set_script(self, text: str) -> None:
        """Have *text* decide from now on; raise `communicate_email.filters.BadScript`."""
        if text.strip():
            filters.compiled(text)
            self.account.script = self.seals.seal(self.uid, SCRIPT, text)
        else:
            self.account.script = None

    def change_script(self, text: str) -> None:
        """Have *text* decide from now on; `restore_script` takes that back for a while."""
        before = self.account.script
        self.set_script(text)
        if before is None:
            before = self.seals.seal(self.uid, SCRIPT, "")
        due = clock.now(self.request) + UNDONE
        self.account.former, self.account.former_until = before, clock.milliseconds(due)
        outbox = self.request.find_service(IOutbox)
        outbox.add(FORGET, {"uid": self.uid}, owner=self.uid, due=due)

    def restore_script(self) -> bool:
        """Have the filters before the last change decide again; tell whether they were there."""
        if self.account.former is None:
            return False
        self.account.script = self.account.former if self.seals.text(self.account.former) else None
        self.account.former = None
        return True

    def follow(self, old: str, new: str) -> None:
        """Have filters of forms mean the folder at *new*, and those in it, which was at *old*."""
        try:
            rules = filters.rules_in(self.script())
        except filters.BadScript:
            rules = None
        moved = [_followed(rule, old, new) for rule in rules or []]
        if moved != (rules or []):
            self.set_script(filters.script_of(moved))

    def forget_former(self) -> None:
        """Destroy the filters before the last change, once it cannot be undone any more."""
        if self.account.former_until <= clock.milliseconds(clock.now(self.request)):
            self.account.former = None

    def places(
        self, letter: Letter, address: str, message: mime.Part
    ) -> list[tuple[Mailbox, int]]:
        """Return in which folders *letter* is to lie, with which flags; answer it where wanted."""
        if letter.junk:
            return [(self.account.box("junk"), 0)]
        facts = filters.Facts(message, letter.sender, address, self._exists)
        result = self._run(facts)
        answer = result.vacation
        if answer is None and result.files:
            answer = Absence(self.request, self.account).answer_to(letter)
        if answer is not None:
            self._answer(answer, facts, letter)
        return self._filed(result.files)

    def _run(self, facts: filters.Facts) -> filters.Result:
        """Return what the filters say; where they fail, that the message comes in."""
        kept = filters.Result((filters.File(filters.INBOX),))
        text = self.script()
        if not text:
            return kept
        try:
            return filters.run(_compiled(text), facts)
        except filters.BadScript:  # written before something changed that it needs
            return kept
        except Exception:  # whatever a message makes of a filter, it comes in
            log.exception("the filters of a member failed: a message lies in the inbox")
            return kept

    def _exists(self, path: str) -> bool:
        return self.boxes.at(path) is not None

    def _filed(self, files: Iterable[filters.File]) -> list[tuple[Mailbox, int]]:
        """Return the folders and flags of *files*, each folder once."""
        found: dict[int, tuple[Mailbox, int]] = {}
        for one in files:
            box = self._box(one)
            bits = found.get(box.id, (box, 0))[1] | self._bits(one.flags)
            found[box.id] = (box, bits)
        return list(found.values())

    def _box(self, one: filters.File) -> Mailbox:
        """Return the folder that is meant, or the inbox where there is none (RFC 5228, 4.1)."""
        box = self.boxes.at(one.mailbox)
        if box is None and one.create:
            try:
                box = self.boxes.make_path(one.mailbox)
            except Refused:
                box = None
        return box or self.account.box("inbox")

    def _bits(self, names: Iterable[str]) -> int:
        flags, bits = Flags(self.request, self.account), 0
        for name in names:
            try:
                bits |= flags.bits([name])
            except Refused:
                continue
        return bits

    # Answers of who is away

    def _answer(self, wanted: filters.Vacation, facts: filters.Facts, letter: Letter) -> None:
        """Answer *letter*, unless its sender is forged, in the name of the address it came to.

        Who writes to a further address of the member does not learn the others.
        """
        addresses = self.request.find_service(IAddresses)
        own = addresses.of(self.uid)
        if letter.doubtful or not filters.may_answer(facts, [*own, *wanted.addresses]):
            return
        names = [each for each in (wanted.sender, facts.recipient) if each]
        usable = [each for each in names if addresses.may_send(self.uid, each)]
        if not usable or not self._is_due(wanted, letter.sender):
            return
        try:
            to = checked(letter.sender)
            raw = self._written(wanted, facts, usable[0], to)
            self.request.find_service(ISending).send(Letter(raw, author=self.uid), [to])
        except (Refused, TooMany, QuotaExceeded):
            return  # what cannot be answered arrives all the same

    def _is_due(self, wanted: filters.Vacation, sender: str) -> bool:
        """Tell whether *sender* is to be answered now, and remember it."""
        if self.account.answered is None:
            self.account.answered = LLBTree()
        held, now = self.account.answered, clock.milliseconds(clock.now(self.request))
        said = f"{wanted.handle}\0{sender.lower()}".encode("utf-8", "surrogateescape")
        key = hashed(self.seals, self.uid, ANSWERED, said)
        if held.get(key, 0) > now:
            return False
        if len(held) >= MOST_ANSWERED:
            for old in [one for one, until in held.items() if until <= now] or [held.minKey()]:
                del held[old]
        held[key] = now + wanted.days * DAY
        return True

    def _written(
        self, wanted: filters.Vacation, facts: filters.Facts, author: str, to: str
    ) -> bytes:
        """Return the answer as a message that no robot answers (RFC 3834)."""
        plain = author.isascii() and to.isascii()
        message = EmailMessage(policy=SMTP if plain else SMTPUTF8)
        subject = " ".join(facts.header("subject")[:1]).split()
        message["From"], message["To"] = author, to
        said = wanted.subject.split() or ["Auto:", *subject]
        message["Subject"] = " ".join(said)[:LONGEST_SUBJECT]
        message["Date"] = format_datetime(clock.now(self.request))
        message["Auto-Submitted"] = "auto-replied (vacation)"
        for number in mime.message_ids(facts.message, b"message-id")[:1]:
            if number.isascii() and number.isprintable():
                message["In-Reply-To"] = message["References"] = f"<{number}>"
        message.set_content(wanted.reason)
        return message.as_bytes()

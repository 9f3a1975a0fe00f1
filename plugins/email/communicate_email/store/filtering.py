"""A member's filters at delivery: where a letter lies, marked how, and whether it is answered.

The script is sealed; who was answered when is remembered by an HMAC, for as long as nobody is
answered again.
"""

from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from BTrees.LLBTree import LLBTree

from communicate import clock
from communicate.accounts.limits import TooMany
from communicate.interfaces import ISeals
from communicate_email import filters, mime
from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.interfaces import IAddresses, ISending
from communicate_email.letters import Letter
from communicate_email.store.boxes import Boxes, hashed
from communicate_email.store.flags import Flags

SCRIPT, ANSWERED = "email.filters", "email.answered"
DAY = 86_400_000  # milliseconds
MOST_ANSWERED = 5000  # people whose answers are remembered
LONGEST_SUBJECT = 200


@lru_cache(maxsize=64)
def _compiled(text: str) -> filters.Script:
    return filters.compiled(text)


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

    def places(
        self, letter: Letter, address: str, message: mime.Part
    ) -> list[tuple[Mailbox, int]]:
        """Return in which folders *letter* is to lie, with which flags; answer it where wanted."""
        if letter.junk:
            return [(self.account.box("junk"), 0)]
        text = self.script()
        if not text:
            return [(self.account.box("inbox"), 0)]
        facts = filters.Facts(message, letter.sender, address, self._exists)
        try:
            result = filters.run(_compiled(text), facts)
        except filters.BadScript:  # written before something changed that it needs
            return [(self.account.box("inbox"), 0)]
        if result.vacation is not None:
            self._answer(result.vacation, facts, letter)
        return self._filed(result.files)

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
        addresses = self.request.find_service(IAddresses)
        own = addresses.of(self.uid)
        if not own or not filters.may_answer(facts, [*own, *wanted.addresses]):
            return
        if not self._is_due(wanted, letter.sender):
            return
        usable = wanted.sender and addresses.may_send(self.uid, wanted.sender)
        raw = self._written(wanted, facts, wanted.sender if usable else own[0], letter.sender)
        try:
            self.request.find_service(ISending).send(Letter(raw, author=self.uid), [letter.sender])
        except (Refused, TooMany):
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
        message = EmailMessage(policy=SMTP)
        subject = " ".join(facts.header("subject")[:1]).split()
        message["From"], message["To"] = author, to
        said = wanted.subject or "Auto: " + " ".join(subject)
        message["Subject"] = said[:LONGEST_SUBJECT].replace("\r", " ").replace("\n", " ")
        message["Date"] = format_datetime(clock.now(self.request))
        message["Auto-Submitted"] = "auto-replied (vacation)"
        for number in mime.message_ids(facts.message, b"message-id")[:1]:
            if number.isascii() and number.isprintable():
                message["In-Reply-To"] = message["References"] = f"<{number}>"
        message.set_content(wanted.reason)
        return message.as_bytes()

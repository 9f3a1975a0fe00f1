"""What conversations write into a member's archive, and how they are restored.

What the member wrote, and what came from numbers, comes back as it was, and does not leave again.
What other members wrote is theirs, and what has not left yet does not leave from an archive.
"""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, moment
from communicate.ids import RANDOM_BITS, new_id, time_of
from communicate.interfaces import IAuthored, IMembers
from communicate_sms import numbers, parts, states
from communicate_sms.content import Message, Received, Talk
from communicate_sms.queue import KIND, NUMBER, TEXT
from communicate_sms.reach import To, ToMember, ToNumber
from communicate_sms.talks import Talks

_ = TranslationStringFactory("communicate_sms")

Row = dict[str, Any]
MOST = 1_000_000  # messages in an archive
LONGEST = 20_000  # characters of one
BATCH = 500  # messages between two savepoints
LEFT = (states.UNCERTAIN, *range(states.SENT, states.FAILED + 1))
WRITTEN = {
    "to": _("To"),
    "text": _("Text"),
    "written": _("Written"),
    "state": _("What became of it"),
}
CAME = {"by": _("From"), "text": _("Text"), "came": _("Came")}


def export(member: Any, archive: Any) -> None:
    """Write what *member* wrote and received."""
    writer = Writer(member)
    archive.records("written", writer.written(), title=_("Text messages sent"), fields=WRITTEN)
    archive.records("came", writer.came(), title=_("Text messages received"), fields=CAME)
    archive.records(
        "waiting",
        writer.waiting(),
        restored=False,
        title=_("Text messages that are to leave"),
        fields=WRITTEN,
    )
    archive.records(
        "answers",
        writer.answers(),
        owned=False,
        title=_("Text messages from members"),
        fields=CAME,
    )


class Writer:
    """The records of one member."""

    def __init__(self, member: Any) -> None:
        self.request, self.kept = member.request, Talks(member.request)
        self.book = self.kept.book_of(member.uid)
        self.login_of = self.request.find_service(IMembers).login_of

    def _lines(self) -> Iterator[tuple[str | None, Any]]:
        """Yield with whom the member exchanged each message, and the message."""
        talks = [] if self.book is None else self.book.talks.values()
        for talk in talks:
            whom = self._whom(talk)
            if not talk.deleted:
                yield from ((whom, line) for line in talk.lines.values() if not line.is_gone)

    def _whom(self, talk: Talk) -> str | None:
        """Return a number with its plus, or the login of a member whose number is not told."""
        to = self.kept.to(talk)
        if isinstance(to, ToMember):
            login: str | None = self.login_of(to.uid)
            return login
        return None if to is None else to.e164

    def written(self) -> Iterator[Row]:
        """Yield what the member wrote and has left."""
        for whom, line in self._lines():
            if isinstance(line, Message) and line.state in LEFT:
                yield self._written(whom, line)

    def waiting(self) -> Iterator[Row]:
        """Yield what the member wrote and is to leave."""
        for whom, line in self._lines():
            if isinstance(line, Message) and line.state not in LEFT:
                yield self._written(whom, line)

    def _written(self, whom: str | None, message: Message) -> Row:
        whole = self.kept.seals.text(message.text) or ""
        end = len(whole) - message.after
        return {
            "to": whom,
            "text": whole[message.before : end],
            "before": whole[: message.before],
            "after": whole[end:],
            "written": moment(message.queued),
            "due": time_of(message.id),
            "left": moment(message.left) if message.left else None,
            "state": states.NAMES[message.state],
        }

    def came(self) -> Iterator[Row]:
        """Yield what came from numbers."""
        for whom, line in self._lines():
            if isinstance(line, Received) and line.owner is None:
                yield self._came(whom, line)

    def answers(self) -> Iterator[Row]:
        """Yield what came from members."""
        for whom, line in self._lines():
            if isinstance(line, Received) and line.owner is not None:
                yield self._came(whom, line)

    def _came(self, whom: str | None, line: Received) -> Row:
        text = self.kept.seals.text(line.text)
        return {"by": whom, "text": text, "came": moment(line.came), "kept": time_of(line.id)}


def bring_back(member: Any, archive: Any) -> None:
    """Restore what *member* wrote and received, as *archive* has it."""
    restoring = Restoring(member, archive)
    for row in archive.records("written", most=MOST):
        restoring.written(row)
    for row in archive.records("came", most=MOST):
        restoring.came(row)


class Restoring:
    """The restoring of one member's messages."""

    def __init__(self, member: Any, archive: Any) -> None:
        self.uid, self.request, self.archive = member.uid, member.request, archive
        self.kept, self.count = Talks(member.request), 0

    def written(self, row: Row) -> None:
        """Restore a message that the member wrote, and what became of it."""
        to, archive = self._whom(row.get("to")), self.archive
        text, before, after = (self._text(row.get(key)) for key in ("text", "before", "after"))
        state = archive.one_of(row.get("state"), [states.NAMES[one] for one in LEFT])
        due, queued = self._moment(row.get("due")), self._moment(row.get("written"))
        left = 0 if row.get("left") is None else self._moment(row.get("left"))
        if to is None:
            return
        whole, seal = f"{before}{text}{after}", self.kept.seals.seal
        number = seal(self.uid, NUMBER, to.e164) if isinstance(to, ToNumber) else None
        count = len(parts.split(whole).parts)
        message = Message(self.uid, number, seal(self.uid, TEXT, whole), count, queued, due)
        message.id = new_id(moment(due))
        message.to = to.uid if isinstance(to, ToMember) else None
        message.before, message.after = len(before), len(after)
        message.state, message.left = states.NAMES.index(state), left
        self.kept.queue.tree.messages[message.id] = message
        self.request.find_service(IAuthored).add(self.uid, KIND, message.id)
        self._keep(to, message)  # how to stop is told once more: this site may not have done it

    def came(self, row: Row) -> None:
        """Restore a message that came."""
        by, text = self._whom(row.get("by")), self._text(row.get("text"))
        came, kept = self._moment(row.get("came")), self._moment(row.get("kept"))
        if isinstance(by, ToNumber):
            sealed = self.kept.seals.seal(self.uid, TEXT, text)
            self._keep(by, Received(sealed, came, kept))

    def _keep(self, to: To, line: Message | Received) -> Talk:
        book = self.kept.book(self.uid)
        talk = self.kept.with_(book, to) or self.kept.begin(book, to)
        talk.keep(line)
        self.kept.lift(talk, max(talk.moved, line.id >> RANDOM_BITS))
        talk.seen = max(talk.seen, line.id + 1)
        self.count += 1
        if self.count % BATCH == 0:
            self.request.tm.savepoint(optimistic=True)
        return talk

    def _whom(self, written: Any) -> To | None:
        """Return whom the archive means; members only on the site that wrote it."""
        if written is None:
            return None
        name = self.archive.text(written, 100)
        if name.startswith("+"):
            region = self.request.registry.settings["sms.region"]
            if numbers.read(name, region) != name:
                raise ValueError("A text message in the archive has a number that is none.")
            return ToNumber(name)
        found = self.request.find_service(IMembers).by_login(name) if self.archive.here else None
        return None if found is None or found.uid == self.uid else ToMember(found.uid)

    def _text(self, value: Any) -> str:
        return parts.tidy(self.archive.text(value, LONGEST))

    def _moment(self, value: Any) -> int:
        return milliseconds(self.archive.moment(value))

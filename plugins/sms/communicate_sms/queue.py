"""The queue as transactions see it: messages put in, taken, opened, settled; receipts."""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from communicate.bells import ring_after_commit
from communicate.clock import milliseconds, now
from communicate.ids import time_of
from communicate.interfaces import IAuthored, ISeals
from communicate.outbox.gate import Leaving
from communicate.sealing import SITE, Destroyed
from communicate_sms import parts, reach, states, tokens, writers
from communicate_sms.content import NAME, Exchange, Message
from communicate_sms.holds import number_key
from communicate_sms.spending import count, ledger_of
from communicate_sms.till import Till, Verdict
from communicate_sms.transports.passing import Receipt
from communicate_sms.ways import route

KIND = "sms.message"
OPERATOR = "telephone operator"  # as `communicate_recipients` declares it
FIELDS = ("number", "text", "sender", "token")  # that leave with each message
NUMBER, TEXT = "sms.number", "sms.text"
TOKEN, REFERENCE = "sms.token", "sms.reference"
OLDEST = timedelta(hours=24)  # after which a message that could not be sent is given up
MINUTE = timedelta(minutes=1)
ANNOUNCEMENT = "announcement"
ANSWER = "answer"  # the purpose of what the site itself answers: a number hears that it is held
RESTORED = "it may have left before the site was restored from a backup"
HELD = "the number wants no messages"
# Purposes of what is of no use for long: `communicate_sms.fading` forgets it.
FLEETING = frozenset({"code", "notice", ANNOUNCEMENT, "test", ANSWER})
NOT_SENT = frozenset({states.WAITING, states.FAILED})  # outcomes after which nothing has left
URGENT = 1  # a moment before every other one
SOME = 100  # messages that are looked at together
PAUSES = (MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE)


@dataclass(frozen=True)
class Errand:
    """A message that somebody has taken, opened: what leaves, and by which way."""

    id: int
    author: int
    number: str
    text: str
    token: str
    way: str
    purpose: str


@dataclass(frozen=True)
class Outcome:
    """What became of an errand: *state* and, where it waits, for how long; *why* in our words."""

    state: int
    reference: str = ""
    why: str = ""
    pause: timedelta | None = None
    fault: bool = False  # the way is out of order


def exchange_of(request: Any) -> Exchange:
    """Return the exchange in the tree that *request* sees."""
    found: Exchange = request.site[NAME]
    return found


class Queue:
    """The queue of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.tree = exchange_of(request)

    @property
    def now(self) -> int:
        """The present, in milliseconds."""
        return milliseconds(now(self.request))

    def add(
        self,
        author: int,
        to: str | int,
        text: str,
        due: int = 0,
        *,
        purpose: str = "message",
        until: int = 0,
    ) -> Message:
        """Have *text*, which is tidy, sent to the number *to* (E.164), not before *due* (ms).

        Where *to* is a member it goes to the number that this one has when it leaves.

        It counts as given to the operator for *author*, who may be the site, with that *purpose*.
        What is not sent *until* then (ms) is not sent any more, and goes before what waits without
        an end.
        """
        seal = self.seals.seal
        count = len(parts.split(text).parts)
        sealed = seal(author, NUMBER, to) if isinstance(to, str) else None
        message = Message(author, sealed, seal(author, TEXT, text), count, self.now, due)
        message.purpose, message.until = purpose, until
        message.to = to if isinstance(to, int) else None
        message.due = URGENT if until and due <= self.now else max(due, self.now)
        self.tree.messages[message.id] = message
        if purpose in FLEETING:
            self.tree.fleeting.insert(message.id)
        self.tree.due.insert((message.due, message.id))
        if author != SITE:
            self.request.find_service(IAuthored).add(author, KIND, message.id)
        ring_after_commit(self.request, NAME)
        return message

    # Sending

    def take(self, holder: str, most: int, lease: timedelta) -> list[Errand]:
        """Mark up to *most* messages that are due as being sent by *holder*; return them opened.

        They are paid: where a ceiling is reached, nothing is taken.  Those that their holder has
        not settled in time are uncertain from now on.
        """
        self._doubt_claims()
        taken: list[Errand] = []
        till = Till(self.request, self.tree, self.seals)
        for _due, number in self._in_turn():
            if len(taken) >= most or till.closed:
                break
            message = self.tree.messages[number]
            if message.is_gone:
                self._undue(message)
                continue
            if self._may_have_left(message):
                self._undue(message)
                self._doubt(message, RESTORED)
                self._record(message)
                continue
            errand = self._opened(message, till)
            if errand is not None:
                self._undue(message)
                message.state = states.SENDING
                message.holder = holder
                message.due = milliseconds(now(self.request) + lease)
                self.tree.claims.insert((message.due, message.id))
                taken.append(errand)
        return taken

    def _may_have_left(self, message: Message) -> bool:
        """Tell whether *message* was due before the site was restored: it may have left since.

        What an operator had sent before that may have left since, too.
        """
        return max(milliseconds(time_of(message.id)), message.sure) < self.tree.restored

    def _in_turn(self) -> Iterator[tuple[int, int]]:
        """Yield what is due, while it may be taken away."""
        at, end = (URGENT,), (self.now + 1,)
        while found := list(islice(self.tree.due.keys(at, end, excludemin=True), SOME)):
            yield from found
            at = found[-1]

    def _doubt_claims(self) -> None:
        """Have what nobody has settled in time be uncertain.

        Its holder may be slow instead, and tell later what became of it.
        """
        for _until, number in list(self.tree.claims.keys((1,), (self.now + 1,))):
            message = self.tree.messages[number]
            holder = message.holder
            self._undue(message)
            self._doubt(message, "whoever sent it has ended")
            message.holder = holder
            self._record(message)

    def _record(self, message: Message) -> None:
        """Record for its author that *message* may have left: whoever sent it has not done so."""
        Leaving(OPERATOR, message.purpose, FIELDS, message.author or None).record(self.request)

    def _opened(self, message: Message, till: Till) -> Errand | None:
        """Return *message* opened, with a new token, and paid; None where it is not sent now.

        What was written by somebody who is erased is forgotten; what no way goes to has failed.
        """
        try:
            to = self.number_of(message)
            text = self.seals.open(message.text).decode()
        except Destroyed:
            self.forget(message)
            return None
        if not to:
            self._end(message, states.FAILED, "nobody is there")
            return None
        ways = self._ways(message, to)
        if not ways or 0 < message.until <= self.now:
            self._end(message, states.FAILED, "too late" if ways else "no way goes there")
            return None
        key = number_key(self.seals, to)
        if key in self.tree.stopped and not message.of_hold:
            self._end(message, states.FAILED, HELD)
            return None
        if not self._admitted(message, till.admit(message, to, key)):
            return None
        is_said = message.purpose == "message"
        writer = message.author if is_said else writers.HOUSE
        writers.note(self.tree, key, writer, knows=message.to is None, at=self.now)
        message.way = next((way for way in ways if way not in message.ways), ways[0])
        token = tokens.new(self.seals, message.way)
        self._name(message, token)
        return Errand(message.id, message.author, to, text, token, message.way, message.purpose)

    def number_of(self, message: Message) -> str:
        """Return where *message* goes, empty where it does not; raise Destroyed.

        The member whom it is for may take it no more, or has the number and has blocked its
        author; or that one may not sign in any more.  An announcement goes where its member
        consents to it now.
        """
        request, to = self.request, message.to
        if message.purpose == ANNOUNCEMENT:
            from communicate_sms.announcing import listens_at  # it needs this module

            return listens_at(request, message.author)
        if message.__parent__ is not None and not reach.may_write(request, message.author):
            return ""
        if message.number is not None:
            number = str(self.seals.open(message.number).decode())
            said = message.__parent__ is not None
            return "" if said and reach.is_kept_away(request, message.author, number) else number
        if to is None or not reach.may_text(request, message.author, to):
            return ""
        return reach.number_of(request, to) or ""

    def _admitted(self, message: Message, verdict: Verdict) -> bool:
        """Tell whether *message* is sent now; put it off or end it as *verdict* says."""
        if verdict.why:
            self._end(message, states.FAILED, verdict.why)
        elif verdict.until:
            self._undue(message)
            self._wait(message, verdict.until)
        return verdict.admitted

    def settle(self, number: int, holder: str, outcome: Outcome) -> None:
        """Write down what became of the message *number*."""
        message = self._held(number, holder)
        if message is None:
            return
        self._undue(message)
        message.holder = None
        if outcome.state == states.WAITING and message.state == states.UNCERTAIN:
            return  # it is listed: operators decide
        message.detail = outcome.why
        if outcome.state in NOT_SENT and message.state <= states.UNCERTAIN:
            ledger_of(self.request).pay_back(message)
        if outcome.state == states.WAITING and message.state == states.SENDING:
            self._again(message, outcome)
            return
        message.left = self.now
        if outcome.reference:
            self._refer(message, outcome.reference)
        if outcome.state == states.UNCERTAIN:
            self._doubt(message, outcome.why)
        else:
            self._advance(message, outcome.state)

    def _again(self, message: Message, outcome: Outcome) -> None:
        """Have *message* wait, or give it up where it has waited too long."""
        self._unname(message)
        message.tries += 1
        message.state = states.WAITING
        if message.is_gone:
            return
        if now(self.request) - time_of(message.id) > OLDEST:
            self._end(message, states.FAILED, outcome.why)
            return
        try:
            to = self.number_of(message)
        except Destroyed:
            self.forget(message)
            return
        ways = self._ways(message, to)
        pause = MINUTE if outcome.pause is None else outcome.pause
        if outcome.fault:
            message.ways = (*message.ways, message.way)
            if set(ways) - set(message.ways):
                pause = timedelta()
            else:
                message.ways = ()
                pause = max(pause, PAUSES[min(message.tries, len(PAUSES)) - 1])
        self._wait(message, milliseconds(now(self.request) + pause))

    # What is brought

    def by_token(self, token: str) -> Message | None:
        """Return the message that left with *token*."""
        return self._found(self.tree.tokens, self.seals.hmac(TOKEN, token.encode()))

    def by_reference(self, way: str, reference: str) -> Message | None:
        """Return the message that the operator at *way* calls *reference*."""
        return self._found(self.tree.references, self._key(way, reference))

    def is_about(self, message: Message, receipt: Receipt) -> bool:
        """Tell whether *receipt*, brought with a token, is of *message*: no other is named."""
        known = message.reference
        if known is None or not receipt.reference:
            return True
        return hmac.compare_digest(known, self._key(message.way, receipt.reference))

    def receive(self, message: Message, receipt: Receipt) -> None:
        """Write down what an operator says of *message*: it only ever goes further."""
        if message.state == states.WAITING:
            return
        self._advance(message, receipt.state)
        if receipt.detail:
            message.detail = receipt.detail

    # What operators decide about the uncertain

    def is_in_doubt(self, number: int) -> bool:
        """Tell whether nobody can tell if the message *number* was sent."""
        return number in self.tree.uncertain

    def uncertain(self) -> Iterable[Message]:
        """Yield what may have been sent or not, the oldest first."""
        return (self.tree.messages[number] for number in self.tree.uncertain)

    def decide(self, message: Message, *, again: bool) -> None:
        """Have an uncertain *message* sent once more, or taken for sent."""
        if message.id not in self.tree.uncertain:
            return
        message.holder = None
        if again:
            self.tree.uncertain.remove(message.id)
            self._unname(message)
            message.state, message.sure = states.WAITING, self.now
            self._wait(message, self.now)
        else:
            self._advance(message, states.SENT)

    def forget(self, message: Message) -> None:
        """Forget *message*: nothing leaves of it any more, and no receipt finds it."""
        self._undue(message)
        self._unname(message)
        if message.id in self.tree.uncertain:
            self.tree.uncertain.remove(message.id)
        self.tree.messages.pop(message.id, None)
        self.tree.fleeting.discard(message.id)
        if message.author != SITE:
            self.request.find_service(IAuthored).remove(message.author, KIND, message.id)

    def stop(self, message: Message) -> None:
        """Have *message*, which waits, not leave."""
        if message.state == states.WAITING:
            self._undue(message)

    def go_on(self, message: Message) -> None:
        """Have *message*, which was stopped, leave after all."""
        if message.state == states.WAITING:
            self._wait(message, max(message.due, milliseconds(time_of(message.id))))

    # How it is kept

    def _held(self, number: int, holder: str) -> Message | None:
        message: Message | None = self.tree.messages.get(number)
        return message if message is not None and message.holder == holder else None

    def _found(self, index: Any, key: bytes) -> Message | None:
        number = index.get(key)
        found: Message | None = None if number is None else self.tree.messages.get(number)
        return found

    def _advance(self, message: Message, state: int) -> None:
        before, message.state = message.state, states.further(message.state, state)
        if states.FAILED == message.state != before:
            count(self.request, failed=1)
        if message.__parent__ is not None and message.state != before:
            from communicate_sms.following import follow  # it needs this module

            follow(self.request, message, before)
        if message.state > states.UNCERTAIN and message.id in self.tree.uncertain:
            self.tree.uncertain.remove(message.id)

    def _end(self, message: Message, state: int, why: str) -> None:
        self._undue(message)
        message.holder = None
        message.detail = why
        self._advance(message, state)

    def _doubt(self, message: Message, why: str) -> None:
        """Say that nobody can tell whether *message* was sent, unless a receipt has told."""
        message.holder = None
        self._advance(message, states.UNCERTAIN)
        if message.state == states.UNCERTAIN:
            message.detail = why
            self.tree.uncertain.insert(message.id)

    def _ways(self, message: Message, to: str) -> tuple[str, ...]:
        """Return the ways for *message*, which goes *to* that number, the first one first."""
        settings = self.request.registry.settings
        if not message.only:
            return route(settings, to)
        return tuple(way.name for way in settings["sms.ways"] if way.name == message.only)

    def _wait(self, message: Message, due: int) -> None:
        message.due = due
        self.tree.due.insert((due, message.id))

    def _undue(self, message: Message) -> None:
        at = (message.due, message.id)
        self.tree.due.discard(at)
        self.tree.claims.discard(at)

    def _name(self, message: Message, token: str) -> None:
        message.token = self.seals.hmac(TOKEN, token.encode())
        self.tree.tokens[message.token] = message.id

    def _refer(self, message: Message, reference: str) -> None:
        message.reference = self._key(message.way, reference)
        self.tree.references[message.reference] = message.id

    def _unname(self, message: Message) -> None:
        """Forget by which names *message* is found."""
        tree = self.tree
        for index, key in ((tree.tokens, message.token), (tree.references, message.reference)):
            if key is not None:
                index.pop(key, None)
        message.token = message.reference = None

    def _key(self, way: str, reference: str) -> bytes:
        found: bytes = self.seals.hmac(REFERENCE, f"{way}\0{reference}".encode())
        return found

"""What the people of a demo have of text messages: see ``communicate demo``.

Their numbers are of those that are kept for films and books (Arcep, 06 39 98), and nothing leaves:
what they have written was delivered long ago.  What they say is in ``words/fr.toml`` and
``words/en.toml``: each line begins with who speaks, 0 the member, 1 the telephone.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from communicate import clock
from communicate.audience import CONTACTS, MEMBERS, PRIVATE
from communicate.demo.people import Person
from communicate.demo.writing import Writer, read
from communicate.interfaces import IContacts, ISeals
from communicate_sms import states
from communicate_sms.books import made_book
from communicate_sms.content import Number, Talk
from communicate_sms.errors import Declined
from communicate_sms.interfaces import INumbers, ITexts
from communicate_sms.numbering import OWNER
from communicate_sms.queue import NUMBER, Queue, exchange_of
from communicate_sms.reach import To, ToMember, ToNumber

PACKAGE = "communicate_sms.demo"
LANGUAGES = ("fr", "en")
PREFIX, NUMBERS = "+3363998", 10_000
PROVEN, OPEN = 0.5, 0.7  # of the people; of those who have proven a number
SHOWN = (PRIVATE, PRIVATE, CONTACTS, MEMBERS)
OUTSIDE, AMONG = 0.6, 0.6  # of these: who writes to somebody else, and to a contact
OLDEST, PAUSE = timedelta(days=45), timedelta(minutes=14)
UNREAD, FAILED = 0.3, 0.04


def make(request: Any, people: Sequence[Person], random: Random) -> None:
    """Have people prove numbers, write to somebody outside and to each other, and be answered."""
    free = iter(random.sample(range(NUMBERS), NUMBERS))
    able = [person for person in people if random.random() < PROVEN][: NUMBERS // 4]
    for person in able:
        prove(request, person, f"{PREFIX}{next(free):04}", random)
    for language in LANGUAGES:
        speakers = [one for one in able if one.language == language]
        script = read(PACKAGE, language)
        stage = Stage(request, speakers, Writer(random, language, script["lists"]))
        for person in speakers:
            if random.random() < OUTSIDE:
                other = ToNumber(f"{PREFIX}{next(free):04}")
                stage.play(person, other, random.choice(script["outside"]))
            if random.random() < AMONG:
                for friend in stage.friends(person):
                    stage.play(person, ToMember(friend.uid), random.choice(script["among"]))


def prove(request: Any, person: Person, e164: str, random: Random) -> None:
    """Make *e164* the number of *person*, who says who sees it and who may write there."""
    seals, present = request.find_service(ISeals), clock.milliseconds(clock.now(request))
    key = seals.hmac(OWNER, e164.encode())
    book = made_book(request, person.uid)
    book.number = Number(seals.seal(person.uid, NUMBER, e164), key, present)
    book.number.shown_to = random.choice(SHOWN)
    book.open_to = CONTACTS if random.random() < OPEN else PRIVATE
    exchange_of(request).owners[key] = person.uid


class Stage:
    """Those who write in one language, and what they say."""

    def __init__(self, request: Any, people: Sequence[Person], writer: Writer) -> None:
        self.request, self.people, self.writer = request, people, writer
        self.random = writer.random
        self.texts = request.find_service(ITexts)
        self.queue = Queue(request)
        self.present = clock.now(request)

    def friends(self, person: Person) -> list[Person]:
        """Return one of those whom *person* knows and can write to, or nobody."""
        known = set(self.request.find_service(IContacts).contacts(person.uid))
        may_text = self.request.find_service(INumbers).may_text
        able = [one for one in self.people if one.uid in known]
        able = [one for one in able if may_text(person.uid, one.uid)]
        return self.random.sample(able, min(1, len(able)))

    def play(self, person: Person, to: To, stated: dict[str, Any]) -> None:
        """Have *person* write to *to* and be answered, some time ago."""
        writer = self.writer.keeping({}, stated.get("once", {}))
        lines = [(who, writer.fill(text)) for who, text in stated["lines"]]
        moment = max(self.present - self.random.random() ** 2 * OLDEST, person.joined)
        talk: Talk | None = None
        for when, (who, text) in zip(self._moments(moment), lines, strict=False):
            try:
                with clock.at(self.request, when):
                    talk = self._say(person, to, who, text) or talk
            except Declined:
                break
        if talk is not None and self.random.random() > UNREAD:
            self.texts.see(talk)

    def _moments(self, moment: Any) -> Iterator[Any]:
        """Yield when each line is written, up to the present."""
        while (moment := moment + PAUSE * (0.2 + self.random.random() * 2)) < self.present:
            yield moment

    def _say(self, person: Person, to: To, who: int, text: str) -> Talk | None:
        """Have one line said; return the conversation."""
        if who:
            came = clock.milliseconds(clock.now(self.request))
            line = self.texts.receive(person.uid, to, text, came)
            return None if line is None else line.__parent__
        message = self.texts.send(person.uid, to, text)
        self.queue.stop(message)
        message.left = self.queue.now
        message.state = states.FAILED if self.random.random() < FAILED else states.DELIVERED
        talk: Talk = message.__parent__
        return talk

"""What the people of a demo write to each other: see ``communicate demo``.

What they say is in ``words/fr.toml`` and ``words/en.toml``: talks of two and of several, each a
list of lines that begin with who speaks (0 began it).  `communicate.demo.writing` says how places
in them are filled; ``once`` is chosen once for a talk.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from communicate import clock
from communicate.audience import MEMBERS
from communicate.demo.people import Person
from communicate.demo.writing import Writer, read
from communicate.interfaces import IContacts
from communicate_messages.boxes import read as seen
from communicate_messages.content import Conversation
from communicate_messages.errors import Refused
from communicate_messages.interfaces import IMessages, ITaking

PACKAGE = "communicate_messages.demo"
LANGUAGES = ("fr", "en")
TALKS = 0.6  # talks of two for each person
GROUPS = 0.1  # talks of several
OPEN, RECEIPTS, REQUESTS = 0.4, 0.3, 0.15  # of the people
OLDEST, PAUSE = timedelta(days=60), timedelta(minutes=9)
UNREAD = 0.35  # of the talks: the last lines are new to somebody
MOST = 6  # people in one talk


def make(request: Any, people: Sequence[Person], random: Random) -> None:
    """Have people choose who may write to them, and write to each other."""
    for person in people:
        choose(request, person, random)
    for language in LANGUAGES:
        script = read(PACKAGE, language)
        speakers = [one for one in people if one.language == language] or list(people)
        stage = Stage(request, speakers, script, Writer(random, language, script["lists"]))
        for _talk in range(round(len(speakers) * TALKS)):
            stage.talk("talks", 1)
        for _talk in range(round(len(speakers) * GROUPS) or 1):
            stage.talk("groups", random.randint(2, MOST - 1))
        for _request in range(round(len(speakers) * REQUESTS)):
            stage.ask()


def choose(request: Any, person: Person, random: Random) -> None:
    """Have *person* say who may write, and whether reading is told."""
    opened, told = random.random() < OPEN, random.random() < RECEIPTS
    if opened or told:
        box = request.site["messages"].box(person.uid)
        box.receipts = told
        if opened:
            box.open_to = MEMBERS


class Stage:
    """The people who talk in one language, and what they say."""

    def __init__(
        self, request: Any, people: Sequence[Person], script: dict[str, Any], writer: Writer
    ) -> None:
        self.request, self.people, self.script, self.writer = request, people, script, writer
        self.random = writer.random
        self.words = request.find_service(IMessages)
        self.by_uid = {one.uid: one for one in people}
        self.present = clock.now(request)

    def known(self, person: Person) -> list[Person]:
        """Return whom *person* knows among those who speak the language."""
        uids = self.request.find_service(IContacts).contacts(person.uid)
        return [self.by_uid[uid] for uid in uids if uid in self.by_uid]

    def talk(self, kind: str, others: int) -> None:
        """Have somebody talk with *others* people, as one of the talks of that *kind*."""
        first, stated = self.random.choice(self.people), self.random.choice(self.script[kind])
        known = self.known(first)
        if not known:
            return
        there = [first, *self.random.sample(known, min(others, len(known)))]
        writer = self.writer.keeping({}, stated.get("once", {}))
        lines = [(one % len(there), writer.fill(text)) for one, text in stated["lines"]]
        age = self.random.random() ** 2 * OLDEST
        moment = max(self.present - age, max(one.joined for one in there))
        title = writer.fill(stated["title"]) if len(there) > 2 else ""
        conversation = self._play(there, lines, moment, title)
        if conversation is not None and self.random.random() > UNREAD:
            self._read(conversation)

    def _play(
        self, there: list[Person], lines: list[tuple[int, str]], moment: Any, title: str
    ) -> Conversation | None:
        conversation: Conversation | None = None
        for place, text in lines:
            moment += PAUSE * (0.2 + self.random.random() * 2)
            if moment >= self.present:
                break
            uid = there[place].uid
            others = [one.uid for one in there if one.uid != uid]
            try:
                with clock.at(self.request, moment):
                    if conversation is None:
                        begun = self.words.start(uid, others, text, title)
                        conversation = begun.__parent__
                    else:
                        self.words.say(conversation, uid, text)
            except Refused:
                break
        return conversation

    def _read(self, conversation: Conversation) -> None:
        """Have all who take part read all of it."""
        last = conversation.lines.maxKey()
        for uid, part in conversation.parts.items():
            if part.accepted:
                seen(conversation.__parent__.box(uid), part, last, 0)

    def ask(self) -> None:
        """Have somebody write to a stranger, who may have said that everybody can."""
        one, other = self.random.sample(list(self.people), 2) if len(self.people) > 1 else (0, 0)
        text = self.writer.choose(self.script["requests"])
        moment = self.present - self.random.random() * timedelta(days=3)
        if not isinstance(one, Person) or not isinstance(other, Person):
            return
        moment = max(moment, one.joined, other.joined)
        try:
            with clock.at(self.request, moment):
                begun = self.words.start(one.uid, [other.uid], text)
        except Refused:
            return
        if self.random.random() < 1 / 2:
            self.request.find_service(ITaking).accept(begun.__parent__, other.uid)

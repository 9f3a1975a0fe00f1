"""The mail of the people of a demo: see ``communicate demo``.

What is in it is in ``words/fr.toml`` and ``words/en.toml``: talks between members, each a list of
lines that begin with who writes (0 began it), and letters from elsewhere, by what they are.
`communicate.demo.writing` says how places in them are filled.  Nothing of it ever leaves: letters
are put into mailboxes, and the domains of those elsewhere are nobody's (RFC 2606).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from communicate import clock
from communicate.demo.people import Person as Somebody
from communicate.demo.writing import Writer, read
from communicate.interfaces import IContacts
from communicate_email.composing import Draft, as_bytes
from communicate_email.demo.letters import letter
from communicate_email.filters import Condition, Deed, Rule, script_of
from communicate_email.interfaces import IDelivery, IMailStore
from communicate_email.letters import Letter
from communicate_email.people import Person
from communicate_email.store import rows
from communicate_email.store.services import Incoming

PACKAGE = "communicate_email.demo"
LANGUAGES = ("fr", "en")
OLDEST, PAUSE = timedelta(days=60), timedelta(hours=7)
TALKS = 1.2  # talks for each person
LETTERS = {"mail": 2, "list": 2, "file": 1, "junk": 1}  # from elsewhere to one person, at most
READ, STARRED = 0.6, 0.1  # of what came in
SORTING, BEGINNING = 0.3, 0.2  # of the people
Words = dict[str, Any]


def make(request: Any, people: Sequence[Somebody], random: Random) -> None:
    """Have people write to each other, and get mail from elsewhere."""
    for language in LANGUAGES:
        words = read(PACKAGE, language)
        speakers = [one for one in people if one.language == language]
        post = Post(request, speakers, words, Writer(random, language, words["lists"]))
        for person in speakers:
            post.sort(person)
        for _talk in range(round(len(speakers) * TALKS)):
            post.talk()
        for person in speakers:
            post.come_in(person)
            post.begin(person)
            post.look(person)


class Post:
    """The mail of those who speak one language."""

    def __init__(
        self, request: Any, people: Sequence[Somebody], words: Words, writer: Writer
    ) -> None:
        self.request, self.people, self.words, self.writer = request, people, words, writer
        self.random = writer.random
        self.store = request.find_service(IMailStore)
        self.delivery = request.find_service(IDelivery)
        self.domain: str = request.registry.settings["email.domain"]
        self.present = clock.now(request)

    def person(self, one: Somebody) -> Person:
        """Return *one* as mail names people."""
        return Person(one.name, f"{one.login}@{self.domain}")

    def moment(self, *there: Somebody) -> datetime:
        """Return a moment of the last weeks at which all were members."""
        age: timedelta = self.random.random() ** 2 * OLDEST
        return max([self.present - age, *(one.joined for one in there)])

    # Between members

    def talk(self) -> None:
        """Have somebody write to somebody known, and the two answer each other."""
        first = self.random.choice(self.people)
        known = set(self.request.find_service(IContacts).contacts(first.uid))
        others = [one for one in self.people if one.uid in known]
        if not others:
            return
        there = [first, self.random.choice(others)]
        stated = self.random.choice(self.words["talks"])
        writer = self.writer.keeping({}, stated.get("once", {}))
        moment, subject, before = self.moment(*there), writer.fill(stated["subject"]), [""]
        for who, text in stated["lines"]:
            moment += PAUSE * (0.1 + self.random.random() * 2)
            if moment >= self.present:
                return
            number = f"{self.random.getrandbits(64):016x}@{self.domain}"
            draft = Draft(
                self.person(there[who]),
                [self.person(there[1 - who])],
                subject=subject,
                text=f"{writer.fill(text)}\n\n{there[who].first}",
                answers=before[-1],
                references=before[1:],
            )
            self._send(there[who], draft, number, moment)
            before.append(number)
            subject = subject if subject.startswith("Re: ") else f"Re: {subject}"

    def _send(self, by: Somebody, draft: Draft, number: str, moment: datetime) -> None:
        raw = as_bytes(draft, number, moment)
        with clock.at(self.request, moment):
            sent = self.store.opened(by.uid).box("sent")
            self.store.append(sent, [Incoming(raw, rows.SEEN)])
            given = Letter(raw, draft.sender.address, author=by.uid)
            self.delivery.deliver(given, draft.recipients)

    # From elsewhere

    def come_in(self, person: Somebody) -> None:
        """Have a few letters come in from elsewhere: of people, of lists, with files, junk."""
        address = self.person(person)
        for kind, most in LETTERS.items():
            for _letter in range(self.random.randint(0, most)):
                stated = self.random.choice(self.words[kind])
                writer = self.writer.keeping({}, stated.get("once", {}), name=person.first)
                moment = self.moment(person)
                number = f"{self.random.getrandbits(64):016x}"
                raw = letter(stated, writer, address, number, moment)
                sender = stated["sender"].rpartition("<")[2].strip(">")
                with clock.at(self.request, moment):
                    given = Letter(raw, sender, junk=kind == "junk")
                    self.delivery.deliver(given, [address.address])

    # What they do with it

    def sort(self, person: Somebody) -> None:
        """Have some make a folder, and a filter that puts into it what lists send."""
        if self.random.random() < SORTING:
            account = self.store.opened(person.uid)
            name = self.random.choice(self.words["folders"])
            self.store.boxes(account).make(name)
            rule = Rule(name, (Condition("list", "contains", "example"),), (Deed("move", name),))
            self.store.filters(account).set_script(script_of([rule]))

    def begin(self, person: Somebody) -> None:
        """Have some begin a message that they have not sent."""
        if self.random.random() < BEGINNING:
            text = self.writer.choose(self.words["begun"])
            draft = Draft(self.person(person), [], subject=text.partition(".")[0], text=text)
            moment, number = self.moment(person), f"{self.random.getrandbits(64):016x}"
            raw = as_bytes(draft, f"{number}@{self.domain}", moment)
            with clock.at(self.request, moment):
                drafts = self.store.opened(person.uid).box("drafts")
                self.store.append(drafts, [Incoming(raw, rows.DRAFT | rows.SEEN)])

    def look(self, person: Somebody) -> None:
        """Have *person* read most of what came, and put a star on a little of it."""
        box = self.store.opened(person.uid).box("inbox")
        for uid in range(1, box.uid_next):
            seen = rows.SEEN if self.random.random() < READ else 0
            star = rows.FLAGGED if self.random.random() < STARRED else 0
            if seen | star:
                self.store.flag(box, [uid], seen | star)

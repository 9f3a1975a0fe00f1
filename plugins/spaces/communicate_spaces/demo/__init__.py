"""What the people of a demo say on each other's spaces: see ``communicate demo``.

Their words are in ``words/fr.toml`` and ``words/en.toml``: what a guest says on a space, on a
part of it or on something longer that its owner wrote, and what the owner answers.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from communicate import clock
from communicate.audience import MEMBERS, Audience
from communicate.demo.people import Person
from communicate.demo.writing import Writer, read
from communicate.interfaces import IAuthored, IContacts, IMembers
from communicate.profile.interfaces import IProfiles
from communicate.reports.kinds import kinds_of
from communicate.web.formats import moment as moment_of
from communicate_spaces.content import NAME, Comment, Thread
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_spaces.places import find_thing, has_page

PACKAGE = "communicate_spaces.demo"
LANGUAGES = ("fr", "en")
OPEN, APPROVING = 0.6, 0.25  # of the people
READERS = ("contacts", "members", "members", "public")
GUESTS, COMMENTERS = 6, 5  # on one space, and on one thing of it, at most
WORKS = 100  # of one person
ANSWERED, ON_A_PART, LEFT_WAITING = 0.5, 0.3, 0.3
PAUSE = timedelta(minutes=50)


def make(request: Any, people: Sequence[Person], random: Random) -> None:
    """Have most of *people* open their spaces, and others comment there."""
    writers = {}
    for language in LANGUAGES:
        writers[language] = Writer(random, language, read(PACKAGE, language)["lists"])
    for person in people:
        if random.random() < OPEN:
            Visits(request, person, people, writers).make()
    for person in people:
        for work in works_of(request, person):
            Visits(request, person, people, writers).read(work)


def works_of(request: Any, person: Person) -> Iterator[Any]:
    """Yield what *person* wrote for all members that takes comments on a page of its own."""
    authored = request.find_service(IAuthored)
    for name, kind in sorted(kinds_of(request.registry).items()):
        for number in authored.items(person.uid, name, most=WORKS):
            found = find_thing(request, number) if kind.find(request, number) else None
            if found is not None and has_page(found) and found.effective_audience().is_common:
                yield found


class Visits:
    """What is said on the space of one person."""

    def __init__(
        self, request: Any, host: Person, people: Sequence[Person], writers: dict[str, Writer]
    ) -> None:
        self.request, self.host = request, host
        self.writers = writers
        self.random = writers[host.language].random
        self.rules: Any = request.find_service(IRules)
        self.words: Any = request.find_service(ICommenting)
        self.last = clock.now(request) - timedelta(hours=4)  # that anybody comes
        self.near = [one for one in people if one.language == host.language and one is not host]

    def make(self) -> None:
        """Open the space, show it, and let guests come one after the other."""
        readers = self.random.choice(READERS)
        who = Audience("contacts" if readers == "contacts" else "members")
        approval = self.random.random() < APPROVING
        with clock.at(self.request, self.host.joined + timedelta(hours=2)):
            self.rules.open_space(self.host.uid, Audience(readers), who, approval=approval)
        self.show()
        for guest, moment in self.guests(who.level, GUESTS, self.host.joined):
            self.visit(guest, moment, *self.thread(guest))

    def read(self, work: Any) -> None:
        """Let members comment *work*, whatever holds for the space, and some of them do."""
        written = moment_of(work.created)
        with clock.at(self.request, max(written, self.host.joined) + timedelta(hours=2)):
            self.rules.limit(work, MEMBERS)
        for guest, moment in self.guests("members", COMMENTERS, written):
            self.visit(guest, moment, self.rules.thread(work), "work")

    def visit(self, guest: Person, moment: datetime, thread: Thread, about: str) -> None:
        """Have *guest* comment in *thread*, and the host react."""
        with clock.at(self.request, moment):
            comment = self.words.add(thread, guest.uid, self.say(guest, about))
        self.answer(comment, moment, about)

    def show(self) -> None:
        """Have the space show its comments, after what it shows already."""
        account = self.request.find_service(IMembers).by_uid(self.host.uid)
        profiles = self.request.find_service(IProfiles)
        placed = [pair for pair in profiles.profile(account).blocks if pair[0] != NAME]
        profiles.arrange(account, [*placed, (NAME, True)])

    def guests(self, who: str, most: int, start: datetime) -> Iterator[tuple[Person, datetime]]:
        """Yield who comes after *start*, and when: nobody who may not, or with a block."""
        contacts, uid = self.request.find_service(IContacts), self.host.uid
        may = [one for one in self.near if not contacts.blocked(uid, one.uid)]
        may = [one for one in may if self.first(one, start) < self.last]
        if who == "contacts":
            may = [one for one in may if contacts.are_contacts(uid, one.uid)]
        count = min(len(may), self.random.randint(0, most))
        visits = [(self.moment(one, start), one) for one in self.random.sample(may, count)]
        for moment, guest in sorted(visits, key=lambda visit: visit[0]):
            yield guest, moment

    def moment(self, guest: Person, start: datetime) -> datetime:
        """Return when *guest* comes after *start*, so that answers are in the past, too."""
        first = self.first(guest, start)
        return first + (self.last - first) * self.random.random()

    def first(self, guest: Person, start: datetime) -> datetime:
        """Return from when after *start* on *guest* may come."""
        return max(start, self.host.joined, guest.joined) + timedelta(hours=3)

    def thread(self, guest: Person) -> tuple[Thread, str]:
        """Return what *guest* comments: the space, or a part of it that every member may read."""
        account = self.request.find_service(IMembers).by_uid(self.host.uid)
        parts = [
            one
            for one in self.request.find_service(IProfiles).profile(account).of_kind("interest")
            if one.effective_audience().is_common
        ]
        if parts and self.random.random() < ON_A_PART:
            found: Thread = self.rules.thread(self.random.choice(parts))
            return found, "part"
        own: Thread = self.rules.thread(self.rules.wall(self.host.uid))
        return own, "space"

    def say(self, guest: Person, about: str) -> str:
        """Return what *guest* says."""
        writer = self.writers[guest.language]
        return writer.choose(writer.lists[about], host=self.host.login)

    def answer(self, comment: Comment, moment: datetime, about: str) -> None:
        """Have the host approve *comment* where it waits, and perhaps answer."""
        if comment.waits:
            if self.random.random() < LEFT_WAITING:
                return
            with clock.at(self.request, moment + PAUSE):
                self.words.approve(comment)
        if self.random.random() < ANSWERED:
            writer = self.writers[self.host.language]
            with clock.at(self.request, moment + 2 * PAUSE):
                words = writer.choose(writer.lists["reply" if about == "work" else "answer"])
                self.words.add(comment.thread, self.host.uid, words, comment)

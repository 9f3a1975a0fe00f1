"""Whom the people of a demo know: contacts, requests that wait, circles, and a few blocks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from communicate import clock
from communicate.demo.people import Person
from communicate.demo.writing import Writer
from communicate.interfaces import IContacts
from communicate.notifications.services import make_inbox

KNOWN = 5  # people whom somebody asks, on average
MOST = 40
WAITING, DECLINED, WITHDRAWN = 0.1, 0.04, 0.02  # of the requests
NOTED, LOOKING = 0.4, 0.85
BLOCKING = 0.03  # of the people
CIRCLES = 3  # of one person at most
Words = Mapping[str, Mapping[str, Any]]


def make(request: Any, people: Sequence[Person], random: Random, words: Words) -> None:
    """Have *people* ask each other, in the order in which it happens; then circles and blocks."""
    scene = Scene(request, people, random, words)
    for moment, sender, to in sorted(scene.meetings(), key=lambda meeting: meeting[0]):
        with clock.at(request, moment):
            scene.ask(sender, to)
    for person in people:
        scene.sort_out(person)
    scene.fall_out()


class Scene:
    """The people, what they write to each other, and who stands how to whom."""

    def __init__(
        self, request: Any, people: Sequence[Person], random: Random, words: Words
    ) -> None:
        self.service: Any = request.find_service(IContacts)
        self.request = request
        self.people = people
        self.present = clock.now(request)
        self.random = random
        self.writers = {name: Writer(random, name, lists) for name, lists in words.items()}

    def meetings(self) -> Iterator[tuple[datetime, Person, Person]]:
        """Yield when who asks whom: mostly people of the same language, and some know many."""
        for place, person in enumerate(self.people):
            wanted = min(MOST, round(self.random.expovariate(1 / KNOWN)))
            others = [*self.people[:place], *self.people[place + 1 :]]
            near = [one for one in others if one.language == person.language]
            known: set[int] = set()
            for _time in range(wanted):
                pool = near if near and self.random.random() < 0.85 else others
                if not pool:
                    return
                other = pool[int(len(pool) * self.random.random() ** 1.4)]
                if other.uid not in known:
                    known.add(other.uid)
                    yield self.moment(person, other), person, other

    def moment(self, one: Person, other: Person) -> datetime:
        """Return a moment at which both are members."""
        start = max(one.joined, other.joined)
        left = self.present - start - timedelta(minutes=5)
        return start + left * self.random.random()

    def ask(self, sender: Person, to: Person) -> None:
        """Have *sender* ask *to*, who answers now, later or not at all."""
        service, drawn = self.service, self.random.random()
        noted = self.random.random() < NOTED
        note = self.writers[sender.language].choose(self.lists(sender)["note"]) if noted else ""
        service.request(sender.uid, to.uid, note)
        if service.are_contacts(sender.uid, to.uid) or drawn < WAITING:
            return
        self.look(to)
        if drawn < WAITING + DECLINED:
            service.decline(to.uid, sender.uid)
        elif drawn < WAITING + DECLINED + WITHDRAWN:
            service.withdraw(sender.uid, to.uid)
        else:
            service.accept(to.uid, sender.uid)
            if self.random.random() < LOOKING:
                self.look(sender)

    def look(self, person: Person) -> None:
        """Have *person* look at what there is to be told."""
        inbox = make_inbox(self.request, person.uid)
        for number in list(inbox.open.values()):
            inbox.read(number)

    def sort_out(self, person: Person) -> None:
        """Put some of the contacts of *person* into circles."""
        held = set(self.service.contacts(person.uid))
        known = [one.uid for one in self.people if one.uid in held]
        names = self.random.sample(self.lists(person)["circle"], CIRCLES)
        for name in names[: self.random.randint(0, min(CIRCLES, len(known) // 3))]:
            number = self.service.make_circle(person.uid, name)
            for uid in self.random.sample(known, self.random.randint(2, len(known))):
                self.service.put(person.uid, number, uid)

    def fall_out(self) -> None:
        """Have a few block somebody whom they do not know."""
        for person in self.people[3:]:  # those who look after the site see everybody
            other = self.random.choice(self.people[3:])
            if self.random.random() < BLOCKING and other is not person:
                self.service.block(person.uid, other.uid)

    def lists(self, person: Person) -> Mapping[str, Any]:
        """Return the words that *person* uses."""
        return self.writers[person.language].lists

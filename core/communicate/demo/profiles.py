"""What the people of a demo show of themselves, each thing to whom they like."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from communicate import clock
from communicate.audience import LEVELS, Audience
from communicate.demo.people import DOMAIN, Person
from communicate.demo.pictures import paint
from communicate.demo.writing import Writer
from communicate.interfaces import IContacts, IMembers
from communicate.principals import circle, member
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import STANDING

EMPTY = 0.12  # of the people say nothing
# How often each level is chosen, narrow to wide, for what is near to a person and what is not.
NEAR, FAR, STANDS = (30, 35, 15, 18, 2), (8, 15, 7, 45, 25), (20, 15, 3, 47, 15)
Words = Mapping[str, Mapping[str, Any]]
Said = tuple[str, Sequence[int], dict[str, Any]]  # kind, how often each level, values


def make(request: Any, people: Sequence[Person], random: Random, words: Words) -> None:
    """Fill the spaces of most of *people*."""
    writers = {name: Writer(random, name, lists) for name, lists in words.items()}
    for person in people:
        if random.random() >= EMPTY:
            Portrait(request, person, random, writers[person.language]).draw()


class Portrait:
    """One person's space."""

    def __init__(self, request: Any, person: Person, random: Random, writer: Writer) -> None:
        self.request = request
        self.person = person
        self.random = random
        self.writer = writer
        self.profiles: Any = request.find_service(IProfiles)
        self.contacts: Any = request.find_service(IContacts)
        self.members: Any = request.find_service(IMembers)
        self.member = self.members.by_uid(person.uid)

    def draw(self) -> None:
        """Put the elements in, one after the other, and say what may be seen besides."""
        for number, (kind, weights, values) in enumerate(self.said()):
            given = {**values, "audience": self.audience(weights)}
            with clock.at(self.request, self.moment(number)):
                self.profiles.add(self.member, kind, given)
        for number, kind in enumerate(STANDING, 30):
            if self.often(0.8):
                audience = self.audience(STANDS)
                with clock.at(self.request, self.moment(number)):
                    self.profiles.limit(self.profiles.stand(self.member, kind), audience)

    def moment(self, number: int) -> datetime:
        """Return when the thing of that *number* is said: in the hour after joining."""
        return self.person.joined + timedelta(seconds=70 * (number + 1))

    def said(self) -> Iterator[Said]:
        """Yield what this person says."""
        person, lists = self.person, self.writer.lists
        if self.often(0.85):
            yield "name", FAR, {"value": person.name}
        if self.often(0.6):
            yield "picture", FAR, {"value": person.name, "picture": paint(self.random)}
        if self.often(0.6):
            yield "text", FAR, {"value": self.writer.choose(lists["about"])}
        for kind, share, most in (("place", 0.7, 1), ("language", 0.7, 3), ("interest", 0.8, 5)):
            if self.often(share):
                count = self.random.randint(1, most)
                for value in self.random.sample(list(lists[kind]), count):
                    yield kind, FAR, {"value": value}
        if self.often(0.6):
            yield "occupation", FAR, {"value": self.random.choice(lists["occupation"])}
        yield from self.near()

    def near(self) -> Iterator[Said]:
        """Yield what is nearer to this person."""
        random, lists, login = self.random, self.writer.lists, self.person.login
        if self.often(0.5):
            born = date(random.randint(1945, 2006), random.randint(1, 12), random.randint(1, 28))
            yield "birthday", NEAR, {"value": born, "shows_year": self.often(0.4)}
        if self.often(0.3):
            yield "web", FAR, {"value": f"https://{login}.example", "label": lists["own"]}
        if self.often(0.4):  # numbers that are nobody's: ARCEP sets them aside for films
            number = f"06 39 98 {random.randint(0, 99):02} {random.randint(0, 99):02}"
            yield "phone", NEAR, {"value": number}
        if self.often(0.3):
            yield "email", NEAR, {"value": f"{login}@{DOMAIN}"}
        if self.often(0.3):
            street, town = random.choice(lists["street"]), random.choice(lists["town"])
            address = f"{random.randint(1, 40)} {street}\n{town}"
            yield "postal", NEAR, {"value": address, "label": lists["home"]}
        if self.often(0.4):
            label, _, value = random.choice(lists["other"]).partition("|")
            yield "other", FAR, {"value": value, "label": label}

    def often(self, share: float) -> bool:
        """Tell whether it is so, for that *share* of the people."""
        return self.random.random() < share

    def audience(self, weights: Sequence[int]) -> Audience:
        """Return who reads a thing, each level as often as *weights* say."""
        (level,) = self.random.choices(LEVELS, weights)
        if level != "chosen":
            return Audience(level)
        chosen = self.chosen()
        return Audience(level, chosen) if chosen else Audience("contacts")

    def chosen(self) -> list[str]:
        """Return a circle and perhaps some contacts of this person, if there are any."""
        uid = self.person.uid
        names = [circle(one.id) for one in self.contacts.circles(uid)]
        found = [self.random.choice(names)] if names else []
        known = sorted(self.contacts.contacts(uid), key=self.members.login_of)
        return found + [member(other) for other in known[: self.random.randint(0, 2)]]

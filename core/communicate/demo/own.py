"""Core's part of a demo: what people say of themselves, and whom they know."""

from collections.abc import Sequence
from random import Random
from typing import Any

from communicate.demo import contacts, profiles
from communicate.demo.people import Person
from communicate.demo.writing import read
from communicate.notifications import plans
from communicate.notifications.services import make_inbox


def make(request: Any, people: Sequence[Person], random: Random) -> None:
    """Make what core keeps of *people*."""
    for person in people:  # nobody reads mail at their addresses
        make_inbox(request, person.uid).choices = {plans.ALL: plans.NEVER}
    words = read("communicate.demo", "people")
    contacts.make(request, people, random, words)
    profiles.make(request, people, random, words)

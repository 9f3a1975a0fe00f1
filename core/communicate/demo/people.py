"""The people of a demo: who they are, drawn from a seed, and their accounts."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from communicate import clock
from communicate.demo.writing import read
from communicate.interfaces import IMembers

DOMAIN = "demo.example"  # nobody's (RFC 2606)
FRENCH = 0.7  # of the people
OLDEST = timedelta(days=540)
NAMES = read("communicate.demo", "names")
STYLES = ("{first}.{last}", "{first}.{last}", "{first}{last}", "{f}{last}", "{first}_{last}")


@dataclass(frozen=True)
class Draft:
    """Somebody who has no account yet."""

    login: str
    name: str
    language: str
    joined: datetime


@dataclass(frozen=True)
class Person:
    """A member of the demo; *name* is what friends say, the login is what the site knows."""

    uid: int
    login: str
    name: str
    language: str
    joined: datetime

    @property
    def first(self) -> str:
        """The first name."""
        return self.name.partition(" ")[0]


def draw(request: Any, random: Random, wanted: int) -> list[Draft]:
    """Return *wanted* people whose logins are free, in the order in which they join."""
    present, members = clock.now(request), request.find_service(IMembers)
    ages = sorted((random.random() ** 2 * OLDEST for _ in range(wanted)), reverse=True)
    taken: set[str] = set()
    return [_draft(random, members, taken, present - age - timedelta(hours=1)) for age in ages]


def _draft(random: Random, members: Any, taken: set[str], joined: datetime) -> Draft:
    """Return somebody whose login is neither in *taken*, where it goes, nor on the site."""
    language = "fr" if random.random() < FRENCH else "en"
    first, last = (random.choice(NAMES[part][language].split()) for part in ("first", "last"))
    style = random.choice(STYLES)
    base = style.format(first=plain(first), last=plain(last), f=plain(first)[0])
    login, number = base, 2
    while login in taken or members.taken(login):
        login, number = f"{base}{number}", number + 1
    taken.add(login)
    return Draft(login, f"{first} {last}", language, joined)


def plain(name: str) -> str:
    """Return *name* as it is written in a login."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def make(request: Any, drafts: Sequence[Draft], secret: str) -> list[Person]:
    """Give each of *drafts* an account with the hash *secret* of a password."""
    members, made = request.find_service(IMembers), []
    for draft in drafts:
        with clock.at(request, draft.joined):
            address = f"{draft.login}@{DOMAIN}"
            member = members.add(draft.login, address, secret, hashed=True, uid=uid_of(draft))
        member.language = draft.language
        member.demo = True
        made.append(Person(member.uid, draft.login, draft.name, draft.language, draft.joined))
    return made


def uid_of(draft: Draft) -> int:
    """Return the number of *draft*, the same on every site: some lists are in its order.

    A login is never given out again, and so its number is not either.
    """
    digest = hashlib.sha256(f"communicate demo {draft.login}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1 or 1


def others(request: Any) -> int:
    """Return how many members there are that no demo has made, operators left out."""
    members = request.find_service(IMembers).members.values()
    return sum(not (member.demo or "operators" in member.groups) for member in members)

"""Words that occur nowhere else, planted in what members write, and who comes across them.

    canaries = Canaries(house, {"stranger": None, "member": "marie", "owner": "olga"})
    word = canaries.plant("a post for members", ["member", "owner"])
    ...  # write *word* somewhere
    canaries.walk()
    canaries.settle()

Everybody follows every link from the home page, opens every registered view of everything in the
tree, feeds and pictures included, and searches.  A word that is seen by somebody who may not, or
never by somebody who may, is a fault.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from email import message_from_string
from html.parser import HTMLParser
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from communicate.testing.crawl import relative
from communicate.testing.doors import doors

if TYPE_CHECKING:
    from communicate.testing.house import House

COMPANION = "zanzibar"  # stands beside every word: who searches for it finds all they may read
NOBODY = "canarizzzz"  # a word of the same shape that nobody has written
LETTERS = "bcdfghjklm"
SHAPE = re.compile(f"canari[{LETTERS}]{{4}}")
SKIPPED = ("/static/", "/logout", "/login?")
FAR = 1_000  # links
SHOWN = 30  # faults in a message


@dataclass(frozen=True)
class Canary:
    """One word: where it was planted, which roles may see it, and which ones do."""

    word: str
    what: str
    may: frozenset[str]
    must: frozenset[str]


class Links(HTMLParser):
    """Collects the addresses that a page names: links, feeds, pictures."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read one element."""
        given = dict(attrs)
        target = given.get("src") if tag == "img" else given.get("href")
        if target and tag in ("a", "link", "img"):
            self.found.append(urljoin(self.address, target.removeprefix("http://localhost")))


class Canaries:
    """The words planted in *house*, and the *roles* that look for them: login, None a stranger."""

    def __init__(self, house: "House", roles: Mapping[str, str | None]) -> None:
        self.house = house
        self.roles = dict(roles)
        self.browsers = {role: house.browser(login) for role, login in roles.items()}
        self.planted: list[Canary] = []
        self.sightings: dict[str, dict[str, str]] = {role: {} for role in roles}  # word: where
        self.visited: dict[str, int] = dict.fromkeys(roles, 0)
        self._serial = count()
        self._made: set[str] = set()  # words of ours
        self._given: set[str] = set()  # those that tests brought along

    def plant(
        self, what: str, may: Iterable[str], must: Iterable[str] | None = None, word: str = ""
    ) -> str:
        """Return a new word that the roles in *may* may see; those in *must* (all of them) do.

        *word* is for what cannot hold any word, such as a date as pages show it.
        """
        self._given |= {word} - {""}
        word = word or self._new()
        may = frozenset(may)
        must = may if must is None else frozenset(must)
        self.planted.append(Canary(word, what, may, must))
        return word

    def text(self, what: str, may: Iterable[str], must: Iterable[str] | None = None) -> str:
        """Do as `plant` does, and return the word with its companion, for what can be searched."""
        return f"{self.plant(what, may, must)} {COMPANION}"

    def _new(self) -> str:
        number = next(self._serial)
        word = "canari" + "".join(LETTERS[int(digit)] for digit in f"{number:04}")
        self._made.add(word)
        return word

    # Looking

    def walk(self, roles: Iterable[str] = ()) -> None:
        """Let *roles*, or all, look everywhere, and everybody read the mail that went out."""
        addresses = [door.address for door in doors(self.house)]
        for role in roles or self.roles:
            self.look(role, ["/", f"/search?q={COMPANION}", *addresses])
        self.read_mail()

    def look(self, role: str, starts: Iterable[str], steps: int = FAR) -> None:
        """Let *role* open *starts* and what is at most *steps* links away from them."""
        browser, waiting = self.browsers[role], [(start, 0) for start in starts]
        known = {start for start, _step in waiting}
        while waiting:
            address, step = waiting.pop(0)
            reply = browser.get(address, expect_errors=True)
            self.visited[role] += 1
            self.note(role, address, reply)
            for found in filter(None, map(relative, links_of(reply, address))):
                if step < steps and found not in known and not found.startswith(SKIPPED):
                    known.add(found)
                    waiting.append((found, step + 1))

    def note(self, role: str, address: str, reply: Any) -> None:
        """Remember what *role* sees in *reply*."""
        if reply.status_int >= 500:
            raise AssertionError(f"{role} {address}: {reply.status}")
        self.hear(role, address, reply.body.decode("utf-8", "replace") + (reply.location or ""))

    def hear(self, role: str, where: str, text: str) -> None:
        """Remember what *role* comes across in *text*, on a page or by any other way."""
        for word in self.words_in(text):
            self.sightings[role].setdefault(word, where)

    def words_in(self, text: str) -> set[str]:
        """Return the words that are planted and stand in *text*."""
        return self._made.intersection(SHAPE.findall(text)) | {
            word for word in self._given if word in text
        }

    def read_mail(self) -> None:
        """Have each role read the mail that was sent to its login's address."""
        self.house.run_jobs()
        roles = {f"{login}@example.org": role for role, login in self.roles.items() if login}
        for letter in self.house.letters():
            message = message_from_string(letter)
            role = roles.get(str(message["To"]))
            if role is not None:
                body = message.get_payload(decode=True)
                text = body.decode("utf-8", "replace") if isinstance(body, bytes) else letter
                self.hear(role, "mail", text + str(message["Subject"]))

    def ask_for(self, role: str, words: Collection[str]) -> list[str]:
        """Return those of *words* about which the search says more to *role* than of no word."""

        def answer(word: str) -> str:
            page = self.browsers[role].get(f"/search?q={word}").html.main.get_text(" ", strip=True)
            return re.sub(word, "*", page)

        nothing = answer(NOBODY)
        return [word for word in words if answer(word) != nothing]

    # Judging

    def faults(self) -> list[str]:
        """Return what was seen by whom it should not be, and what was not by whom it should."""
        found = []
        for canary in self.planted:
            for role in self.roles:
                where = self.sightings[role].get(canary.word)
                if where is not None and role not in canary.may:
                    found.append(f"{canary.what}: the {role} sees it at {where}")
                if where is None and role in canary.must:
                    found.append(f"{canary.what}: the {role} never sees it")
        return found

    def settle(self) -> None:
        """Raise AssertionError with the faults, if there are any."""
        found = self.faults()
        if found:
            raise AssertionError(f"{len(found)} faults:\n" + "\n".join(found[:SHOWN]))


def links_of(reply: Any, address: str) -> list[str]:
    """Return the addresses that *reply*, the answer at *address*, leads to."""
    if reply.location:
        return [urljoin(address, reply.location.removeprefix("http://localhost"))]
    if reply.content_type != "text/html" or reply.status_int >= 400:
        return []  # what refuses leads nowhere but to what every page leads to
    reader = Links(address)
    reader.feed(reply.text)
    return reader.found

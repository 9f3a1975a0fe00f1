"""Finding: pages as what they show grows, search in many posts, the import of an archive.

``ARGS="--posts 5000 --contacts 200 --messages 1000"`` measures a smaller site,
``ARGS="--only search"`` what one part of it measures.
"""

import argparse
import itertools
import logging
import mailbox
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Any

import archive
import harness

from communicate.audience import MEMBERS
from communicate.interfaces import IContacts, IMembers
from communicate.testing.client import Client
from communicate.testing.house import PASSWORD, House
from communicate_forums.importing import run
from communicate_forums.interfaces import IForums

FEW = 5
BATCH = 100
SPARSE = 100  # one post of so many is for everyone
TURNS = 5  # of import and parsing, A B A B
UNLIMITED = {"communicate.limits.search_account": "1000000/minute"}
UNLIMITED["communicate.limits.search_address"] = "1000000/minute"
Figures = dict[str, tuple[float, str]]


class Town:
    """A site with two archives in forums, and members with few and with many contacts."""

    def __init__(self, folder: Path, posts: int, contacts: int) -> None:
        settings = {"threads": 4, **UNLIMITED}
        self.house = House(folder, ["forums"], settings)
        self.reader = self.house.member("lectrice")
        self.path = self.forums(folder, posts)
        for login, count in {"peu": FEW, "beaucoup": contacts}.items():
            self.people(self.house.member(login), login, count)
        self.house.close()
        self.server = harness.Served(folder, **settings)

    def forums(self, folder: Path, posts: int) -> str:
        """Make a forum for members and one for everyone, a hundredth as large; fill both.

        Return the address of a topic with 20 posts.
        """
        self.house.work(lambda request: self.make(request))
        for name, count in {"membres": posts - posts // SPARSE, "tous": posts // SPARSE}.items():
            box = archive.write(folder / f"{name}.mbox", count, tag=name, size=4)
            take(self.house, name, box)
        return self.house.work(self.topic)

    def make(self, request: Any) -> None:
        """Make the forums."""
        forums = request.find_service(IForums)
        forums.add_forum("membres", "Entre nous", audience=MEMBERS)
        forums.add_forum("tous", "Pour tous")

    def topic(self, request: Any) -> str:
        """Open a topic with 20 posts of a member, as long as those that are found."""
        forums = request.find_service(IForums)
        words = "\n".join(archive.lines(random.Random(2), 8))  # noqa: S311
        general = request.site["forums"]["general"]
        first = forums.open_topic(general, self.reader, "Un sujet", words)
        for _ in range(19):
            forums.reply(first.__parent__, self.reader, words)
        path: str = forums.path(first.__parent__)
        return path

    def people(self, owner: int, login: str, count: int) -> None:
        """Give member *owner* so many contacts."""
        for start in range(0, count, BATCH):
            numbers = range(start, min(start + BATCH, count))

            def know(request: Any, numbers: range = numbers) -> None:
                members, contacts = (request.find_service(one) for one in (IMembers, IContacts))
                for number in numbers:
                    name = f"{login}.{number}"
                    uid = members.add(name, f"{name}@example.org", PASSWORD).uid
                    contacts.request(uid, owner)
                    contacts.accept(owner, uid)

            self.house.work(know)
            say(".")


def say(words: str) -> None:
    """Tell whoever waits."""
    print(end=words, file=sys.stderr, flush=True)


def take(house: House, forum: str, box: Path) -> None:
    """Import the file *box* into a forum."""
    job = run.Import(house.registry, forum, box)
    job.scan()
    for _done in job.write():
        say(".")


def growth(town: Town) -> Figures:
    """Return how the page of a member grows with the number of contacts, for its owner."""
    clients = {name: town.server.client(name, PASSWORD) for name in ("peu", "beaucoup")}
    visitor = town.server.client("lectrice", PASSWORD)
    few, many, seen_few, seen_many = harness.side_by_side(
        lambda: clients["peu"].get("/members/peu"),
        lambda: clients["beaucoup"].get("/members/beaucoup"),
        lambda: visitor.get("/members/peu"),
        lambda: visitor.get("/members/beaucoup"),
    )
    return {"member_growth": (max(many / few, seen_many / seen_few), "<=1.3")}


def home(town: Town) -> Figures:
    """Return how the home page of a member with many contacts compares with a bare view."""
    client = town.server.client("beaucoup", PASSWORD)
    with harness.bare() as bare:
        page, constant = harness.side_by_side(lambda: client.get("/"), lambda: bare.get("/"))
    return {"home_vs_bare": (constant / page, ">=0.1")}


def asking(client: Client) -> Callable[[], object]:
    """Return what searches for one word after another: common, rare, several, a beginning."""
    queries = ["question", "mot17+", "le+serveur+", "mot39", "probleme+reponse+", "ver", "merci+"]
    paths = itertools.cycle([f"/search?q={query}" for query in queries])
    return lambda: client.get(next(paths))


def search(town: Town) -> Figures:
    """Return what search takes beside a page of a topic, and where little may be seen."""
    member, stranger = town.server.client("lectrice", PASSWORD), Client(town.server.port)
    topic, all_of_it, little = harness.side_by_side(
        lambda: member.get(town.path), asking(member), asking(stranger)
    )
    return {
        "search_vs_topic": (all_of_it / topic, "<=3"),
        "search_sparse": (little / all_of_it, "<=2"),
    }


def parse(box: Path) -> int:
    """Read every message with the standard library alone: headers decoded, text as text."""
    count = 0
    for message in mailbox.mbox(box):
        for name in ("Subject", "From"):
            str(make_header(decode_header(message.get(name, ""))))
        parseaddr(message["From"])
        parsedate_to_datetime(message["Date"])
        message.get_all("References")
        count += bool(text_of(message))
    return count


def text_of(message: Message) -> str:
    """Return the first plain text of *message*."""
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload.decode(part.get_content_charset() or "utf-8", "replace")
    return ""


def importing(folder: Path, count: int) -> Figures:
    """Return what an import takes beside parsing, part by part in turns."""
    house = House(folder / "import", ["forums"], {})
    ratios = []
    for turn in range(TURNS):
        box = archive.write(folder / f"{turn}.mbox", count // TURNS, seed=turn, tag=f"t{turn}x")
        start = time.perf_counter()
        read = parse(box)
        parsed, start = time.perf_counter() - start, time.perf_counter()
        take(house, "general", box)
        taken = time.perf_counter() - start
        ratios.append(taken / parsed)
        say(f" {read} in {taken:.1f} s, parsed in {parsed:.1f} s\n")
    house.close()
    return {"import_vs_parse": (statistics.median(ratios), "<=6")}


OF_A_TOWN = {"growth": growth, "home": home, "search": search}


def main() -> None:
    """Measure everything, or what is asked for."""
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--contacts", type=int, default=5_000)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--only", choices=["importing", *OF_A_TOWN])
    asked = parser.parse_args()
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        if asked.only in (None, "importing"):
            figures |= importing(Path(folder), asked.messages)
        if asked.only != "importing":
            town = Town(Path(folder) / "town", asked.posts, asked.contacts)
            with town.server:
                for name, measure in OF_A_TOWN.items():
                    figures |= measure(town) if asked.only in (None, name) else {}
    harness.report("finding", figures)


if __name__ == "__main__":
    main()

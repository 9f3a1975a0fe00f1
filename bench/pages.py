"""Forum pages: against a bare view, as they grow, and while eight people write at once."""

import logging
import re
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import harness

from communicate.testing.client import Client
from communicate.testing.house import PASSWORD, House
from communicate_forums.interfaces import IForums

WORDS = """Bonsoir à toutes et à tous. Je pars trois semaines et c’est moi qui garde la clé du
*composteur* de la place. Qui peut prendre le relais ?

Il faut ouvrir le **mercredi de 17 h à 19 h**, vérifier que personne n’a jeté d’agrumes, et brasser
une fois par semaine.

- un
- deux
"""
BATCH = 500
PATHS = {"short": 200, "long": 20_000}


class Town:
    """A site with topics of 20, 200 and 20,000 posts, and forums of 1,000 and 100,000 topics."""

    def __init__(self, folder: Path) -> None:
        limits = {"communicate.limits.posting": "1000000/hour", "communicate.new_account_days": 0}
        settings = {"forums.page_size": 20, "threads": 4, **limits}
        self.house = House(folder, ["forums"], settings)
        self.uids = [self.house.member(f"membre{n}") for n in range(8)]
        self.topics = {name: self.topic(count) for name, count in {"page": 20, **PATHS}.items()}
        self.topics["posting"] = self.topic(1)
        self.topics["serial"] = self.topic(1)
        self.forums = {"small": self.forum("small", 1_000), "large": self.forum("large", 100_000)}
        while self.house.run_jobs():  # what followers are told of this belongs to no page
            continue
        self.house.close()
        self.server = harness.Served(folder, **settings)

    def topic(self, posts: int) -> str:
        """Make a topic with *posts* posts; return its address."""
        path, first = self.house.work(lambda request: self.open(request, "general"))
        for start in range(1, posts, BATCH):
            count = min(BATCH, posts - start)
            self.house.work(lambda request, count=count: self.reply(request, first, count))
        return path

    def open(self, request: Any, forum: str) -> tuple[str, int]:
        """Open a topic in *forum*; return its address and the id of its first post."""
        forums = request.find_service(IForums)
        post = forums.open_topic(
            request.site["forums"][forum], self.uids[0], "Composteur partagé", WORDS
        )
        return forums.path(post.__parent__), post.id

    def reply(self, request: Any, first: int, count: int) -> None:
        """Add *count* posts, by everybody in turn, to the topic of the post *first*."""
        forums = request.find_service(IForums)
        topic = request.site["forums"].post(first).__parent__
        for n in range(count):
            forums.reply(topic, self.uids[n % 8], WORDS)

    def forum(self, name: str, topics: int) -> str:
        """Make a forum with *topics* topics; return its address."""
        self.house.work(
            lambda request: request.find_service(IForums).add_forum(name, name) and None
        )
        for _ in range(0, topics, BATCH):
            self.house.work(
                lambda request: [self.open(request, name) for _ in range(BATCH)] and None
            )
            print(end=".", file=sys.stderr, flush=True)
        return f"/forums/{name}"


def pages(town: Town) -> dict[str, tuple[float, str]]:
    """Return the figures of pages that are read."""
    client = town.server.client("membre1", PASSWORD)
    with harness.bare() as bare:
        topic, constant = harness.side_by_side(
            lambda: client.get(town.topics["page"]), lambda: bare.get("/")
        )
    short, long = harness.side_by_side(
        lambda: client.get(town.topics["short"]), lambda: client.get(town.topics["long"])
    )
    small, large = harness.side_by_side(
        lambda: client.get(town.forums["small"]), lambda: client.get(town.forums["large"])
    )
    return {
        "topic_vs_bare": (constant / topic, ">=0.15"),
        "topic_growth": (long / short, "<=1.15"),
        "forum_growth": (large / small, "<=1.15"),
    }


def post_many(client: Client, path: str, marks: list[str], failures: list[str]) -> None:
    """Post a reply with each of *marks*, and note what was not answered with a redirect."""
    for mark in marks:
        status = client.submit(path, body=f"{mark} {WORDS}").status
        if status != 303:
            failures.append(f"{mark}: {status}")


def posting(town: Town) -> dict[str, tuple[float, str]]:
    """Return the figures of eight people who post fifty replies each to one topic."""
    failures: list[str] = []
    clients = [town.server.client(f"membre{number}", PASSWORD) for number in range(8)]
    start = time.perf_counter()
    post_many(clients[0], town.topics["serial"], [f"serial{n}x" for n in range(100)], failures)
    serial = 100 / (time.perf_counter() - start)
    jobs = [[f"mark{number}n{n}x" for n in range(50)] for number in range(8)]
    threads = [
        threading.Thread(target=post_many, args=(client, town.topics["posting"], marks, failures))
        for client, marks in zip(clients, jobs, strict=True)
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = 400 / (time.perf_counter() - start)
    shown = read_marks(clients[0], town.topics["posting"])
    once = sum(shown.count(mark) == 1 for marks in jobs for mark in marks)
    print(
        f"posting: {failures or 'no errors'}; serial {serial:.0f}/s, together {together:.0f}/s",
        file=sys.stderr,
    )
    saved = once / 400 if not failures and len(shown) == 400 else min(once / 400, 0.999)
    return {"posting": (saved, ">=1.0"), "posting_vs_serial": (together / serial, ">=0.5")}


def read_marks(client: Client, path: str) -> list[str]:
    """Return the marks of all posts of the topic at *path*, page by page, in order."""
    found: list[str] = []
    here: str | None = path
    while here:
        text = client.get(here)
        found += re.findall(r"mark\dn\d+x", text.partition("<main")[2])
        after = re.search(r'href="([^"]*\?after=[^"#]*)"', text)
        here = after[1].replace("&amp;", "&") if after else None
    return found


def main() -> None:
    """Measure everything."""
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder))
        with town.server:
            figures = pages(town) | posting(town)
    harness.report("pages", figures)


if __name__ == "__main__":
    main()

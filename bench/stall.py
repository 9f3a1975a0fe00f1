"""Whether an erasure stalls the site: a member with many items is erased while others read.

``ARGS="--items 2000"`` erases less.  `erase_stall` is joined to the bench ``privacy``.
"""

import argparse
import re
import statistics
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import harness

from communicate.ids import decode
from communicate.testing.client import Client
from communicate.testing.house import PASSWORD, House
from communicate_forums.interfaces import IForums

TOPIC = 200  # posts
BATCH = 100  # in one transaction
WORDS = "Le tilleul penche vers le canal, et la barque attend. " * 6
READERS = 2
WARM = 10  # times that each reader has read each page before the erasure begins
PAUSE = 0.03  # seconds in which a reader reads
GOAL = "<=5"
FINISHED = re.compile(r", (?:terminé|finished) ")
PATIENCE = 900.0  # seconds for an erasure


class Village:
    """A site on which Rose wrote so many *items*, in topics that others read."""

    def __init__(self, folder: Path, items: int) -> None:
        house = House(folder, ["forums"], {})
        self.rose, self.reader = house.member("rose"), house.member("lectrice")
        for number in range(READERS):
            house.member(f"lecteur{number}")
        self.pages = [house.work(partial(self.topic, self.reader, 20))]
        for start in range(0, items, TOPIC):
            self.pages.append(self.fill(house, min(TOPIC, items - start)))
        while house.run_jobs():  # what followers are told is no part of an erasure
            continue
        house.close()
        self.server = harness.Served(folder, "forums", threads=4)

    def fill(self, house: House, posts: int) -> str:
        """Have Rose write *posts* in a topic of somebody else's; return its address."""
        path: str = house.work(partial(self.topic, self.reader, 1))
        for start in range(0, posts, BATCH):
            house.work(partial(self.reply, path, min(BATCH, posts - start)))
        return path

    def topic(self, uid: int, posts: int, request: Any) -> str:
        """Open a topic with *posts* of member *uid*; return its address."""
        forums = request.find_service(IForums)
        first = forums.open_topic(request.site["forums"]["general"], uid, "Un sujet", WORDS)
        for _each in range(posts - 1):
            forums.reply(first.__parent__, uid, WORDS)
        path: str = forums.path(first.__parent__)
        return path

    def reply(self, path: str, posts: int, request: Any) -> None:
        """Write *posts* of Rose into the topic at *path*."""
        number = decode(path.rpartition("/")[2].partition("-")[0])
        topic = request.site["forums"].topic(number)
        forums = request.find_service(IForums)
        for _each in range(posts):
            forums.reply(topic, self.rose, WORDS)


class Reader(threading.Thread):
    """Somebody who reads one page after another, and how long each took, until told to stop."""

    def __init__(self, client: Client, pages: list[str], stop: threading.Event) -> None:
        super().__init__()
        self.client, self.pages, self.stop_ = client, pages, stop
        self.begin()

    def begin(self) -> None:
        """Forget how long pages took so far."""
        self.times: dict[str, list[float]] = {page: [] for page in self.pages}

    def run(self) -> None:
        """Read."""
        while not self.stop_.is_set():
            for page in self.pages:
                began = time.perf_counter()
                self.client.get(page)
                self.times[page].append(time.perf_counter() - began)
                time.sleep(PAUSE)


def warm(rose: Client, readers: list[Reader]) -> None:
    """Let the *readers* read for a while, and have Rose look at the pages of an erasure.

    What is slow the first time is slow without an erasure, too: a page whose template is loaded,
    and a second connection, which has loaded nothing yet, where two ask at the same time.
    """
    while any(len(found) < WARM for reader in readers for found in reader.times.values()):
        time.sleep(PAUSE)
    rose.get("/account/erase")
    rose.ask("GET", "/erased?code=none")
    for reader in readers:
        reader.begin()


def erase(server: harness.Served, browser: Client) -> float:
    """Erase Rose from a *browser* of hers; return how many seconds that took until all is done."""
    began = time.monotonic()
    answer = browser.submit("/account/erase", present=PASSWORD)
    receipt = answer.headers["location"]
    while not FINISHED.search(browser.get(receipt)):
        if time.monotonic() - began > PATIENCE:
            raise RuntimeError(f"the erasure does not end:\n{server.log()[-2000:]}")
        time.sleep(0.5)
    return time.monotonic() - began


def erase_stall(folder: Path, items: int = 10_000) -> dict[str, tuple[float, str]]:
    """Return the slowest request of others while a member with *items* is erased, by the median.

    Each page is compared with itself; the worst of them counts.
    """
    village = Village(folder, items)
    with village.server as server:
        stop = threading.Event()
        clients = [server.client(f"lecteur{number}", PASSWORD) for number in range(READERS)]
        pages = [village.pages[0], village.pages[len(village.pages) // 2], "/"]
        rose = server.client("rose", PASSWORD)
        readers = [Reader(client, pages, stop) for client in clients]
        for reader in readers:
            reader.start()
        warm(rose, readers)
        took = erase(server, rose)
        stop.set()
        for reader in readers:
            reader.join()
    worst = 0.0
    for page in pages:
        found = [taken for reader in readers for taken in reader.times[page]]
        median, slowest = statistics.median(found), max(found)
        worst = max(worst, slowest / median)
        say(f"{page}: {len(found)} times, median {median:.4f} s, slowest {slowest:.4f} s")
    say(f"{items} items were erased in {took:.1f} s")
    return {"erase_stall": (worst, GOAL)}


def say(words: str) -> None:
    """Tell whoever waits."""
    print(words, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        harness.report("stall", erase_stall(Path(folder), given.items))


if __name__ == "__main__":
    main()

"""Mailboxes with much in them, and the words of one's own mail."""

import functools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from communicate.testing.house import House
from communicate_email.interfaces import IMailStore
from communicate_email.store.services import Incoming
from communicate_email.store.words import asked

BATCH, PAGE = 500, 50
SEARCHES = 9
WORDS, SIZE = 20_000, 3600  # different words; characters of a message
DOMAIN = "tilleuls.example"


@functools.cache
def vocabulary() -> list[str]:
    """Return words that are as long as those of a language, the frequent ones first."""
    draw = random.Random(7)  # noqa: S311
    letters = "eaisnrtoludcmpgbvhfqyxjkwz"
    return ["".join(draw.choices(letters, k=draw.randint(2, 10))) for _ in range(WORDS)]


@functools.cache
def weights() -> list[float]:
    """Return how often each word comes up (Zipf's law)."""
    total, found = 0.0, []
    for rank in range(1, WORDS + 1):
        total += 1 / rank
        found.append(total)
    return found


def message(number: int, size: int = SIZE) -> bytes:
    """Return a message of about *size* bytes, the same for the same *number*."""
    draw = random.Random(number)  # noqa: S311
    words = draw.choices(vocabulary(), cum_weights=weights(), k=max(size // 6, 3))
    lines = [" ".join(words[at : at + 11]) for at in range(0, len(words), 11)]
    head = (
        f"From: Luce {words[0]} <luce{number % 500}@elsewhere.example>\r\n"
        f"To: ines@{DOMAIN}\r\nSubject: {words[1]} {words[2]}\r\n"
        f"Message-ID: <{number}@elsewhere.example>\r\n"
        "Date: Mon, 30 Nov 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return (head + "\r\n".join(lines) + "\r\n").encode()


@contextmanager
def house() -> Iterator[House]:
    """Yield a house with mail, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        made = House(Path(folder), ["email"], {"email.domain": DOMAIN, "quota": "0"})
        try:
            yield made
        finally:
            made.close()


def filled(house: House, login: str, count: int, size: int) -> int:
    """Put *count* messages of *size* bytes into the inbox of a new member; return the uid."""
    uid = house.member(login)

    def fill(request: Any, start: int) -> None:
        store = request.find_service(IMailStore)
        some = range(start, min(start + BATCH, count))
        new = (Incoming(message(number, size), date=number * 60_000) for number in some)
        store.append(store.opened(uid).box("inbox"), new)

    for start in range(0, count, BATCH):
        house.work(partial(fill, start=start))
        print(end=".", file=sys.stderr, flush=True)
    return uid


def search_seconds(options: Any) -> tuple[float, str]:
    """Return the median time in which words of one's own mail are found, and the page shown."""
    with house() as made:
        uid = filled(made, "ines", options.searched, SIZE)
        words = [vocabulary()[rank] for rank in (10, 100, 500, 1000, 3000, 9000)]
        times = []
        for turn in range(SEARCHES):
            query = f"{words[turn % len(words)]} {words[(turn + 1) % len(words)]}"
            start = time.perf_counter()
            made.work(partial(search, uid=uid, query=query))
            times.append(time.perf_counter() - start)
    print(" ".join(f"{taken:.2f}" for taken in times), file=sys.stderr)
    return statistics.median(times), "<=1"


def search(request: Any, uid: int, query: str) -> int:
    """Show the first page of what *query* finds; return how many there are."""
    store = request.find_service(IMailStore)
    reading = store.reading(store.account(uid))
    found = reading.search(asked(query))
    reading.found(found[:PAGE])
    return len(found)


FIGURES = {"search_seconds": search_seconds}

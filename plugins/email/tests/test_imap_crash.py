"""kill -9 while programs put, move and delete: what was promised is so, the rest whole or not."""

import random
import re
import threading
import time
from collections import Counter

import pytest

from communicate_email.store import proof
from communicate_email.store.boxes import account_of

from .imap_crowd import numbers_in
from .reading_site import letter
from .served_mail import Served

FOLDERS = ("INBOX", "Archive", "Drafts")
SUBJECT = re.compile(rb"UID (\d+).*Subject: n(\d+)\r\n", re.DOTALL)
MOVED, FETCHED = 40, 200  # messages that are moved, and that POP3 fetches


class Crash:
    """Programs of ines and paul, what they were promised, and what they had asked for last."""

    def __init__(self, served, seed):
        self.served, self.random = served, random.Random(seed)
        self.lock = threading.Lock()
        self.next = 1_000
        self.promised = {}  # number -> folder, uid
        self.groups = []  # numbers that were put there together
        self.moving = None  # numbers that are being moved, and where to
        self.place = dict.fromkeys(range(MOVED), "INBOX")
        self.left = set(range(FETCHED))  # numbers in paul's inbox
        self.leaving = set()
        self.done = 0
        self.raised = []

    def begin(self):
        """Put there what is moved, and what is fetched."""
        with self.served.wire() as wire:
            put(wire, "INBOX", range(MOVED))
        with self.served.wire("paul") as wire:
            put(wire, "INBOX", range(FETCHED))

    # What programs do, each in a thread of its own until the server is killed

    def one(self):
        """Put one message after the other."""
        with self.served.wire() as wire:
            while True:
                self.put(wire, "INBOX", 1)

    def some(self):
        """Put some at once."""
        with self.served.wire() as wire:
            while True:
                self.put(wire, "Drafts", 4)

    def put(self, wire, folder, count):
        with self.lock:
            self.next += count
            numbers = range(self.next - count, self.next)
            self.groups.append(numbers)
        uids = put(wire, folder, numbers)
        self.promised.update((n, (folder, uid)) for n, uid in zip(numbers, uids, strict=True))
        self.done += 1

    def move(self):
        """Move some there and back."""
        with self.served.wire() as wire:
            while True:
                for here, there in (("INBOX", "Archive"), ("Archive", "INBOX")):
                    wire.ask(f"SELECT {here}")
                    found = {n: uid for n, uid in listed(wire) if n < MOVED}
                    some = self.random.sample(sorted(found), len(found) // 2)
                    if not some:
                        continue
                    self.moving = (some, there)
                    uids = ",".join(str(found[n]) for n in some)
                    good(wire.ask(f"UID MOVE {uids} {there}"))
                    self.place.update(dict.fromkeys(some, there))
                    self.moving = None
                    self.done += 1

    def fetch(self):
        """Delete some by POP3, again and again."""
        while True:
            with self.served.post("paul") as wire:
                count = int(told(wire, "STAT").split()[1])
                some = [n for n in range(1, count + 1) if self.random.random() < 0.05]
                subjects = [told(wire, f"TOP {n} 0", more=True) for n in some]
                self.leaving = {int(re.search(rb"Subject: n(\d+)", one)[1]) for one in subjects}
                for n in some:
                    told(wire, f"DELE {n}")
                told(wire, "QUIT")
                self.left -= self.leaving
                self.leaving = set()
                self.done += 1

    def go_on_until_killed(self, enough):
        """Have programs do so until *enough* was done and a moment more, and kill the server."""
        before = self.done
        threads = [
            threading.Thread(target=self.try_, args=(act,))
            for act in (self.one, self.some, self.move, self.fetch)
        ]
        for thread in threads:
            thread.start()
        last = time.monotonic() + 120
        while self.done < before + enough and time.monotonic() < last and not self.raised:
            time.sleep(0.001)
        time.sleep(self.random.uniform(0, 0.03))
        self.served.server.kill()
        for thread in threads:
            thread.join(120)
            assert not thread.is_alive()
        assert self.raised == []
        assert self.done >= before + enough

    def try_(self, act):
        """Do *act* until the connection breaks."""
        try:
            act()
        except (OSError, Broken):
            pass
        except BaseException as error:
            self.raised.append(error)

    # Afterwards

    def check(self):
        """Assert that nothing is lost or doubled; take for done what was done."""
        found = {}
        with self.served.wire() as wire:
            for folder in FOLDERS:
                wire.ask(f"SELECT {folder}")
                for number, uid in listed(wire):
                    assert number not in found, f"{number} is doubled"
                    found[number] = (folder, uid)
        assert {n: found.get(n) for n in self.promised} == self.promised
        for group in self.groups:
            assert len({n in found for n in group}) == 1, f"{group} is there in part"
        self.check_moved({n: found[n][0] for n in range(MOVED)})
        with self.served.wire("paul") as wire:
            wire.ask("SELECT INBOX")
            self.check_fetched([n for n, _uid in listed(wire)])

    def check_moved(self, places):
        some, there = self.moving or ([], "")
        if some and places[some[0]] == there:
            self.place.update(dict.fromkeys(some, there))
        self.moving = None
        assert places == self.place

    def check_fetched(self, found):
        assert max(Counter(found).values(), default=1) == 1
        if self.leaving.isdisjoint(found):
            self.left -= self.leaving
        self.leaving = set()
        assert set(found) == self.left


class Broken(Exception):
    """The server answers no more."""


def good(told):
    """Return the lines *told*; raise Broken where the last is missing."""
    if not told[-1]:
        raise Broken
    assert b" OK" in told[-1], told
    return told


def told(wire, words, *, more=False):
    """Return what POP3 answers to *words*; raise Broken where the answer is missing."""
    wire.send(words.encode() + b"\r\n")
    found = line = wire.line()
    while more and line and line != b".\r\n":
        line = wire.line()
        found += line
    if not line:
        raise Broken
    assert found.startswith(b"+OK"), found
    return found


def put(wire, folder, numbers):
    """Put letters that say *numbers*; return their uids."""
    letters = [letter(f"n{number}", Message_ID=f"<{number}@x>") for number in numbers]
    parts = b"".join(b" {%d+}\r\n%b" % (len(one), one) for one in letters)
    told = good(wire.ask(b"APPEND %b%b" % (folder.encode(), parts)))
    return numbers_in(re.search(rb"APPENDUID \d+ ([\d:,]+)", told[-1])[1])


def listed(wire):
    """Return the number and the uid of each message in the folder that is selected."""
    told = good(wire.ask("UID FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
    return [(int(at[2]), int(at[1])) for at in map(SUBJECT.search, told) if at]


def kills(folder, count, seed):
    """Kill so often, look each time, and in the end at all that the store says of itself."""
    served = Served(folder)
    served.people()
    crash = Crash(served, seed)
    try:
        served.start()
        crash.begin()
        for _time in range(count):
            crash.go_on_until_killed(crash.random.randrange(5, 20))
            served.start()
            crash.check()
    finally:
        served.server.stop()
    with served.house() as house:
        for uid in served.uids.values():
            assert house.work(lambda r, uid=uid: list(proof.faults(account_of(r, uid)))) == []


def test_two_kills_lose_and_double_nothing(tmp_path):
    kills(tmp_path / "site", 2, 1)


@pytest.mark.slow
def test_twenty_kills_lose_and_double_nothing(tmp_path):
    kills(tmp_path / "site", 20, 2)

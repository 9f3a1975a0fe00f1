"""A site that sends text messages, and somebody who writes some."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from communicate.interfaces import IClock
from communicate.testing.house import House
from communicate_sms.queue import Queue
from communicate_sms.runner import Runner
from communicate_sms.transports.passing import Outgoing

WAYS = """
un   file  path=un.jsonl   sender=2communicate
deux file  path=deux.jsonl sender=38000
"""

SECRET = "0123456789abcdef0123"
CALLING = f"""
k  kannel url=http://127.0.0.1:9/ user=site password=p secret={SECRET} sender=2communicate
t  twilio user=AC1 password=auth sender=+33700000000
v  vonage user=u password=p secret=signature-secret sender=2communicate
f  file   path=un.jsonl sender=2communicate
s  smpp   host=127.0.0.1 port=9 user=u password=p sender=38000 tls=no
"""

# Tests write to one number as often as they like.
FREELY = {
    "sms.number_limits": "off",
    "sms.number_totals": "off",
    "sms.prefix_totals": "off",
    "sms.hour_ceiling": "1000",
    "sms.day_ceiling": "1000",
    "sms.address_codes": "1000/hour",  # all tests are at one address
}
SETTINGS = {"sms.ways": WAYS, **FREELY}


class Slow:
    """A clock by which a look takes a millisecond, and no hour ends; *offset* is what has passed.

    What comes later has a later moment, for that is the order in which things are sent.
    """

    def __init__(self, begin: datetime) -> None:
        self.begin = begin
        self.offset = timedelta()
        self._looks = itertools.count()

    def now(self) -> datetime:
        """Return the moment that it shows."""
        return self.begin + self.offset + timedelta(milliseconds=next(self._looks))

    @contextmanager
    def hung_in(self, house: House) -> Iterator["Slow"]:
        """Be the clock of *house* for a block."""
        before = house.registry.getUtility(IClock)
        house.registry.registerUtility(self, IClock)
        yield self
        house.registry.registerUtility(before, IClock)


class Way:
    """A way whose operator is on the other side of a function, and remembers what it was given."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.taken: list[Outgoing] = []
        self.answer: Callable[[Outgoing], str] = lambda message: f"ref-{message.token}"

    def send(self, message: Outgoing) -> str:
        """Note *message* and answer."""
        self.taken.append(message)
        return self.answer(message)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Yield a site with two ways, for all tests of a module."""
    made = House(tmp_path_factory.mktemp("site"), ["sms"], SETTINGS)
    made.ines = made.member("ines")
    yield made
    made.close()


@pytest.fixture(scope="session")
def called(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Yield a site with ways whose operators call it, for all tests of what they bring."""
    made = House(
        tmp_path_factory.mktemp("called"),
        ["sms"],
        {"sms.ways": CALLING, "sms.routes": "+ k", "sms.wrong_calls": "5/minute", **FREELY},
    )
    for login in ("ines", "paul", "rose"):
        setattr(made, login, made.member(login))
    yield made
    made.close()


@pytest.fixture
def house(site: House) -> Iterator[House]:
    """Yield the site, and forget afterwards what waits there."""
    yield site
    site.work(forget_all)


def forget_all(request: Any) -> None:
    """Forget every message."""
    queue = Queue(request)
    for message in list(queue.tree.messages.values()):
        queue.forget(message)


@pytest.fixture
def ways() -> dict[str, Way]:
    """Return two ways."""
    return {name: Way(name) for name in ("un", "deux")}


@pytest.fixture
def runner(house: House, ways: dict[str, Way]) -> Iterator[Runner]:
    """Yield what sends by them."""
    senders = {"un": "2communicate", "deux": "38000"}
    made = Runner(house.registry, ways, senders, "https://site.example/texting/receipts/")
    yield made
    made.end()


@pytest.fixture
def write(house: House) -> Callable[..., int]:
    """Return what queues a message and returns its id."""

    def queue(number: str = "+33612345678", text: str = "Bonjour", **more: Any) -> int:
        return int(
            house.work(lambda request: Queue(request).add(house.ines, number, text, **more).id)
        )

    return queue

"""A house with two members, and a clock that can be moved."""

from datetime import UTC, datetime, timedelta

import pytest

from communicate.interfaces import IClock, IDisclosures


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self):
        self.present = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)

    def now(self):
        return self.present

    def move(self, **span):
        self.present += timedelta(**span)


@pytest.fixture
def clock(house):
    clock = Clock()
    house.registry.registerUtility(clock, IClock)
    return clock


class Ledger:
    """Short ways to what the site remembers of disclosures."""

    def __init__(self, house, clock):
        self.house, self.clock = house, clock
        self.ines, self.paul = house.member("ines"), house.member("paul")

    def record(self, uid, recipient="mail relay", purpose="mail", fields=("text", "address")):
        def record(request):
            request.find_service(IDisclosures).record(uid, recipient, purpose, fields)

        self.house.work(record)
        self.clock.move(seconds=1)

    def of(self, uid, **terms):
        return self.house.work(
            lambda request: list(request.find_service(IDisclosures).of(uid, **terms))
        )


@pytest.fixture
def ledger(house, clock):
    return Ledger(house, clock)

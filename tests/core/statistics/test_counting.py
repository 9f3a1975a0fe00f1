"""Pages are counted by day and kind, in memory, and added to the tree without conflicts."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from communicate.interfaces import IClock, IDatabase
from communicate.statistics.flushing import Flusher
from communicate.statistics.services import KEPT, read, statistics_of, store


class Clock:
    present = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)

    def now(self):
        return self.present


@pytest.fixture
def clock(house):
    clock = Clock()
    house.registry.registerUtility(clock, IClock)
    return clock


@pytest.fixture
def house_plugins():
    return ["forums"]


@pytest.fixture
def counter(house, clock):
    return house.registry.communicate_counter


def kept(house, clock):
    day = clock.present.toordinal()
    return house.work(lambda request: read(request, day, day))[day]


class TestCounting:
    def test_pages_are_counted_by_kind_and_nothing_else_is(self, house, counter, clock):
        rose = house.browser()
        for page in ("/", "/forums", "/forums?after=x", "/search?q=linden", "/privacy"):
            rose.get(page)
        rose.get("/nowhere", status=404)
        rose.get("/favicon.svg")
        rose.get("/account", status=403)
        day = clock.present.toordinal()
        assert dict(counter.counts) == {
            (day, "home"): 1,
            (day, "forums"): 2,
            (day, "search"): 1,
            (day, "texts"): 1,
        }

    def test_an_address_never_becomes_a_kind(self, house, counter, clock):
        house.member("rose")
        house.browser().get("/members")
        house.browser().get("/unsubscribe?token=abc", status="*")
        assert {kind for _day, kind in counter.counts} <= {"members", "other"}

    def test_a_request_writes_nothing(self, house, counter):
        browser = house.browser()
        browser.get("/forums")
        before = house.registry.getUtility(IDatabase).lastTransaction()
        for _each in range(5):
            browser.get("/forums")
        assert house.registry.getUtility(IDatabase).lastTransaction() == before
        assert sum(counter.counts.values()) == 6


class TestFlush:
    def test_what_was_counted_is_added_and_forgotten_in_memory(self, house, counter, clock):
        for _each in range(2):
            counter.add("home")
            counter.flush()
        assert kept(house, clock) == {"home": 2}
        assert not counter.counts

    def test_several_at_one_moment_lose_nothing(self, house, counter, clock):
        day = clock.present.toordinal()

        def flush():
            for _each in range(5):
                house.work(lambda request: store(request, {(day, "home"): 1, (day, "forums"): 2}))

        threads = [threading.Thread(target=flush) for _each in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert kept(house, clock) == {"home": 20, "forums": 40}

    def test_what_could_not_be_added_is_added_with_the_next(
        self, house, counter, clock, monkeypatch
    ):
        counter.add("home")
        with monkeypatch.context() as broken:
            broken.setattr("communicate.statistics.counting.work", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                counter.flush()
        counter.add("home")
        counter.flush()
        assert kept(house, clock) == {"home": 2}

    def test_the_thread_adds_what_is_left_when_it_stops(self, house, counter, clock):
        flusher = Flusher(house.registry, every=3600)
        flusher.start()
        counter.add("home")
        flusher.stop()
        assert kept(house, clock) == {"home": 1}

    def test_what_is_older_than_can_be_compared_goes(self, house, counter, clock):
        counter.add("home")
        counter.flush()
        clock.present += timedelta(days=KEPT + 1)
        counter.add("home")
        counter.flush()
        assert house.work(lambda request: len(statistics_of(request).days)) == 1

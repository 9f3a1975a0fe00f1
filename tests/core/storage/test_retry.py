import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import transaction
from transaction.interfaces import TransientError

from communicate.storage import retry
from communicate.storage.retry import RightOfWay, is_retryable, pause


@pytest.fixture
def slept(monkeypatch):
    """Record the seconds that would have been slept."""
    seconds = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds


class TestPause:
    def test_grows_and_is_never_longer_than_half_a_second(self, slept):
        for tried in range(1, 11):
            pause(tried)
        assert all(a <= retry.FIRST * 2**n for n, a in enumerate(slept))
        assert max(slept) <= retry.LONGEST
        assert slept[5] > slept[0]

    def test_differs_between_those_who_met(self, slept):
        for _writer in range(50):
            pause(3)
        assert len(set(slept)) > 40
        assert min(slept) >= retry.FIRST * 2


class TestIsRetryable:
    @pytest.fixture
    def manager(self):
        manager = transaction.TransactionManager(explicit=True)
        manager.begin()
        return manager

    def test_a_conflict_is(self, manager):
        assert is_retryable(manager, TransientError())

    def test_any_other_error_is_not(self, manager):
        assert not is_retryable(manager, ValueError())

    def test_an_order_to_stop_is_not(self, manager):
        assert not is_retryable(manager, KeyboardInterrupt())

    def test_a_data_manager_that_knows_its_errors_is_asked(self, manager):
        class Busy(Exception):
            pass

        class Store:
            def should_retry(self, error):
                return isinstance(error, Busy)

        manager.get().join(Store())
        assert is_retryable(manager, Busy())
        assert not is_retryable(manager, ValueError())


class TestRightOfWay:
    """Who has lost often goes first; the others go on after a while, whatever happens."""

    @pytest.fixture
    def way(self):
        return RightOfWay()

    @pytest.fixture
    def others(self):
        with ThreadPoolExecutor(4) as threads:
            yield threads

    @staticmethod
    def go(way, tried, begun=None):
        with ExitStack() as held:
            way.before(tried, held)
            if begun is not None:
                begun.set()
            return True

    @pytest.fixture
    def held(self, others):
        with ExitStack() as held:  # ends before the others are waited for
            yield held

    @pytest.fixture(autouse=True)
    def patient(self, monkeypatch):
        monkeypatch.setattr(retry, "HELD", 3_600)

    def test_who_has_not_lost_often_waits_for_nobody(self, way, others, held):
        way.before(retry.OFTEN, held)
        assert others.submit(self.go, way, 1).result(60)

    def test_who_has_lost_often_is_waited_for(self, way, others, held):
        begun = threading.Event()
        way.before(retry.OFTEN + 1, held)
        waiting = others.submit(self.go, way, 1, begun)
        assert not begun.wait(0.05)
        held.close()
        assert waiting.result(60)

    def test_nobody_waits_longer_than_a_while(self, way, others, held, monkeypatch):
        monkeypatch.setattr(retry, "HELD", 0.01)
        way.before(retry.OFTEN + 1, held)
        assert others.submit(self.go, way, 1).result(60)

    def test_one_of_those_who_have_lost_often_goes_first(self, way, others, held):
        begun = threading.Event()
        way.before(retry.OFTEN + 1, held)
        waiting = others.submit(self.go, way, retry.OFTEN + 1, begun)
        assert not begun.wait(0.05)
        held.close()
        assert waiting.result(60)

    def test_who_has_it_begins_more_without_waiting(self, way, others, held):
        begun = threading.Event()
        way.before(retry.OFTEN + 1, held)
        assert self.go(way, 1)
        assert self.go(way, retry.OFTEN + 1)
        waiting = others.submit(self.go, way, 1, begun)
        assert not begun.wait(0.05)
        held.close()
        assert waiting.result(60)

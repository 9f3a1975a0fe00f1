import time

import pytest
import transaction
from transaction.interfaces import TransientError

from communicate.storage import retry
from communicate.storage.retry import is_retryable, pause


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

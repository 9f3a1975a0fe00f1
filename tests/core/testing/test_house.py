"""What a test makes in turn is in that order, however fast it is made."""

from datetime import UTC, datetime

import pytest

from communicate import clock
from communicate.ids import new_id
from communicate.interfaces import IClock
from communicate.testing.kit import form_with

COARSE = 20_000  # microseconds: more than a piece of work takes


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """Let the machine's clock go on in leaps, so that all is of one moment but for a wait.

    Return what it has told.
    """
    told = []

    def now(self):
        moment = datetime.now(UTC)
        told.append(
            moment.replace(microsecond=moment.microsecond // COARSE * COARSE) + self.offset
        )
        return told[-1]

    monkeypatch.setattr(clock.SystemClock, "now", now)
    return told


def present(request):
    return clock.milliseconds(clock.now(request))


class TestTurns:
    def test_pieces_of_work_write_in_different_milliseconds(self, house):
        times = [house.work(present) for _ in range(9)]
        assert times == sorted(set(times))
        made = [house.work(lambda request: new_id(clock.now(request))) for _ in range(9)]
        assert made == sorted(made)

    def test_so_do_runs_of_jobs_and_what_browsers_send(self, house, told):
        form = form_with(house.browser().get("/login"), "login")
        for write in (house.run_jobs, lambda: form.submit(status="*")):
            write()
            wrote = clock.milliseconds(told[-1])
            assert house.work(present) > wrote

    def test_a_clock_of_the_test_is_not_waited_for(self, house):
        class Clock:
            def now(self):
                return datetime(2026, 4, 1, tzinfo=UTC)

        house.registry.registerUtility(Clock(), IClock)
        assert house.work(present) == house.work(present)

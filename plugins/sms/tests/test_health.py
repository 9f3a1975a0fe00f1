"""Operators are told what keeps text messages from leaving, with what helps."""

from datetime import timedelta

import pytest

from communicate.clock import milliseconds, now
from communicate_sms import health
from communicate_sms.content import WayState
from communicate_sms.queue import Queue, exchange_of

MINUTE = 60_000


@pytest.fixture
def way(house):
    """Return what says how the way ``un`` does; that is forgotten afterwards."""

    def put(**known):
        def write(request):
            state = exchange_of(request).ways["un"] = WayState()
            for name, what in known.items():
                setattr(state, name, what)

        house.work(write)

    yield put
    house.work(lambda request: exchange_of(request).ways.clear())


def wait_since(house, number, minutes, *, urgent=False):
    """Have the message *number* be due, and written, so many *minutes* ago."""

    def write(request):
        queue = Queue(request)
        message = queue.tree.messages[number]
        queue._undue(message)
        message.queued = milliseconds(now(request) - timedelta(minutes=minutes))
        queue._wait(message, 1 if urgent else message.queued)

    house.work(write)


class TestWays:
    @pytest.mark.parametrize(
        "known", [{"bound": False}, {"fault": True, "why": "un did not answer"}]
    )
    def test_one_that_is_out_of_order_is_named(self, house, way, known):
        way(**known)
        assert "out of order: un." in health.ways_work(house.registry).interpolate()

    @pytest.mark.parametrize("known", [{}, {"bound": True}, {"taken": 1}, {"missed": 1}])
    def test_one_in_order_is_not(self, house, way, known):
        way(**known)
        assert health.ways_work(house.registry) is None


class TestQueue:
    @pytest.mark.parametrize(
        ("minutes", "urgent", "stuck"),
        [(20, False, True), (20, True, True), (5, False, False), (5, True, False)],
    )
    def test_what_is_due_for_long_is_counted(self, house, write, minutes, urgent, stuck):
        wait_since(house, write(), minutes, urgent=urgent)
        said = health.queue_moves(house.registry)
        assert bool(said) == stuck
        assert not stuck or "or more: 1." in said.interpolate()

    def test_what_is_for_later_is_not(self, house, write):
        write(due=2**53)
        assert health.queue_moves(house.registry) is None

    def test_a_site_without_a_way_has_nothing_to_mend(self, house, write, monkeypatch):
        wait_since(house, write(), 20)
        monkeypatch.setitem(house.registry.settings, "sms.ways", ())
        assert health.queue_moves(house.registry) is None


def test_what_waits_for_a_decision_is_counted(house, write):
    assert health.doubts_wait(house.registry) is None
    number = write()

    def doubt(request):
        queue = Queue(request)
        message = queue.tree.messages[number]
        queue._undue(message)
        queue._doubt(message, "")

    house.work(doubt)
    assert "or not: 1." in health.doubts_wait(house.registry).interpolate()

"""How each way does is written down seldom, on change, and holds nothing of any message."""

import threading

import pytest

from communicate_sms import states
from communicate_sms.operating import ways as way_rows
from communicate_sms.queue import Outcome, exchange_of
from communicate_sms.reporting import Reports

TAKEN = Outcome(states.SENT)
AWAY = Outcome(states.WAITING, why="un has no session", fault=True)
LATER = Outcome(states.WAITING, why="un asks for patience: 88")
REFUSED = Outcome(states.FAILED, why="un refuses the message: +33612345678 Bonjour")
LOST = Outcome(states.UNCERTAIN, why="un did not answer")


class Session:
    """A transport that has a session or not."""

    def __init__(self):
        self.bound = threading.Event()


class Told(Reports):
    """Reports on a clock of the test."""

    def __init__(self, registry):
        self.passed = 0.0
        super().__init__(registry, {"un": Session(), "deux": object()}, clock=lambda: self.passed)


@pytest.fixture
def reports(house):
    house.work(lambda request: exchange_of(request).ways.clear())
    return Told(house.registry)


@pytest.fixture
def rows(house):
    """Return what operators are told of the ways ``un`` and ``deux``."""
    return lambda: house.work(way_rows)


@pytest.mark.parametrize(
    ("outcomes", "state", "why"),
    [
        ([TAKEN], "in order", ""),
        ([AWAY], "broken", "un has no session"),
        ([LOST], "broken", "un did not answer"),
        ([AWAY, TAKEN], "in order", "un has no session"),
        ([LATER], "in order", "un asks for patience: 88"),
        ([REFUSED], "in order", "un refuses the message: …"),
    ],
)
def test_a_way_is_as_its_last_message_left_it(reports, rows, outcomes, state, why):
    for outcome in outcomes:
        reports.note("deux", outcome)
    reports.tell()
    (_un, deux) = rows()
    assert (deux.state, deux.why) == (state, why)
    assert bool(deux.taken) == (TAKEN in outcomes)
    assert bool(deux.missed) == (outcomes != [TAKEN])


def test_a_way_without_its_session_is_said_to_be_so(reports, rows):
    reports.tell()
    assert [row.state for row in rows()] == ["unbound", "unused"]
    reports.transports["un"].bound.set()
    reports.passed = 60.0
    reports.tell()
    assert [row.state for row in rows()] == ["in order", "unused"]
    reports.end()
    assert [row.state for row in rows()] == ["unused", "unused"]


def test_it_is_written_once_a_minute_and_not_where_nothing_is_new(reports, rows, house):
    def serial():
        return house.work(lambda request: exchange_of(request).ways["un"]._p_serial)

    reports.tell()
    first = serial()
    reports.note("un", TAKEN)
    reports.passed = 59.0
    reports.tell()
    assert serial() == first
    reports.passed = 60.0
    reports.tell()
    second = serial()
    assert second != first
    reports.passed = 600.0
    reports.tell()
    assert serial() == second


def test_what_cannot_be_written_is_written_later(reports, rows, monkeypatch):
    def full(*_arguments):
        raise OSError

    reports.note("deux", TAKEN)
    with monkeypatch.context() as broken:
        broken.setattr("communicate_sms.reporting.work", full)
        reports.tell()
    assert rows()[1].state == "unused"
    reports.passed = 60.0
    reports.tell()
    assert rows()[1].state == "in order"


def test_moments_are_those_of_what_happened(reports, rows):
    reports.note("deux", TAKEN)
    reports.passed = 90.0
    reports.note("deux", LOST)
    reports.tell()
    (_un, deux) = rows()
    assert 89_000 < deux.missed - deux.taken < 91_000


def test_a_runner_tells_what_its_ways_do(house, runner, ways, write, rows):
    house.work(lambda request: exchange_of(request).ways.clear())
    stop = threading.Event()
    ways["un"].answer = lambda _message: stop.set() or runner.wake() or "ref"
    write()
    runner.serve(stop)
    assert [row.state for row in rows()] == ["in order", "unused"]

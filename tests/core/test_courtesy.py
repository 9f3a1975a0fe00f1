"""Jobs let requests go by, wait for none of them long, and others never wait."""

import threading
import time
from contextlib import nullcontext

import pytest

from communicate import courtesy as module
from communicate.courtesy import Courtesy

SOON, LATE = 5.0, 0.05  # seconds: something happens by then; nothing has happened by then


@pytest.fixture
def courtesy():
    return Courtesy()


@pytest.fixture
def patient(monkeypatch):
    """Have jobs wait as long as a test may take."""
    monkeypatch.setattr(module, "LONGEST", SOON)
    monkeypatch.setattr(module, "PATIENCE", SOON)


class Job(threading.Thread):
    """A thread that gives way once."""

    def __init__(self, courtesy, *, polite=True):
        super().__init__(daemon=True)
        self.courtesy, self.polite = courtesy, polite
        self.went_on = threading.Event()
        self.start()

    def run(self):
        with self.courtesy.giving_way() if self.polite else nullcontext():
            self.courtesy.give_way()
        self.went_on.set()


def test_a_job_does_not_wait_where_nobody_asks_for_anything(courtesy, patient):
    assert Job(courtesy).went_on.wait(SOON / 2)


def test_a_job_goes_on_once_the_last_request_is_answered(courtesy, patient):
    courtesy.arrived("first")
    courtesy.arrived("second")
    job = Job(courtesy)
    courtesy.answered("first")
    assert not job.went_on.wait(LATE)
    courtesy.answered("second")
    assert job.went_on.wait(SOON / 2)


def test_whoever_answers_requests_waits_for_nobody(courtesy, patient):
    courtesy.arrived("request")
    assert Job(courtesy, polite=False).went_on.wait(SOON / 2)


def test_a_job_has_its_turn_although_requests_never_end(courtesy, monkeypatch):
    monkeypatch.setattr(module, "LONGEST", LATE)
    monkeypatch.setattr(module, "PATIENCE", SOON)
    monkeypatch.setattr(module, "TURN", SOON)
    courtesy.arrived("request")
    with courtesy.giving_way():
        began = time.monotonic()
        courtesy.give_way()
        waited = time.monotonic() - began
        assert waited >= LATE
        courtesy.give_way()  # its turn has only begun
        assert time.monotonic() - began < waited + SOON / 2


def test_a_job_does_not_wait_for_a_request_that_takes_long(courtesy, monkeypatch):
    monkeypatch.setattr(module, "LONGEST", SOON)
    monkeypatch.setattr(module, "PATIENCE", LATE)
    courtesy.arrived("download")
    time.sleep(2 * LATE)
    assert Job(courtesy).went_on.wait(SOON / 2)


def test_a_job_waits_for_a_request_that_comes_while_another_takes_long(courtesy, monkeypatch):
    monkeypatch.setattr(module, "LONGEST", SOON)
    monkeypatch.setattr(module, "PATIENCE", 10 * LATE)
    courtesy.arrived("download")
    time.sleep(11 * LATE)
    courtesy.arrived("page")
    assert not Job(courtesy).went_on.wait(LATE)


def test_an_answer_that_was_never_asked_for_changes_nothing(courtesy, patient):
    courtesy.answered("nobody")
    courtesy.arrived("request")
    assert not Job(courtesy).went_on.wait(LATE)


def test_a_thread_gives_way_no_longer_than_the_block_lasts(courtesy, patient):
    courtesy.arrived("request")
    with courtesy.giving_way():
        pass
    began = time.monotonic()
    courtesy.give_way()
    assert time.monotonic() - began < SOON / 2


def test_who_lingers_goes_on_once_no_request_is_on_its_way(courtesy):
    courtesy.arrived("request")
    began = time.monotonic()
    threading.Timer(LATE, courtesy.answered, ["request"]).start()
    courtesy.linger(SOON)
    assert LATE / 2 < time.monotonic() - began < SOON


def test_who_lingers_does_so_no_longer_than_it_wants(courtesy):
    courtesy.arrived("request")
    began = time.monotonic()
    courtesy.linger(LATE)
    assert time.monotonic() - began >= LATE

"""Whoever waits is woken by what was committed, and by nothing that was undone."""

import pytest

from communicate.bells import bells_of, ring_after_commit
from communicate.testing.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"), [], {})
    yield made
    made.close()


@pytest.fixture
def rung(house):
    heard = []
    bells = bells_of(house.registry, "letters")
    bells.add(wake := lambda: heard.append("letters"))
    yield heard
    bells.remove(wake)


def test_what_is_committed_wakes_who_waits_for_that_queue(house, rung):
    house.work(lambda request: ring_after_commit(request, "letters"))
    assert rung == ["letters"]
    house.work(lambda request: ring_after_commit(request, "parcels"))
    assert rung == ["letters"]


def test_what_is_undone_wakes_nobody(house, rung):
    def undone(request):
        ring_after_commit(request, "letters")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        house.work(undone)
    assert rung == []


def test_who_has_gone_is_not_woken(house, rung):
    bells = bells_of(house.registry, "letters")
    bells.remove(wake := rung.clear)  # who never came
    bells.add(wake)
    bells.remove(wake)
    bells.ring()
    assert rung == ["letters"]

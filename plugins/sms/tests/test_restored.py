"""A site brought back from a backup sends nothing a second time."""

import time
from datetime import UTC, datetime

import pytest

from communicate.backup.events import SiteRestored
from communicate_sms import operating, states
from communicate_sms.queue import RESTORED, Queue, exchange_of

DAY = 86_400_000


@pytest.fixture
def restore(house):
    """Return what tells the site that it was brought back; it forgets that afterwards."""

    def tell(request):
        request.registry.notify(SiteRestored(request, datetime.now(UTC)))

    def forget(request):
        exchange_of(request).restored = 0

    def bring_back():
        tick()
        house.work(tell)
        tick()

    yield bring_back
    house.work(forget)


def tick():
    """Return once another millisecond has begun: what is before and after is told by it."""
    began = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 <= began:
        time.sleep(0.001)


def state(house, number):
    return house.work(lambda request: exchange_of(request).messages[number].state)


def test_what_waited_is_in_doubt_and_operators_see_why(house, runner, ways, write, restore):
    number = write()
    restore()
    runner.drain()
    assert ways["un"].taken == []
    (doubt,) = house.work(lambda request: list(operating.doubts(Queue(request))))
    assert (doubt.id, doubt.why) == (number, RESTORED)


@pytest.mark.parametrize(("again", "times"), [(True, 1), (False, 0)])
def test_what_they_decide_holds(house, runner, write, restore, again, times):
    number = write()
    restore()
    runner.drain()

    def decide(request):
        queue = Queue(request)
        queue.decide(queue.tree.messages[number], again=again)

    house.work(decide)
    runner.drain()
    assert len(runner.ways["un"].taken) == times
    assert state(house, number) == states.SENT


def test_what_they_had_sent_before_another_restore_is_in_doubt_again(
    house, runner, write, restore
):
    number = write()
    restore()
    runner.drain()

    def decide(request):
        queue = Queue(request)
        queue.decide(queue.tree.messages[number], again=True)

    house.work(decide)  # then the site is kept, it leaves, and the site is brought back
    restore()
    runner.drain()
    assert runner.ways["un"].taken == []
    assert state(house, number) == states.UNCERTAIN


def test_what_is_written_later_or_is_for_later_leaves(house, runner, ways, write, restore):
    present = house.work(lambda request: Queue(request).now)
    later = write(text="plus tard", due=present + DAY)
    restore()
    write(text="depuis")

    def have_it_be_due(request):
        queue = Queue(request)
        message = queue.tree.messages[later]
        queue._undue(message)
        queue._wait(message, queue.now)

    house.work(have_it_be_due)
    runner.drain()
    assert {message.text for message in ways["un"].taken} == {"depuis", "plus tard"}

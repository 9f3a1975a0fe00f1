"""Threads that are woken one at a time."""

import asyncio
import gc
import threading
import weakref

import pytest

from communicate.workers import Workers


@pytest.fixture
def workers():
    """Return three of them."""
    found = Workers(3, "worker")
    yield found
    found.shutdown()


def name():
    """Return the name of the thread that asks."""
    return threading.current_thread().name


def test_who_was_busy_last_is_asked_first(workers):
    gates = [threading.Event() for _ in range(3)]
    busy = [workers.submit(lambda gate=gate: (gate.wait(30), name())[1]) for gate in gates]
    for at in (1, 0, 2):
        gates[at].set()
        busy[at].result(30)
    names = [one.result() for one in busy]
    assert sorted(names) == ["worker_0", "worker_1", "worker_2"]
    until_idle(workers, 3)
    last = workers.submit(name).result(30)
    assert last in names
    for _ in range(50):
        until_idle(workers, 3)
        assert workers.submit(name).result(30) == last


def until_idle(workers, count):
    """Return once *count* threads wait for something to do."""
    pause = threading.Event()
    for _ in range(3_000):
        if len(workers._idle) == count:
            return
        pause.wait(0.01)
    raise AssertionError("they are busy")


def test_what_is_too_much_waits_and_is_done_in_its_order(workers):
    gate, done = threading.Event(), []
    busy = [workers.submit(gate.wait, 30) for _ in range(3)]
    rest = [workers.submit(done.append, number) for number in range(100)]
    assert done == []
    gate.set()
    for one in (*busy, *rest):
        one.result(30)
    assert sorted(done) == list(range(100))
    assert len(workers._threads) == 3


def test_an_error_is_for_whoever_waits_and_the_thread_goes_on(workers):
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            workers.submit(lambda: 1 / 0).result(30)
    assert workers.submit(sum, [1, 2]).result(30) == 3
    assert len(workers._threads) <= 3


def test_what_nobody_wants_any_more_is_not_done(workers):
    gate, done = threading.Event(), []
    busy = [workers.submit(gate.wait, 30) for _ in range(3)]
    unwanted = workers.submit(done.append, 1)
    assert unwanted.cancel()
    gate.set()
    for one in busy:
        one.result(30)
    workers.submit(int).result(30)
    assert done == []


def test_a_loop_has_many_things_done_at_once(workers):
    async def all_of_them():
        loop = asyncio.get_running_loop()
        return await asyncio.gather(
            *(loop.run_in_executor(workers, pow, number, 2) for number in range(500))
        )

    found = []
    thread = threading.Thread(target=lambda: found.extend(asyncio.run(all_of_them())))
    thread.start()
    thread.join(30)
    assert found == [number**2 for number in range(500)]


def test_what_was_taken_is_done_before_they_stop_and_nothing_after(workers):
    gate, done = threading.Event(), []
    for number in range(10):
        workers.submit(lambda number=number: (gate.wait(30), done.append(number)))
    threading.Timer(0.05, gate.set).start()
    workers.shutdown()
    assert sorted(done) == list(range(10))
    assert not any(thread.is_alive() for thread in workers._threads)
    with pytest.raises(RuntimeError, match="worker has been stopped"):
        workers.submit(int)


def test_what_waits_can_be_given_up_at_the_end(workers):
    gate = threading.Event()
    busy = [workers.submit(gate.wait, 30) for _ in range(3)]
    waiting = [workers.submit(int) for _ in range(5)]
    workers.shutdown(wait=False, cancel_futures=True)
    gate.set()
    assert all(one.cancelled() for one in waiting)
    assert all(one.result(30) for one in busy)


class Thing:
    """Something that may be forgotten."""

    def fail(self):
        """Raise an error, which knows this thing."""
        raise ValueError(self)


@pytest.mark.parametrize("what", [repr, Thing.fail])
def test_what_was_done_is_forgotten_at_once(workers, what):
    gc.collect()
    gc.disable()
    try:
        thing = Thing()
        seen = weakref.ref(thing)
        workers.submit(what, thing).exception(30)
        del thing
        until_idle(workers, 1)
        assert seen() is None
    finally:
        gc.enable()

"""The shelves of the outbox: who adds and does jobs at the same moment, and older sites."""

import threading
from datetime import timedelta

import pytest
import transaction
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree, OOTreeSet

from communicate.clock import milliseconds
from communicate.declarations import Job
from communicate.evolve.outbox import put_on_shelves
from communicate.ids import new_id
from communicate.interfaces import IOutbox
from communicate.outbox.content import SHELVES, Outbox, QueuedJob
from communicate.outbox.runner import run_due
from communicate.outbox.services import OutboxService
from communicate.outbox.shelves import new_job_id

NAME = "sample.note"
UID = 4711


def in_threads(count, func):
    """Call *func* with a number in each of *count* threads that are there together."""
    here = threading.Barrier(count)

    def run(number):
        here.wait(10)
        func(number)
        here.wait(10)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def add(site):
    def add(payload=None, **details):
        return site.work(
            lambda request: request.find_service(IOutbox).add(NAME, payload or {}, **details)
        )

    return add


@pytest.fixture
def ran(site):
    """Return what the handler of NAME was given, in order."""
    seen = []
    site.enable("sample", Job(NAME, lambda _request, payload: seen.append(payload.get("n"))))
    return seen


@pytest.fixture
def meet(site):
    """Return what does two things to the outbox in transactions that know nothing of each other.

    The one that is committed last must be merged: nothing is tried again here.
    """

    def meet(one, other):
        both = []
        for act in (one, other):
            manager = transaction.TransactionManager(explicit=True)
            manager.begin()
            connection = site.database.open(manager)
            both.append((manager, connection))
            act(connection.root()["outbox"])
        for manager, connection in both:
            manager.commit()
            connection.close()

    return meet


def put(outbox):
    outbox.put(QueuedJob(new_job_id(outbox), NAME, None, None, 1_000))


def take(outbox):
    assert len(outbox.take(NAME, "worker", 2_000, 9_000, 8)) == 1


def finish(outbox):
    [job] = outbox.jobs.values()
    outbox.drop(job)


class TestMeeting:
    def test_who_adds_does_not_meet_who_takes_the_only_job(self, site, meet):
        site.work(lambda request: put(request.root_map["outbox"]))
        meet(put, take)
        assert site.work(lambda request: OutboxService(request).waiting()) == {NAME: 1}

    @pytest.mark.parametrize("first", [put, finish])
    def test_who_adds_does_not_meet_who_finishes_the_only_job(self, site, meet, first):
        site.work(lambda request: put(request.root_map["outbox"]))
        site.work(lambda request: take(request.root_map["outbox"]))
        meet(first, finish if first is put else put)
        assert site.work(lambda request: len(request.root_map["outbox"].jobs)) == 1

    def test_who_adds_at_once_in_different_threads_writes_different_records(self, site):
        found = []

        def write(_number):
            found.append(site.work(lambda r: r.find_service(IOutbox).add(NAME, {}) % SHELVES))

        in_threads(4, write)
        assert len(set(found)) == 4


class TestOrder:
    def test_jobs_of_all_shelves_run_in_the_order_in_which_they_are_due(self, site, add, ran):
        now = site.clock.now()

        def write(number):
            for step in range(5):
                n = step * 4 + number
                add({"n": n}, due=now + timedelta(seconds=n))

        in_threads(4, write)
        site.clock.move(seconds=30)
        assert run_due(site.registry) == 20
        assert ran == list(range(20))

    def test_the_next_to_be_due_is_the_first_of_all_shelves(self, site, add):
        now = site.clock.now()
        in_threads(3, lambda number: add(due=now + timedelta(minutes=3 - number)))
        dues = site.work(lambda request: request.root_map["outbox"].next_dues())
        assert dues == {NAME: milliseconds(now + timedelta(minutes=1))}

    def test_what_a_member_has_waiting_is_found_on_every_shelf(self, site, add):
        site.keyring.create(UID)
        in_threads(3, lambda _number: add(owner=UID))
        add()
        assert site.work(lambda r: len(r.root_map["outbox"].of_owner(UID, 10))) == 3
        assert site.work(lambda request: OutboxService(request).drop_owned(UID)) == 3
        assert site.work(lambda request: OutboxService(request).waiting()) == {NAME: 1}


class TestAnOlderSite:
    """A tree in which all jobs lie in one list, as they did before there were shelves."""

    def age(self, request):
        """Put what waits into one list; return nothing."""
        outbox = request.root_map["outbox"]
        kept = Outbox.__new__(Outbox)
        jobs, queues, owned = LOBTree(), OOBTree(), OOTreeSet()
        for job in outbox.jobs.values():
            jobs[job.id] = job
            if job.owner is not None:
                owned.insert((job.owner, job.id))
            if job.holder is None and job.id not in outbox.aside:
                queues.setdefault(job.name, OOTreeSet()).insert((job.due, job.id))
        vars(kept).update({**vars(outbox), "jobs": jobs, "queues": queues, "owned": owned})
        del vars(kept)["shelves"]
        request.root_map["outbox"] = kept

    def test_finds_all_its_jobs_again(self, site, add, ran):
        site.keyring.create(UID)
        now = site.clock.now()
        for n in range(40):
            add({"n": n}, due=now + timedelta(seconds=n), owner=UID if n % 2 else None)
        site.work(self.age)
        for _ in range(2):  # a step that was done already does nothing
            site.work(put_on_shelves.func)
        waiting = site.work(lambda request: OutboxService(request).waiting())
        assert waiting == {NAME: 40}
        assert site.work(lambda r: len(r.root_map["outbox"].of_owner(UID, 100))) == 20
        assert site.work(lambda r: set(vars(r.root_map["outbox"]))) == {
            "shelves", "holds", "aside", "periodic", "passed"
        }  # fmt: skip
        site.clock.move(minutes=5)
        assert run_due(site.registry) == 40
        assert ran == list(range(40))

    def test_keeps_what_is_held_and_what_was_set_aside(self, site, add, ran):
        held, aside, periodic = add({"n": 1}), add({"n": 2}), new_id()

        def leave(request):
            outbox = request.root_map["outbox"]
            outbox.give_up(outbox.jobs[aside])
            known = QueuedJob(periodic, "sample.daily", None, None, 2_000)
            known.periodic, outbox.periodic["sample.daily"] = True, periodic
            outbox.put(known)
            present = milliseconds(site.clock.now())
            assert outbox.take(NAME, "dead", present, present + 1, 8) == [held]
            self.age(request)

        site.work(leave)
        site.work(put_on_shelves.func)
        listed = site.work(lambda request: [job.id for job in OutboxService(request).set_aside()])
        assert listed == [aside]
        waiting = site.work(lambda request: OutboxService(request).waiting())
        assert waiting == {"sample.daily": 1}
        site.clock.move(seconds=1)
        run_due(site.registry)
        assert ran == [1]

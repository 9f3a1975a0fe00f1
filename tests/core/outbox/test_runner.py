"""The runner's threads: waking, leases, stopping, and a process that is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from BTrees.Length import Length

from communicate.clock import SystemClock
from communicate.declarations import Job
from communicate.interfaces import IOutbox
from communicate.outbox.runner import Runner
from communicate.outbox.services import OutboxService

NAME = "sample.note"


def add(site, name=NAME, **payload):
    return site.work(lambda request: request.find_service(IOutbox).add(name, payload))


def until(true, seconds=10.0):
    """Wait until *true* says so; tell whether it did within *seconds*."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.005)
    return False


@pytest.fixture
def site(make_site):
    return make_site(clock=SystemClock())


@pytest.fixture
def run(site):
    """Return what starts runners of the site; all are stopped at the end."""
    started = []

    def start(**details):
        started.append(Runner(site.registry, **details))
        started[-1].start()
        return started[-1]

    yield start
    for runner in started:
        runner.stop(5)


class TestWaking:
    def test_a_committed_job_wakes_the_runner_long_before_it_would_look(self, site, run):
        done = threading.Event()
        site.enable("sample", Job(NAME, lambda _request, _payload: done.set()))
        run(poll=60)
        time.sleep(0.2)
        began = time.monotonic()
        add(site)
        assert done.wait(10)
        assert time.monotonic() - began < 5

    def test_a_job_that_is_due_soon_is_not_kept_until_the_next_look(self, site, run):
        done = threading.Event()
        site.enable("sample", Job(NAME, lambda _request, _payload: done.set()))
        run(poll=60)
        due = site.clock.now() + timedelta(seconds=0.3)
        site.work(lambda request: request.find_service(IOutbox).add(NAME, {}, due=due))
        assert done.wait(10)
        assert site.clock.now() >= due


class TestManyAtOnce:
    def test_every_job_counts_once_with_two_runners_and_four_writers(self, site, run):
        def count(request, _payload):
            request.root_map["counted"].change(1)

        site.enable("sample", Job(NAME, count))
        site.work(lambda request: request.root_map.update(counted=Length()))
        run(poll=0.05)
        run(poll=0.05)

        def write():
            for _ in range(15):
                add(site)

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        def left(request):
            return [job for job in request.root_map["outbox"].jobs.values() if job.name == NAME]

        assert until(lambda: not site.work(left))
        assert site.work(lambda request: request.root_map["counted"]()) == 60

    def test_a_handler_that_hangs_leaves_a_thread_to_the_others(self, site, run):
        hang, done = threading.Event(), threading.Event()
        site.enable("slow", Job("slow.note", lambda _request, _payload: hang.wait(20)))
        site.enable("sample", Job(NAME, lambda _request, _payload: done.set()))
        for _ in range(30):
            add(site, "slow.note")
        run(threads=3, poll=0.05)
        time.sleep(0.3)
        add(site)
        assert done.wait(10)
        hang.set()


class TestIdle:
    def test_nothing_is_written_while_nothing_is_due(self, site, run):
        run(poll=0.02, lease=timedelta(seconds=0.1))
        time.sleep(0.2)
        before = site.database.storage.lastTransaction()
        time.sleep(0.4)
        assert site.database.storage.lastTransaction() == before


class TestLease:
    def test_a_long_job_keeps_its_lease(self, site, run):
        ran = []

        def handler(_request, _payload):
            ran.append(1)
            time.sleep(2.5)

        site.enable("sample", Job(NAME, handler))
        for _ in range(2):
            run(threads=2, poll=0.05, lease=timedelta(seconds=1))
        job_id = add(site)
        assert until(
            lambda: site.work(lambda request: job_id not in request.root_map["outbox"].jobs)
        )
        assert ran == [1]

    def test_what_a_dead_worker_held_is_free_when_its_lease_runs_out(self, site, run):
        ran, lease = [], timedelta(seconds=0.4)
        site.enable("sample", Job(NAME, lambda _request, _payload: ran.append(site.clock.now())))
        add(site)
        held = Runner(site.registry, lease=lease)
        taken = site.clock.now()
        assert held._take(held.workers[0]).jobs
        run(poll=0.05)
        assert until(lambda: ran)
        assert ran[0] >= taken + lease - timedelta(milliseconds=1)  # leases are whole milliseconds

    def test_alone_it_frees_everything_at_once(self, site, run):
        done = threading.Event()
        site.enable("sample", Job(NAME, lambda _request, _payload: done.set()))
        add(site)
        held = Runner(site.registry, lease=timedelta(hours=1))
        assert held._take(held.workers[0]).jobs
        run(alone=True)
        assert done.wait(10)


class TestStop:
    def test_the_running_job_ends_and_the_rest_is_free(self, site, run):
        began, ran, runners = threading.Event(), [], []

        def handler(_request, payload):
            began.set()
            assert until(lambda: runners and runners[0]._stopping.is_set())
            ran.append(payload["n"])

        site.enable("sample", Job(NAME, handler))
        for number in range(5):
            add(site, n=number)
        runners.append(run(threads=1))
        assert began.wait(10)
        assert runners[0].stop(10) is True
        assert len(ran) == 1  # whichever: two of one millisecond have no order
        assert site.work(lambda request: OutboxService(request).waiting())[NAME] == 4
        assert site.work(
            lambda request: [len(h.jobs) for h in request.root_map["outbox"].holds.values()]
        ) in ([], [0])

    def test_a_job_that_does_not_end_is_said(self, site, run):
        began, hang = threading.Event(), threading.Event()

        def handler(_request, _payload):
            began.set()
            hang.wait(20)

        site.enable("sample", Job(NAME, handler))
        add(site)
        runner = run()
        assert began.wait(10)
        assert runner.stop(0.2) is False
        hang.set()


PROGRAM = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from conftest import SmallSite
from communicate.clock import SystemClock
from communicate.declarations import Job
from communicate.outbox.runner import Runner

def handler(request, payload):
    print("began", payload["n"], flush=True)
    time.sleep(60)

site = SmallSite(Path(sys.argv[2]), clock=SystemClock())
site.enable("sample", Job("sample.note", handler))
Runner(site.registry, threads=2).start()
time.sleep(60)
"""


class TestKilled:
    def test_what_a_killed_process_was_doing_is_done_by_the_next(self, make_site, tmp_path):
        folder = tmp_path / "killed"
        first = make_site(folder, clock=SystemClock())
        add(first, n=7)
        first.close()
        with subprocess.Popen(
            [
                sys.executable,
                "-W",
                "ignore",
                "-c",
                PROGRAM,
                str(Path(__file__).parent),
                str(folder),
            ],
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout.readline() == b"began 7\n"
            os.kill(process.pid, signal.SIGKILL)
        second = make_site(folder, clock=SystemClock())
        seen = threading.Event()
        second.enable(
            "sample", Job(NAME, lambda _request, payload: payload["n"] == 7 and seen.set())
        )
        runner = Runner(second.registry, alone=True)
        runner.start()
        assert seen.wait(10)
        assert runner.stop(5)

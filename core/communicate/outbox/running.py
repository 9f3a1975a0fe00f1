"""One job, from being taken to its outcome, each step a transaction of its own.

The handler's changes and the end of its job are one transaction: what a handler writes into the
tree happens once.  What it does outside may happen again after a crash; `once` keeps it from
being repeated when that transaction is only retried because of a conflict.
"""

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from communicate.clock import milliseconds, now
from communicate.declarations import Job
from communicate.outbox.content import QueuedJob
from communicate.outbox.errors import GiveUp, TryLater, reason
from communicate.outbox.gate import LEFT, Leaving
from communicate.outbox.services import OutboxService, outbox_of
from communicate.sealing import Destroyed
from communicate.storage.work import work

log = logging.getLogger(__name__)

TRIES = 12
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=4)
RUN = "communicate.outbox.run"


@dataclass
class Run:
    """One execution of a job, the same object through every retry of its transaction.

    *done* is what it did outside, each with what passed the gate by that.
    """

    job_id: int
    name: str
    holder: str
    done: dict[str, list[Leaving]] = field(default_factory=dict)


def once(request: Any, what: str, action: Callable[[], object]) -> None:
    """Call *action* unless this execution of the job has already done *what*."""
    run: Run | None = request.environ.get(RUN)
    if run is None:
        action()
    elif what not in run.done:
        request.environ[LEFT] = []
        action()
        run.done[what] = request.environ.pop(LEFT)
    else:
        for leaving in run.done[what]:  # its record was undone with the transaction before
            leaving.record(request)


def execute_all(
    registry: Any, jobs: dict[str, Job], runs: Sequence[Run], stops: Callable[[], bool]
) -> None:
    """Run jobs of one name to their ends, in order, until *stops*; together where they may be."""
    if len(runs) > 1 and jobs[runs[0].name].together and not stops():
        try:
            work(registry, partial(_perform_all, jobs, runs))
        except Exception as error:  # one of them fails: the others are done all the same
            log.info("%d jobs are done one by one: %s", len(runs), reason(error))
        else:
            return
    for run in runs:
        if stops():
            return
        execute(registry, jobs, run)


def _perform_all(jobs: dict[str, Job], runs: Sequence[Run], request: Any) -> None:
    for run in runs:
        _perform(jobs, run, request)


def execute(registry: Any, jobs: dict[str, Job], run: Run) -> None:
    """Run the job to its end; where it fails, record why and when it is tried again."""
    try:
        work(registry, partial(_perform, jobs, run))
    except Exception as error:
        log.warning("job %d: %s", run.job_id, reason(error))
        work(registry, partial(_failed, jobs, run, error))


def pause(tries: int) -> timedelta:
    """Return how long to wait after *tries* failures: doubling up to four hours, then varied."""
    doublings = min(tries - 1, 20)
    whole = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << doublings))
    return whole * random.uniform(0.75, 1.25)  # noqa: S311  (spreads load, protects nothing)


def held(request: Any, run: Run) -> QueuedJob | None:
    """Return the job of *run* unless it is done, dropped, or in other hands by now."""
    job: QueuedJob | None = outbox_of(request).jobs.get(run.job_id)
    return job if job is not None and job.holder == run.holder else None


def _perform(jobs: dict[str, Job], run: Run, request: Any) -> None:
    job = held(request, run)
    if job is None:
        return
    try:
        payload = OutboxService(request).payload(job)
    except Destroyed:  # its owner is erased, and the job with it
        outbox_of(request).drop(job)
        return
    request.environ[RUN] = run
    jobs[job.name].handler(request, payload)
    if held(request, run) is not None:  # the handler itself may have dropped it
        _succeeded(request, job, jobs[job.name].every)


def _succeeded(request: Any, job: QueuedJob, every: timedelta | None) -> None:
    outbox = outbox_of(request)
    if not job.periodic:
        outbox.drop(job)
        return
    job.tries, job.error = 0, None
    outbox.aside.discard(job.id)
    outbox.wait(job, next_time(request, job, every))


def next_time(request: Any, job: QueuedJob, every: timedelta | None) -> int:
    """Return when a periodic job is due after this time; times that were missed are left out."""
    present = milliseconds(now(request))
    step = int((every or timedelta(days=1)) / timedelta(milliseconds=1))
    return job.due + step if job.due + step > present else present + step


def _failed(jobs: dict[str, Job], run: Run, error: Exception, request: Any) -> None:
    job, outbox = held(request, run), outbox_of(request)
    if job is None:
        return
    job.tries += 1
    job.error = reason(error)
    if job.tries < TRIES and not isinstance(error, GiveUp):
        after = error.after if isinstance(error, TryLater) and error.after else pause(job.tries)
        outbox.wait(job, milliseconds(now(request) + after))
    elif job.periodic:  # operators see it, and it comes back at its next time
        job.tries = 0
        outbox.aside.insert(job.id)
        outbox.wait(job, next_time(request, job, jobs[job.name].every))
    else:
        outbox.give_up(job)

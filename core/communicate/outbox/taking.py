"""Taking jobs from the outbox, and giving them back: what workers agree on through the tree.

A worker holds what it took until a deadline, which the runner's heartbeat moves on.  When the
deadline passes, because the process was killed, any other worker returns the jobs to the queue.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from communicate.clock import milliseconds, now
from communicate.declarations import Job
from communicate.outbox.content import Outbox, QueuedJob
from communicate.outbox.services import outbox_of
from communicate.outbox.shelves import new_job_id

BATCH = 8
CROWD = 50  # of what is done together


@dataclass(frozen=True)
class Taken:
    """The jobs of one *name* that a worker took, or when (ms) the next one is due."""

    name: str | None
    jobs: tuple[int, ...] = ()
    next_due: int | None = None


def take(jobs: Iterable[Job], holder: str, lease: timedelta, request: Any) -> Taken:
    """Take a batch of due jobs, all of one name: the first of *jobs* that has any.

    What dead workers held is free again first.
    One name at a time, so that whatever waits behind a slow handler is its own plugin's work.
    """
    outbox, present = outbox_of(request), milliseconds(now(request))
    until = milliseconds(now(request) + lease)
    release(outbox.expired(present), request)
    dues = outbox.next_dues()
    waiting = [(job, dues[job.name]) for job in jobs if job.name in dues]
    for job, due in waiting:
        if due <= present:
            most = CROWD if job.together else BATCH
            return Taken(job.name, tuple(outbox.take(job.name, holder, present, until, most)))
    return Taken(None, next_due=min((due for _job, due in waiting), default=None))


def release(holders: Iterable[str], request: Any) -> int:
    """Return to the queues what *holders* still have; return how many jobs that is."""
    outbox, present = outbox_of(request), milliseconds(now(request))
    return sum(outbox.release(holder, present) for holder in holders)


def extend(holders: Iterable[str], lease: timedelta, request: Any) -> None:
    """Move the deadline of each of *holders* to *lease* from now."""
    outbox, until = outbox_of(request), milliseconds(now(request) + lease)
    for holder in holders:
        hold = outbox.holds.get(holder)
        if hold is not None:
            hold.until = until


def schedule(jobs: Mapping[str, Job], request: Any) -> None:
    """See to it that each periodic job waits, due one interval from now at the latest."""
    outbox, present = outbox_of(request), now(request)
    for job in jobs.values():
        if job.every is not None:
            _schedule(outbox, job.name, milliseconds(present + job.every))


def _schedule(outbox: Outbox, name: str, due: int) -> None:
    known: QueuedJob | None = outbox.jobs.get(outbox.periodic.get(name, 0))
    if known is None:
        known = QueuedJob(new_job_id(outbox), name, None, None, due)
        known.periodic = True
        outbox.periodic[name] = known.id
        outbox.put(known)
    elif known.holder is None and known.due > due:  # the interval has become shorter
        outbox.wait(known, due)

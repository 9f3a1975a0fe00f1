"""The outbox as requests see it, and as operators see what was set aside."""

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.interfaces import IOutbox, ISeals
from communicate.outbox.bell import ring_after_commit
from communicate.outbox.content import Outbox, QueuedJob
from communicate.outbox.errors import NoSuchJob
from communicate.outbox.shelves import new_job_id
from communicate.sealing import SITE

KIND = "communicate.job"


def outbox_of(request: Any) -> Outbox:
    """Return the outbox in the tree that *request* sees."""
    outbox: Outbox = request.root_map["outbox"]
    return outbox


@implementer(IOutbox)
class OutboxService:
    """Add jobs; list, retry and discard those that were set aside."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.outbox = outbox_of(request)

    def add(
        self,
        name: str,
        payload: Mapping[str, Any],
        *,
        owner: int | None = None,
        due: datetime | None = None,
    ) -> int:
        """Store a job for the handler *name*, due at once unless *due* says later; return its id.

        It exists once the transaction commits, and never otherwise.  *payload* is what JSON can
        hold (TypeError else), sealed under the key of *owner*, or of the site.
        """
        text = json.dumps(dict(payload), ensure_ascii=False, separators=(",", ":"))
        uid = SITE if owner is None else owner
        sealed = self.request.find_service(ISeals).seal(uid, KIND, text)
        moment = milliseconds(due or now(self.request))
        job = QueuedJob(new_job_id(self.outbox), name, sealed, owner, moment)
        self.outbox.put(job)
        ring_after_commit(self.request)
        return job.id

    def payload(self, job: QueuedJob) -> dict[str, Any]:
        """Return what *job* was given; raise Destroyed if its owner is erased."""
        if job.payload is None:
            return {}
        found: dict[str, Any] = json.loads(self.request.find_service(ISeals).open(job.payload))
        return found

    def set_aside(self, most: int = 100) -> list[QueuedJob]:
        """Return up to *most* jobs that failed too often or for good, the oldest first."""
        return [self.outbox.jobs[job_id] for job_id in islice(self.outbox.aside, most)]

    def retry(self, job_id: int) -> None:
        """Let a job that was set aside run again now, with all its tries; raise NoSuchJob."""
        job = self._aside(job_id)
        self.outbox.aside.remove(job_id)
        job.tries, job.error = 0, None
        self.outbox.wait(job, milliseconds(now(self.request)))
        ring_after_commit(self.request)

    def discard(self, job_id: int) -> None:
        """Forget a job that was set aside; raise NoSuchJob.

        A periodic one is only taken off the list: it goes on coming back at its times.
        """
        job = self._aside(job_id)
        if job.periodic:
            self.outbox.aside.remove(job_id)
        else:
            self.outbox.drop(job)

    def drop_owned(self, uid: int, most: int = 500) -> int:
        """Forget up to *most* jobs of member *uid*; return how many there were."""
        jobs = list(self.outbox.of_owner(uid, most))
        for job in jobs:
            self.outbox.drop(job)
        return len(jobs)

    def waiting(self) -> dict[str, int]:
        """Return how many jobs wait under each name, those of plugins that are off among them."""
        return self.outbox.waiting()

    def _aside(self, job_id: int) -> QueuedJob:
        job: QueuedJob | None = self.outbox.jobs.get(job_id)
        if job is None or job_id not in self.outbox.aside:
            raise NoSuchJob("no such job is set aside: list them again")
        return job

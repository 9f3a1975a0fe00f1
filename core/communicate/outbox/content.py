"""The persistent classes of the outbox: what waits, what is being worked on, what was given up.

Each job is an object of its own and every index is a BTree under keys that nobody else makes,
so that requests which add jobs and runners which take them merge instead of conflicting.
Times are whole milliseconds since 1970, UTC.
"""

from itertools import islice
from typing import Any

from BTrees.Length import Length
from BTrees.LOBTree import LOBTree, LOTreeSet
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent


class QueuedJob(Persistent):
    """One piece of work: which handler, whose, when, and how it went so far.

    ``payload`` is a `Sealed` JSON object, or None for an empty one; ``holder`` names the worker
    that has taken the job; ``error`` says why the last try failed, without personal data.
    """

    tries: int = 0
    error: str | None = None
    holder: str | None = None
    periodic: bool = False

    def __init__(self, job_id: int, name: str, payload: Any, owner: int | None, due: int) -> None:
        self.id = job_id
        self.name = name
        self.payload = payload
        self.owner = owner
        self.due = due


class Hold(Persistent):
    """The jobs that one worker has taken, and until when they are its own."""

    def __init__(self, until: int) -> None:
        self.until = until
        self.jobs: LOTreeSet = LOTreeSet()


class Outbox(Persistent):
    """Every job of the site, by id, and the order in which each name's jobs are due."""

    def __init__(self) -> None:
        self.jobs: LOBTree = LOBTree()  # id -> QueuedJob
        self.queues: OOBTree = OOBTree()  # name -> OOTreeSet of (due, id), without what is held
        self.holds: OOBTree = OOBTree()  # worker -> Hold
        self.aside: LOTreeSet = LOTreeSet()  # ids that an operator should look at
        self.owned: OOTreeSet = OOTreeSet()  # (uid, id)
        self.periodic: OOBTree = OOBTree()  # name -> id of the job that comes back by itself
        self.passed: OOBTree = OOBTree()  # (recipient, purpose) -> Length: what left by the gate

    def put(self, job: QueuedJob) -> None:
        """Store a new *job* and let it wait until it is due."""
        self.jobs[job.id] = job
        if job.owner is not None:
            self.owned.insert((job.owner, job.id))
        self.wait(job, job.due)

    def wait(self, job: QueuedJob, due: int) -> None:
        """Let *job*, which nobody holds any more, wait until *due*."""
        self._let_go(job)
        self._unqueue(job)
        job.due = due
        queue = self.queues.get(job.name)
        if queue is None:
            queue = self.queues[job.name] = OOTreeSet()
        queue.insert((due, job.id))

    def next_due(self, name: str) -> int | None:
        """Return when the first waiting job called *name* is due, or None where none waits."""
        queue = self.queues.get(name)
        return queue.minKey()[0] if queue else None

    def take(self, name: str, holder: str, now: int, until: int, most: int) -> list[int]:
        """Hand up to *most* due jobs called *name* to *holder* until *until*; return their ids."""
        queue = self.queues.get(name)
        due = list(islice(queue.keys(None, (now + 1,)), most)) if queue else []
        if not due:
            return []
        hold = self.holds.get(holder)
        if hold is None:
            hold = self.holds[holder] = Hold(until)
        hold.until = until
        for pair in due:
            queue.remove(pair)
            hold.jobs.insert(pair[1])
            self.jobs[pair[1]].holder = holder
        return [job_id for _due, job_id in due]

    def release(self, holder: str, due: int) -> int:
        """Let all that *holder* still has wait until *due*; return how many jobs that is."""
        hold = self.holds.pop(holder, None)
        if hold is None:
            return 0
        held = [self.jobs[job_id] for job_id in hold.jobs]
        for job in held:
            job.holder = None
            self.wait(job, due)
        return len(held)

    def expired(self, now: int) -> list[str]:
        """Return the workers whose time has run out at *now*: they were killed, or stalled."""
        return [name for name, hold in self.holds.items() if hold.until < now]

    def give_up(self, job: QueuedJob) -> None:
        """Set *job* aside: it runs again only when an operator says so."""
        self._let_go(job)
        self._unqueue(job)
        self.aside.insert(job.id)

    def drop(self, job: QueuedJob) -> None:
        """Forget *job*, because it is done or because it must not run any more."""
        self._let_go(job)
        self._unqueue(job)
        self.aside.discard(job.id)
        if job.owner is not None:
            self.owned.discard((job.owner, job.id))
        if self.periodic.get(job.name) == job.id:
            del self.periodic[job.name]
        del self.jobs[job.id]

    def of_owner(self, uid: int, most: int) -> list[QueuedJob]:
        """Return up to *most* jobs that belong to member *uid*."""
        pairs = islice(self.owned.keys((uid,), (uid + 1,)), most)
        return [self.jobs[job_id] for _uid, job_id in pairs]

    def count_passed(self, recipient: str, purpose: str) -> None:
        """Count one more thing that left to *recipient* for *purpose*."""
        counter = self.passed.get((recipient, purpose))
        if counter is None:
            counter = self.passed[(recipient, purpose)] = Length()
        counter.change(1)

    def _let_go(self, job: QueuedJob) -> None:
        if job.holder is not None:
            hold = self.holds.get(job.holder)
            if hold is not None:
                hold.jobs.discard(job.id)
            job.holder = None

    def _unqueue(self, job: QueuedJob) -> None:
        queue = self.queues.get(job.name)
        if queue is not None:
            queue.discard((job.due, job.id))


def install(root: Any) -> None:
    """Put an empty outbox into *root*, the mapping at the top of the database."""
    root.setdefault("outbox", Outbox())

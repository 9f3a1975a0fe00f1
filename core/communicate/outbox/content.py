"""The persistent classes of the outbox: what waits, what is being worked on, what was given up.

Each job is an object of its own and every index is a BTree under keys that nobody else makes,
so that requests which add jobs and runners which take them merge instead of conflicting.
Times are whole milliseconds since 1970, UTC.
"""

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import chain, islice
from typing import Any

from BTrees.Length import Length
from BTrees.LOBTree import LOBTree, LOTreeSet
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent

SHELVES = 16
# Before all that there is, and after what only stands at the beginning of a tree: see `Shelf`.
FIRST_ID, FIRST = 1, (1,)


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


class Shelf(Persistent):
    """A part of the jobs: those whose ids end alike, by id, and the order in which they are due.

    What merges records merges neither those of which one has become empty nor those that lost
    their first key, and jobs that are done at once do both all the time.  So each tree has a
    first key that stands for nothing and stays.
    """

    def __init__(self) -> None:
        self.jobs: LOBTree = LOBTree({0: None})  # id -> QueuedJob
        self.queues: OOBTree = OOBTree()  # name -> OOTreeSet of (due, id), without what is held
        self.owned: OOTreeSet = OOTreeSet([(0, 0)])  # (uid, id)

    def queue(self, name: str) -> OOTreeSet:
        """Return the queue of the jobs called *name*, made where there is none."""
        found = self.queues.get(name)
        if found is None:
            found = self.queues[name] = OOTreeSet([(0, 0)])
        return found

    def due(self, name: str, before: int) -> Iterator[tuple[int, int]]:
        """Yield due time and id of what waits under *name* until the moment *before*."""
        queue = self.queues.get(name)
        return iter(queue.keys(FIRST, (before,)) if queue else ())


class Outbox(Persistent):
    """Every job of the site, by id, and the order in which each name's jobs are due.

    They lie on several shelves, so that those who add at the same moment write different records
    (see `communicate.outbox.shelves`).
    """

    def __init__(self) -> None:
        self.shelves: tuple[Shelf, ...] = tuple(Shelf() for _ in range(SHELVES))
        self.holds: OOBTree = OOBTree()  # worker -> Hold
        self.aside: LOTreeSet = LOTreeSet()  # ids that an operator should look at
        self.periodic: OOBTree = OOBTree()  # name -> id of the job that comes back by itself
        self.passed: OOBTree = OOBTree()  # (recipient, purpose) -> Length: what left by the gate

    @property
    def jobs(self) -> "Jobs":
        """The jobs by id, in no order."""
        return Jobs(self)

    def shelf(self, job_id: int) -> Shelf:
        """Return the shelf of the job with that id."""
        return self.shelves[job_id % SHELVES]

    def put(self, job: QueuedJob) -> None:
        """Store a new *job* and let it wait until it is due."""
        shelf = self.shelf(job.id)
        shelf.jobs[job.id] = job
        if job.owner is not None:
            shelf.owned.insert((job.owner, job.id))
        shelf.queue(job.name).insert((job.due, job.id))

    def wait(self, job: QueuedJob, due: int) -> None:
        """Let *job*, which nobody holds any more, wait until *due*."""
        self._pick(job)
        job.due = due
        self.shelf(job.id).queue(job.name).insert((due, job.id))

    def next_dues(self) -> dict[str, int]:
        """Return when the first job that waits under each name is due."""
        found: dict[str, int] = {}
        for shelf in self.shelves:
            for name, queue in shelf.queues.items():
                first = next(iter(queue.keys(FIRST)), None)
                if first is not None:
                    found[name] = min(first[0], found.get(name, first[0]))
        return found

    def waiting(self) -> dict[str, int]:
        """Return how many jobs wait under each name, those of plugins that are off among them."""
        found: dict[str, int] = {}
        for shelf in self.shelves:
            for name, queue in shelf.queues.items():
                if len(queue) > 1:
                    found[name] = found.get(name, 0) + len(queue) - 1
        return found

    def take(self, name: str, holder: str, now: int, until: int, most: int) -> list[int]:
        """Hand up to *most* due jobs called *name* to *holder* until *until*; return their ids.

        Those that are due first, wherever they lie.
        """
        waiting = (shelf.due(name, now + 1) for shelf in self.shelves)
        due = list(islice(merge(*waiting), most))
        if not due:
            return []
        hold = self.holds.get(holder)
        if hold is None:
            hold = self.holds[holder] = Hold(until)
        hold.until = until
        for pair in due:
            job = self.jobs[pair[1]]
            self.shelf(job.id).queue(name).remove(pair)
            hold.jobs.insert(job.id)
            job.holder = holder
        return [job_id for _due, job_id in due]

    def release(self, holder: str, due: int) -> int:
        """Let all that *holder* still has wait until *due*; return how many jobs that is."""
        hold = self.holds.pop(holder, None)
        if hold is None:
            return 0
        jobs = self.jobs
        held = [jobs[job_id] for job_id in hold.jobs]
        for job in held:
            self.wait(job, due)
        return len(held)

    def expired(self, now: int) -> list[str]:
        """Return the workers whose time has run out at *now*: they were killed, or stalled."""
        return [name for name, hold in self.holds.items() if hold.until < now]

    def give_up(self, job: QueuedJob) -> None:
        """Set *job* aside: it runs again only when an operator says so."""
        self._pick(job)
        self.aside.insert(job.id)

    def drop(self, job: QueuedJob) -> None:
        """Forget *job*, because it is done or because it must not run any more."""
        self._pick(job)
        self.aside.discard(job.id)
        shelf = self.shelf(job.id)
        if job.owner is not None:
            shelf.owned.discard((job.owner, job.id))
        if self.periodic.get(job.name) == job.id:
            del self.periodic[job.name]
        del shelf.jobs[job.id]

    def of_owner(self, uid: int, most: int) -> list[QueuedJob]:
        """Return up to *most* jobs that belong to member *uid*."""
        of_all = (shelf.owned.keys((uid,), (uid + 1,)) for shelf in self.shelves)
        return [self.jobs[job_id] for _uid, job_id in islice(chain.from_iterable(of_all), most)]

    def count_passed(self, recipient: str, purpose: str) -> None:
        """Count one more thing that left to *recipient* for *purpose*."""
        counter = self.passed.get((recipient, purpose))
        if counter is None:
            counter = self.passed[(recipient, purpose)] = Length()
        counter.change(1)

    def _pick(self, job: QueuedJob) -> None:
        """Take *job* out of the hands that have it, or else out of its queue.

        A queue that it is not in is left alone: to look into it is to rely on nobody changing it.
        """
        if job.holder is None:
            self.shelf(job.id).queue(job.name).discard((job.due, job.id))
            return
        hold = self.holds.get(job.holder)
        if hold is not None:
            hold.jobs.discard(job.id)
        job.holder = None


class Jobs(Mapping[int, QueuedJob]):
    """The jobs of an *outbox* by id, wherever they lie: a view, for reading."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox

    def __getitem__(self, job_id: int) -> QueuedJob:
        found: QueuedJob | None = self.outbox.shelf(job_id).jobs.get(job_id)
        if found is None:
            raise KeyError(job_id)
        return found

    def __iter__(self) -> Iterator[int]:
        for shelf in self.outbox.shelves:
            yield from shelf.jobs.keys(FIRST_ID)

    def __len__(self) -> int:
        return sum(len(shelf.jobs) - 1 for shelf in self.outbox.shelves)


def install(root: Any) -> None:
    """Put an empty outbox into *root*, the mapping at the top of the database."""
    root.setdefault("outbox", Outbox())

"""Which shelf of the outbox a new job goes to, and the id that says so.

Each thread has a shelf of its own: those who add jobs at the same moment meet neither each other
nor, on the whole, the other processes of the site, which begin to count elsewhere.
"""

import itertools
import secrets
import threading

from communicate.ids import new_id
from communicate.outbox.content import SHELVES, Outbox

_next = itertools.count(secrets.randbelow(SHELVES))


class _Own(threading.local):
    """The number of this thread's shelf."""

    def __init__(self) -> None:
        self.number = next(_next) % SHELVES


_own = _Own()


def new_job_id(outbox: Outbox) -> int:
    """Return an id, for a new job in *outbox*, that lies on the shelf of this thread."""
    while True:
        number = new_id()
        number += _own.number - number % SHELVES
        if number not in outbox.jobs:
            return number

"""The work of this package that happens later."""

from datetime import timedelta
from typing import Any

from communicate.declarations import Job
from communicate.factors.waits import Waits
from communicate.storage.work import work


def sweep(request: Any, _payload: Any) -> None:
    """Remove what waited for a step in vain, a batch in each transaction."""
    while work(request.registry, lambda own: Waits(own).sweep()):
        pass


JOBS = (Job("communicate.factors.sweep", sweep, every=timedelta(minutes=15)),)

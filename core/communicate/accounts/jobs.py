"""The work of accounts that happens later: what core declares through ``communicate_jobs``."""

from datetime import timedelta
from typing import Any

from communicate.accounts.joining import JOIN_JOB, begin
from communicate.accounts.sessions import SessionService
from communicate.accounts.signing import RESET_JOB, begin_reset
from communicate.accounts.tokens import Tokens
from communicate.declarations import Job
from communicate.storage.work import work


def sweep(request: Any, _payload: Any) -> None:
    """Remove sessions, series and links whose time is over, a batch in each transaction."""
    while work(request.registry, _sweep_batch):
        pass


def _sweep_batch(request: Any) -> int:
    return SessionService(request).sweep() + Tokens(request).sweep()


JOBS = (
    Job(JOIN_JOB, begin),
    Job(RESET_JOB, begin_reset),
    Job("communicate.accounts.sweep", sweep, every=timedelta(minutes=15)),
)

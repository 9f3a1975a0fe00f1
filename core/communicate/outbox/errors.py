"""How a handler tells the runner what became of its job, and what is kept of a failure.

The text of these errors is stored and shown to operators: it never holds personal data.
"""

import traceback
from datetime import timedelta
from pathlib import PurePath


class OutboxError(Exception):
    """An error whose text may be kept: it names no member and quotes nothing."""


class TryLater(OutboxError):
    """The job failed for a passing reason; *after* asks for a pause other than the usual one."""

    def __init__(self, text: str, after: timedelta | None = None) -> None:
        super().__init__(text)
        self.after = after


class GiveUp(OutboxError):
    """The job can never succeed: it is set aside at once."""


class NoSuchJob(OutboxError):
    """No job of that number was set aside."""


def reason(error: BaseException) -> str:
    """Return why a job failed: our own words, or else the kind of *error* and where it was raised.

    The text of a foreign error is left out, for it may quote an address or a member's words.
    """
    if isinstance(error, OutboxError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if not frames:
        return name
    return (
        f"{name} in {frames[-1].name} ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})"
    )

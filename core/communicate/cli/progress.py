"""How far a long command is, with the time that is left: a bar, or a line now and then."""

import sys
import time
from types import TracebackType
from typing import Any

import click

EVERY = 10.0  # seconds between two lines where nobody looks on


class Progress:
    """A context in which `add` tells of what was done, out of *total*."""

    def __init__(self, total: int, label: str = "Importing") -> None:
        self.total = total
        self.done = 0
        self.start = self.said = time.monotonic()
        self.bar: Any = None
        if sys.stdout.isatty():
            self.bar = click.progressbar(
                length=total, label=label, show_pos=True, show_eta=True, width=30
            )

    def __enter__(self) -> "Progress":
        if self.bar is not None:
            self.bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar is not None:
            self.bar.__exit__(kind, error, trace)

    def add(self, count: int) -> None:
        """Tell that *count* more are done."""
        self.done += count
        if self.bar is not None:
            self.bar.update(count)
        elif time.monotonic() - self.said > EVERY:
            self.said = time.monotonic()
            click.echo(self.line(self.said - self.start))

    def line(self, seconds: float) -> str:
        """Return how much is done after *seconds*, and how long the rest will take."""
        left = seconds / max(self.done, 1) * (self.total - self.done)
        share = f"{self.done:,} of {self.total:,} ({self.done / max(self.total, 1):.0%})"
        return f"{share}, {spoken(left)} left"


def spoken(seconds: float) -> str:
    """Return a length of time as people say it."""
    if seconds < 60:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min"

"""What tried to leave and was refused: which code, where to; kept for operators and the kit."""

import threading
from dataclasses import dataclass
from pathlib import PurePath
from types import FrameType

MOST = 100  # attempts remembered, each counted


@dataclass(frozen=True)
class Attempt:
    """Who tried what: the plugin or core, the place in its code, the host or party.

    *fields* are those that were about to go to a party without being declared.
    """

    plugin: str
    place: str
    host: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = f"{', '.join(self.fields)} " if self.fields else ""
        return f"{self.plugin} ({self.place}) {what}to {self.host}"


class Attempts:
    """What was tried in this process, and how often."""

    def __init__(self) -> None:
        self.counts: dict[Attempt, int] = {}
        self._lock = threading.Lock()

    def add(self, attempt: Attempt) -> None:
        """Count *attempt*; beyond a hundred different ones the oldest is forgotten."""
        with self._lock:
            self.counts[attempt] = self.counts.pop(attempt, 0) + 1
            if len(self.counts) > MOST:
                del self.counts[next(iter(self.counts))]

    def newest(self) -> list[tuple[Attempt, int]]:
        """Return the attempts with their counts, the last one first."""
        with self._lock:
            return list(reversed(self.counts.items()))


told: list[Attempts] = [Attempts()]  # the first is for operators; the last is told, for the kit


def refused(attempt: Attempt) -> None:
    """Remember that *attempt* was refused."""
    told[-1].add(attempt)


def seen() -> list[tuple[Attempt, int]]:
    """Return what was refused since the start, the last first, each with its count."""
    return told[0].newest()


def culprit(frame: FrameType | None) -> tuple[str, str]:
    """Return the plugin (or ``communicate``) whose code led to *frame*, and the place in it.

    Where no code of ours is on the way, it is the innermost place.
    """
    first = frame
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package == "communicate" or package.startswith("communicate_"):
            return package.removeprefix("communicate_"), place_of(frame)
        frame = frame.f_back
    name = str(first.f_globals.get("__name__", "")) if first is not None else ""
    return name.partition(".")[0] or "python", place_of(first) if first is not None else "?"


def place_of(frame: FrameType) -> str:
    """Return module, function and line of *frame*."""
    module = frame.f_globals.get("__name__") or PurePath(frame.f_code.co_filename).name
    return f"{module}.{frame.f_code.co_name}:{frame.f_lineno}"

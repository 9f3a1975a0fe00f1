"""How often a proof may be wrong: counted before it is looked at, taken back when it is right."""

from typing import Any

from communicate.accounts.limits import TooMany
from communicate.interfaces import ILimits

Counts = tuple[tuple[str, str], ...]


class Tries:
    """The counts of one try; *resets* start anew once a proof is right, *others* only go back.

    Many tries at once cannot slip through, and who guesses gains nothing by being right elsewhere.
    """

    def __init__(self, request: Any, resets: Counts, others: Counts) -> None:
        self.limits: Any = request.find_service(ILimits)
        self.resets = resets
        self.others = others

    def begin(self) -> None:
        """Count one try more; raise `TooMany`, counting nothing, where that is one too many."""
        for name, key in (*self.resets, *self.others):
            self.limits.check(name, key)
        for name, key in (*self.resets, *self.others):
            self.limits.hit(name, key)

    def succeed(self) -> None:
        """Take the try back."""
        for name, key in self.resets:
            self.limits.forget(name, key)
        for name, key in self.others:
            self.limits.give_back(name, key)

    def are_spent(self, *names: str) -> bool:
        """Tell whether one of the limits *names* allows no further try."""
        try:
            for name, key in (*self.resets, *self.others):
                if name in names:
                    self.limits.check(name, key)
        except TooMany:
            return True
        return False

"""Say what is wrong with the settings, each fault with its cure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One setting that cannot be used: its key, what is wrong, what to do."""

    key: str
    fault: str
    cure: str

    def __str__(self) -> str:
        return f"{self.key}: {self.fault} {self.cure}".rstrip()


class BadSettings(Exception):
    """The settings cannot be used; `problems` lists every fault, not only the first."""

    def __init__(self, problems: Sequence[Problem], source: str = "the settings") -> None:
        self.problems = list(problems)
        self.source = source
        count = len(self.problems)
        head = f"{count} {'setting' if count == 1 else 'settings'} in {source} cannot be used:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))

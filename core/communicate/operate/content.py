"""What the tree keeps for operators: how large the stores are, and when they were last packed."""

from typing import Any

from persistent import Persistent


class Figures(Persistent):
    """Sizes in bytes by store, how many files of blobs, open sessions; times are milliseconds."""

    measured: int | None = None
    packed: int | None = None
    blobs = 0
    sessions = 0

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}


def install(root: Any) -> None:
    """Put empty figures into *root*, the mapping at the top of the database."""
    root.setdefault("figures", Figures())

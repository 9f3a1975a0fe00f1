"""What the people of a demo write to each other: see ``communicate demo``."""

from typing import Any


def make(request: Any, people: Any, random: Any) -> None:
    """Nothing yet."""

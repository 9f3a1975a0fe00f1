"""What a page about something that went wrong says."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Advice:
    """What a page says: what happened, and what to do."""

    title: Any
    text: Any

"""What cannot be done with mail, with a sentence that says the cure."""

from typing import Any


class Refused(ValueError):
    """Something cannot be done; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason

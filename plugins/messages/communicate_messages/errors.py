"""Why something was not done; ``reason`` is a sentence for the member."""

from typing import Any


class Refused(ValueError):
    """It cannot be done; nothing has changed."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason

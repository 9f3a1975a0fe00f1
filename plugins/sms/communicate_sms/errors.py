"""What is not sent, and why: a sentence for the member."""

from typing import Any


class Declined(ValueError):
    """Nothing is sent, for the *reason*, a translatable sentence; nothing was counted.

    *seconds* is when it can be tried again, 0 where waiting does not help.
    """

    def __init__(self, reason: Any, seconds: int = 0) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.seconds = seconds

"""What is wrong with a script, in a sentence for whoever wrote it."""

from typing import Any

from communicate_email.errors import Refused


class BadScript(Refused):
    """A script cannot be used; *line* is where, from 1, or 0 for all of it."""

    def __init__(self, reason: Any, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


class TooMuch(Exception):
    """A script takes more steps than any filter needs."""

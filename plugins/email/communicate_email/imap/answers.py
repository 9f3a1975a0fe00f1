"""Why a command was not carried out, as the client is told (RFC 9051, section 7.1; RFC 5530)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from communicate_email.errors import Refused


class Answered(Exception):
    """The command has its answer already."""


class No(Exception):
    """The command cannot be carried out: *code* is for programs, *words* for people."""

    def __init__(self, words: str, code: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.code = code


def _kind(words: str, code: str) -> Callable[[], No]:
    """Return what makes that answer anew.

    One exception that is raised again and again would keep what it came through each time.
    """
    return partial(No, words, code)


NONE_SUCH = _kind("There is no such folder", "NONEXISTENT")
TRY_CREATE = _kind("There is no such folder: make it first", "TRYCREATE")
READ_ONLY = _kind("The folder was opened to be read only", "READ-ONLY")
FULL = _kind("There is no room left: delete something, also from the trash", "OVERQUOTA")
TOO_LONG = _kind("This takes too long: look for less, or in fewer messages", "LIMIT")


def refused(error: Refused, code: str = "CANNOT") -> No:
    """Return *error* as an answer, in English: programs show it as it is."""
    words: Any = error.reason
    text = words.interpolate() if hasattr(words, "interpolate") else str(words)
    return No(" ".join(text.split()).encode("ascii", "replace").decode(), code)

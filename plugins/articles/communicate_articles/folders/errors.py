"""What is wrong with a file, in a sentence that a page translates and a command prints."""

from typing import Any

from pyramid.i18n import TranslationString, TranslationStringFactory

_ = TranslationStringFactory("communicate_articles")


class Unreadable(ValueError):
    """A file, or all of them, cannot be read; ``reason`` says why, and the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(in_english(reason))
        self.reason = reason


class BadHead(Unreadable):
    """Front matter cannot be taken; ``reason`` says why, and the cure."""


def in_english(reason: Any) -> str:
    """Return *reason* as a command prints it."""
    return str(reason.interpolate()) if isinstance(reason, TranslationString) else str(reason)

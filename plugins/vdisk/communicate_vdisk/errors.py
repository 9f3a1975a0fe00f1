"""What cannot be done with folders and files."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

_ = TranslationStringFactory("communicate_vdisk")

VIRUS = _("A virus was found in this: it is neither shared, copied nor opened. Throw it away.")


class Refused(ValueError):
    """Something cannot be done; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Spent(Exception):
    """A link has been followed by as many downloads as its owner allowed."""

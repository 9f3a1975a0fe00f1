"""Types of form values: what a browser may send at all, refused with a sentence otherwise."""

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import colander
from pyramid.i18n import TranslationStringFactory

_ = TranslationStringFactory("communicate")

NOT_TEXT = _("Send text here.")
FORBIDDEN = _(
    "This holds a character that cannot be used here. Delete it, or type the text again."
)
LAYOUT_MARKS = frozenset("\n\t")


def is_forbidden(char: str) -> bool:
    """Tell whether *char* is a control character or half of a pair that means nothing alone."""
    return unicodedata.category(char) in ("Cc", "Cs")


class Text(colander.SchemaType):
    """Text without control characters; *lines* lets it have several lines.

    Line ends become that of Unix, and composed characters are composed (NFC), unless *raw*, as for
    passwords.  What is only white space counts as nothing.
    """

    def __init__(self, *, lines: bool = False, raw: bool = False) -> None:
        self.lines = lines
        self.raw = raw

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Return *appstruct* as it is shown."""
        return colander.null if appstruct in (colander.null, None) else str(appstruct)

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Return the text; raise `colander.Invalid` where it is none."""
        if cstruct is colander.null:
            return colander.null
        if not isinstance(cstruct, str):
            raise colander.Invalid(node, NOT_TEXT)
        text = cstruct.replace("\r\n", "\n").replace("\r", "\n")
        allowed = LAYOUT_MARKS if self.lines else frozenset("\t")
        if any(char not in allowed and is_forbidden(char) for char in text):
            raise colander.Invalid(node, FORBIDDEN)
        if self.raw:
            return text or colander.null
        return unicodedata.normalize("NFC", text).strip() or colander.null


class Checked(colander.SchemaType):
    """A box that is ticked, or not; one that must be ticked is not there when it is open."""

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Return ``yes`` for a ticked box."""
        return "yes" if appstruct not in (colander.null, None, False, "") else colander.null

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Return True for a ticked box, nothing for an open one; raise `colander.Invalid`."""
        if cstruct in (colander.null, "", "no", "off", "false", "0"):
            return colander.null
        if cstruct in ("yes", "on", "true", "1"):
            return True
        raise colander.Invalid(node, _("Tick the box, or leave it open."))


class Number(Text):
    """A whole number."""

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Return the number; raise `colander.Invalid` where there is none."""
        text = super().deserialize(node, cstruct)
        if text is colander.null:
            return text
        if len(text) > 18 or not text.removeprefix("-").isdecimal():
            raise colander.Invalid(node, _("Write a whole number, in digits."))
        return int(text)


class Day(Text):
    """A day, written YYYY-MM-DD."""

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Return the `datetime.date`; raise `colander.Invalid` where there is none."""
        text = super().deserialize(node, cstruct)
        if text is colander.null:
            return text
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise colander.Invalid(node, _("Write a date such as 2026-11-23.")) from None


class Moment(Text):
    """A day and an hour, written YYYY-MM-DDTHH:MM as the viewer's clock shows it.

    An hour that a change of clocks leaves out is the one after it, as clocks then show it; of one
    that comes twice it is the first.
    """

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Return the moment as the viewer's clock shows it."""
        if not isinstance(appstruct, datetime):
            return super().serialize(node, appstruct)
        return appstruct.astimezone(_zone(node)).strftime("%Y-%m-%dT%H:%M")

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Return the moment, a `datetime` in UTC; raise `colander.Invalid` for anything else."""
        text = super().deserialize(node, cstruct)
        if text is colander.null:
            return text
        try:
            local = datetime.fromisoformat(text)
            if local.tzinfo is not None or len(text) == len("2026-11-23"):
                raise ValueError("a zone, or no hour")
            return local.replace(tzinfo=_zone(node)).astimezone(UTC)
        except (ValueError, OverflowError):
            message = _("Write a date and an hour such as 2026-11-23T08:30.")
            raise colander.Invalid(node, message) from None


def _zone(node: Any) -> Any:
    """Return the time zone of whom the form is shown to."""
    request = (node.bindings or {}).get("request")
    return UTC if request is None else request.page.formats.zone


class Upload(colander.SchemaType):
    """A file that a browser sent: it has ``filename`` and ``file``."""

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Return nothing: a file is not shown again."""
        return colander.null

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Return the upload; raise `colander.Invalid` where it is none."""
        if cstruct is colander.null:
            return colander.null
        if not hasattr(cstruct, "file"):
            raise colander.Invalid(node, _("Choose a file."))
        if any(is_forbidden(char) for char in cstruct.filename):
            raise colander.Invalid(node, FORBIDDEN)
        return cstruct

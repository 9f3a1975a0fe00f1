"""When a message was written (RFC 5322, 3.3), as far as it can be told."""

from datetime import UTC, datetime, timedelta
from datetime import date as day
from email.utils import parsedate_tz

_LONGEST = 120
_FIRST, _LAST = 1970, 9000


def date(value: bytes | None) -> datetime | None:
    """Return the moment that *value* of a Date field names, in UTC; None where it names none."""
    found = _local(value)
    try:
        return None if found is None else found[0] - timedelta(seconds=found[1])
    except OverflowError:
        return None


def written_on(value: bytes | None) -> day | None:
    """Return the day that *value* of a Date field names, where its author was; or None."""
    found = _local(value)
    return None if found is None else found[0].date()


def _local(value: bytes | None) -> tuple[datetime, int] | None:
    """Return what the author's clock said, as if in UTC, and how many seconds it was ahead."""
    if not value:
        return None
    try:
        found = parsedate_tz(value[:_LONGEST].decode("ascii", "replace"))
        if found is None or not _FIRST <= found[0] <= _LAST:
            return None
        return datetime(*found[:6], tzinfo=UTC), found[9] or 0
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def received(value: bytes | None) -> datetime | None:
    """Return the moment at the end of *value* of a Received field, or None."""
    return date(value.rpartition(b";")[2].strip()) if value else None

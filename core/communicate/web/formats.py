"""Dates, numbers, sizes and lists as a member's language and time zone write them.

One `Formats` serves a language and a zone for the life of the application, and remembers what it
has formatted, within bounds: Babel takes 50 µs for a date, a page of posts shows forty.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup, escape
from pyramid.i18n import Localizer, TranslationStringFactory

_ = TranslationStringFactory("communicate")

# English here is that of Europe: 24 hours, day before month.
LOCALES = {"en": "en_GB", "fr": "fr"}
MINUTE, HOUR, DAY = 60, 3600, 86400
UNITS = (
    (365 * DAY, "duration-year"),
    (DAY, "duration-day"),
    (HOUR, "duration-hour"),
    (MINUTE, "duration-minute"),
)
REMEMBERED = 2048
SIZES = (
    _("${n} bytes"),
    _("${n} kB"),
    _("${n} MB"),
    _("${n} GB"),
    _("${n} TB"),
)


def zone_named(name: str | None) -> ZoneInfo:
    """Return the time zone *name*, or UTC where the machine knows none of that name."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def moment(value: datetime | int) -> datetime:
    """Return *value*, a datetime or milliseconds since 1970, as an aware datetime in UTC."""
    if isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC)
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Formats:
    """What a language and a time zone make of dates, numbers and lists."""

    def __init__(self, localizer: Localizer, zone: str | None) -> None:
        self.localizer = localizer
        self.locale = Locale.parse(LOCALES.get(localizer.locale_name, "en_GB"))
        self.zone = zone_named(zone)
        self._present = lru_cache(1)(self._make_present)
        self._exact = lru_cache(REMEMBERED)(self._make_exact)
        self._past = lru_cache(REMEMBERED)(self._make_past)
        self._ago = lru_cache(REMEMBERED)(self._make_ago)
        self._element = lru_cache(REMEMBERED)(self._make_element)
        self.number = lru_cache(REMEMBERED)(self._make_number)

    def time(self, value: datetime | int, now: datetime) -> Markup:
        """Return a `<time>` element: relative up to a week, the exact moment in its title."""
        then = value // 1000 if isinstance(value, int) else int(moment(value).timestamp())
        end, today = self._present(now)
        return self._element(then, (end - then) // MINUTE, today)

    def times(self, values: Iterable[int], now: datetime) -> list[Markup]:
        """Return what `time` does of each of *values*, milliseconds: of many, it is quicker."""
        end, today = self._present(now)
        seconds, element = (value // 1000 for value in values), self._element
        return [element(then, (end - then) // MINUTE, today) for then in seconds]

    def _make_present(self, now: datetime) -> tuple[int, date]:
        return int(now.timestamp()), self._day(now)

    def _make_element(self, then: int, minutes: int, today: date) -> Markup:
        iso = datetime.fromtimestamp(then, UTC).replace(tzinfo=None).isoformat()
        exact, shown = escape(self._exact(then // MINUTE)), self._relative(then, minutes, today)
        # Escaped by hand: a page has dozens, and Markup's own formatting takes five times as long.
        return Markup(f'<time datetime="{iso}Z" title="{exact}">{escape(shown)}</time>')  # noqa: S704

    def relative(self, then: datetime, now: datetime) -> str:
        """Return the distance from *now* for half a day, then day and hour, then the date."""
        start, end = int(then.timestamp()), int(now.timestamp())
        return self._relative(start, (end - start) // MINUTE, self._day(now))

    def _relative(self, then: int, minutes: int, today: date) -> str:
        past = datetime.fromtimestamp(then, self.zone)
        if 0 <= minutes < 12 * HOUR // MINUTE and past.date() == today:
            hour = HOUR // MINUTE
            return self._ago(minutes if minutes < hour else minutes // hour * hour)
        return self._past(then // MINUTE, today)

    def exact(self, value: datetime | int) -> str:
        """Return the moment to the minute, as people write it."""
        return self._exact(int(moment(value).timestamp()) // MINUTE)

    def clock(self, value: datetime | int) -> str:
        """Return the hour and minute of the moment."""
        return self._clock(moment(value).astimezone(self.zone))

    def day(self, value: datetime | int | date) -> str:
        """Return the date without its hour."""
        if isinstance(value, datetime | int):
            value = self._day(moment(value))
        return str(format_date(value, "long", locale=self.locale))

    def month(self, value: datetime | int | date) -> str:
        """Return the month and the year of *value*."""
        if isinstance(value, datetime | int):
            value = self._day(moment(value))
        return str(format_skeleton("yMMMM", value, locale=self.locale))

    def size(self, count: int) -> str:
        """Return *count* bytes in the unit that reads best, in powers of 1,000."""
        amount, unit = float(count), 0
        while amount >= 1000 and unit < len(SIZES) - 1:
            amount, unit = amount / 1000, unit + 1
        digits = 0 if unit == 0 or amount >= 100 else 1 if amount >= 10 else 2
        shown = format_decimal(round(amount, digits), locale=self.locale)
        return self._say(SIZES[unit], n=shown)

    def span(self, delta: timedelta) -> str:
        """Return a length of time in the greatest unit that makes it a whole number."""
        seconds = int(delta.total_seconds())
        for length, unit in UNITS:
            if seconds % length == 0 and seconds >= length:
                return str(format_unit(seconds // length, unit, locale=self.locale))
        return str(format_unit(seconds, "duration-second", locale=self.locale))

    def list(self, items: Iterable[str]) -> str:
        """Return the *items* joined as a sentence does."""
        return str(format_list([str(item) for item in items], locale=self.locale))

    def _say(self, message: Any, **mapping: str) -> str:
        return str(self.localizer.translate(message, mapping=mapping))

    def _day(self, then: datetime) -> date:
        return then.astimezone(self.zone).date()

    def _make_number(self, number: float) -> str:
        return str(format_decimal(number, locale=self.locale))

    def _make_ago(self, minutes: int) -> str:
        if minutes == 0:
            return self._say(_("just now"))
        delta = timedelta(minutes=-minutes)
        said = format_timedelta(
            delta, threshold=1, add_direction=True, format="short", locale=self.locale
        )
        return str(said).replace("\u202f", "\xa0")

    def _make_exact(self, minute: int) -> str:
        then = datetime.fromtimestamp(minute * MINUTE, self.zone)
        return self._say(
            _("${day} at ${time}"),
            day=format_date(then, "full", locale=self.locale),
            time=self._clock(then),
        )

    def _make_past(self, minute: int, today: date) -> str:
        then = datetime.fromtimestamp(minute * MINUTE, self.zone)
        days = (today - then.date()).days
        if days == 0:
            return self._say(_("today, ${time}"), time=self._clock(then))
        if days == 1:
            return self._say(_("yesterday, ${time}"), time=self._clock(then))
        if 1 < days < 7:
            weekday = format_date(then, "EEEE", locale=self.locale)
            return self._say(_("${day}, ${time}"), day=weekday, time=self._clock(then))
        if then.year == today.year:
            return str(format_skeleton("MMMMd", then, locale=self.locale))
        return str(format_date(then, "long", locale=self.locale))

    def _clock(self, then: datetime) -> str:
        return str(format_time(then, "short", locale=self.locale))

"""Words and figures on a page, in its language and the time zone of its viewer."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from markupsafe import Markup

from communicate.interfaces import IClock
from communicate.web.formats import Formats
from communicate.web.i18n import Plural


class Figures:
    """The part of a page that says things, and writes dates, numbers and lists."""

    request: Any
    settings: Any
    member: Any

    @cached_property
    def formats(self) -> Formats:
        """The formats of this page's language and the member's time zone."""
        zone = getattr(self.member, "zone", None) or self.settings.get("communicate.zone")
        known: dict[Any, Formats] = self.request.registry.communicate_formats
        key = (str(self.request.locale_name), zone)
        if key not in known:
            known[key] = Formats(self.request.localizer, zone)
        return known[key]

    @cached_property
    def now(self) -> datetime:
        """The moment at which the page is made."""
        now: datetime = self.request.find_service(IClock).now()
        return now

    def time(self, value: datetime | int) -> Markup:
        """Return *value*, a datetime or milliseconds, as a `<time>` element."""
        return self.formats.time(value, self.now)

    def times(self, values: Iterable[int]) -> list[Markup]:
        """Return what `time` does of each of *values*, milliseconds."""
        return self.formats.times(values, self.now)

    def exact(self, value: datetime | int) -> str:
        """Return *value* to the minute, as text."""
        return self.formats.exact(value)

    def day(self, value: datetime | int | date) -> str:
        """Return the date of *value*."""
        return self.formats.day(value)

    def number(self, value: float) -> str:
        """Return *value* with the separators of the language."""
        return self.formats.number(value)

    def size(self, count: int) -> str:
        """Return *count* bytes in a readable unit."""
        return self.formats.size(count)

    def span(self, delta: timedelta) -> str:
        """Return a length of time in its greatest unit."""
        return self.formats.span(delta)

    def list(self, items: Iterable[str]) -> str:
        """Return *items* joined as a sentence does."""
        return self.formats.list(items)

    def plural(self, words: Plural, n: int) -> str:
        """Return *words* in the form for *n*, with ``${n}`` filled in."""
        return words.say(self.request.localizer, n, self.number(n))

    def say(self, message: Any, **mapping: Any) -> str:
        """Return *message* translated, with *mapping* filled in."""
        return str(self.request.localizer.translate(message, mapping=mapping or None))

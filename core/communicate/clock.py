"""The one clock: UTC, moved by ``communicate.clock_offset`` in tests of other processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pyramid.threadlocal import get_current_registry
from zope.interface import implementer

from communicate.interfaces import IClock

if TYPE_CHECKING:
    from pyramid.config import Configurator


PLACED = "communicate_moment"


@implementer(IClock)
class SystemClock:
    """The machine's clock plus a fixed offset."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC) + self.offset


def milliseconds(moment: datetime) -> int:
    """Return *moment* as whole milliseconds since 1970, the form in which times are stored."""
    return int(moment.timestamp() * 1000)


def moment(stored: int) -> datetime:
    """Return the UTC moment that *stored* milliseconds since 1970 stand for."""
    return datetime.fromtimestamp(stored / 1000, UTC)


@implementer(IClock)
class RequestClock:
    """The clock of one request."""

    def __init__(self, request: Any) -> None:
        self.request = request

    def now(self) -> datetime:
        """Return the present moment, or the one in which the request has been placed."""
        return now(self.request)


def now(request: Any) -> datetime:
    """Return the present moment by the site's clock, or where *request* was placed by `at`."""
    placed: datetime | None = getattr(request, PLACED, None)
    moment: datetime = placed or request.registry.getUtility(IClock).now()
    return moment


def present() -> int:
    """Return the present moment in milliseconds, by the clock of the site at work in this thread.

    For what has no request to ask, as an ACL that changes as time passes.
    """
    clock = get_current_registry().queryUtility(IClock)
    return milliseconds(datetime.now(UTC) if clock is None else clock.now())


@contextmanager
def at(request: Any, moment: datetime) -> Iterator[None]:
    """Have all that *request* does inside happen at *moment*: a demo, and an import, tell a past.

    Whatever the request asks for the time says *moment*; other requests go on in the present.
    """
    before = getattr(request, PLACED, None)
    setattr(request, PLACED, moment)
    try:
        yield
    finally:
        setattr(request, PLACED, before)


def includeme(config: "Configurator") -> None:
    """Register the clock unless a test has put its own there."""
    if config.registry.queryUtility(IClock) is None:
        offset = timedelta(seconds=config.registry.settings.get("communicate.clock_offset") or 0)
        config.registry.registerUtility(SystemClock(offset), IClock)
    config.register_service_factory(lambda _context, request: RequestClock(request), IClock)

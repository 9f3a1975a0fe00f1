"""Routes found by the first element of an address: a page tries a few patterns, not all of them.

Pyramid compares an address with the pattern of every route, one after another.
"""

import re
from typing import Any

from pyramid.config import Configurator
from pyramid.interfaces import IRoutesMapper
from pyramid.urldispatch import RoutesMapper

PLAIN = re.compile(r"/?([A-Za-z0-9._-]+)(?:/|$)")  # a pattern whose first element is as it is


class Routes(RoutesMapper):
    """The routes of an application, in their order; those that cannot match are not tried."""

    def __init__(self) -> None:
        super().__init__()
        self._by_first: dict[str, RoutesMapper] = {}  # made when first needed

    def connect(self, *args: Any, **kw: Any) -> Any:
        """Add a route."""
        self._by_first = {}
        return super().connect(*args, **kw)

    def __call__(self, request: Any) -> dict[str, Any]:
        """Return the route of *request* and what its pattern matched, None for both without one.

        Raise `pyramid.exceptions.URLDecodeError` where the address is no UTF-8.
        """
        by_first = self._by_first or self._sort()
        first = request.environ.get("PATH_INFO", "").lstrip("/").partition("/")[0]
        found: dict[str, Any] = (by_first.get(first) or by_first[""])(request)
        return found

    def _sort(self) -> dict[str, RoutesMapper]:
        """Return a mapper for each first element, and that for all others under an empty name."""
        firsts = {route.name: first_of(route.pattern) for route in self.routelist}
        by_first: dict[str, RoutesMapper] = {}
        for first in {"", *firsts.values()}:
            mapper = by_first[first] = RoutesMapper()
            mapper.routelist = [
                route for route in self.routelist if firsts[route.name] in ("", first)
            ]
        self._by_first = by_first
        return by_first


def first_of(pattern: str) -> str:
    """Return the first element of the addresses that *pattern* matches, empty where they vary."""
    found = PLAIN.match(pattern)
    return found[1] if found else ""


def install(config: Configurator) -> None:
    """Find routes so, those that are added from now on."""
    config.registry.registerUtility(Routes(), IRoutesMapper)

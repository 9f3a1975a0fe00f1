"""Where members keep files, if a plugin offers such a place: others put files there by this door.

A plugin that keeps files registers a service for `IShelf`; one that has files to give asks
`shelf_of`, and offers nothing where that is None.
"""

from typing import Any

from pyramid.request import Request

from communicate.interfaces import IShelf


class NotKept(Exception):
    """A file cannot be kept; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


def shelf_of(request: Request) -> Any:
    """Return the service of `IShelf`; None where no plugin offers one, or nobody is signed in."""
    if request.member is None:
        return None
    try:
        return request.find_service(IShelf)
    except LookupError:
        return None

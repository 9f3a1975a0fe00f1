"""Whether all that a page was made of is let go of at once, or waits for the garbage collector."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

from pyramid.events import NewResponse
from zope.interface import implementedBy

from communicate.testing.house import House


class Heard:
    """The requests that *house* answers from now on, as far as they still exist."""

    def __init__(self, house: House) -> None:
        self.requests: list[weakref.ref[Any]] = []
        self.classes: set[type] = set()
        house.registry.registerHandler(self, [implementedBy(NewResponse)])

    def __call__(self, event: NewResponse) -> None:
        """Keep a request without keeping it alive."""
        self.requests.append(weakref.ref(event.request))
        self.classes.add(type(event.request))


def left_by(house: House, act: Callable[[], object]) -> list[Any]:
    """Return the requests answered during *act* that still exist after it, uncollected.

    Something refers to such a one that it refers to, as an attribute holding a bound method does:
    all that its page was made of stays in memory meanwhile, and the collector has to find it.
    """
    act()  # what is made once, and kept, is there
    heard = Heard(house)
    gc.collect()
    gc.disable()
    try:
        act()
        if not heard.requests:
            raise RuntimeError("nothing was asked")
        return [request for found in heard.requests if (request := found()) is not None]
    finally:
        gc.enable()
        house.registry.unregisterHandler(heard, [implementedBy(NewResponse)])

"""Limits: how often an account or a network address may do something.

Counts are kept in the memory of each process, in moving windows measured by the site's clock:
they are forgotten by a restart, and a site of several processes allows as many times more.
Keys are kept as they are given: callers pass an HMAC of what names a person.
"""

import ipaddress
import math
import threading
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

import limits
from limits.storage import Storage
from limits.storage.base import MovingWindowSupport
from limits.strategies import MovingWindowRateLimiter
from pyramid.httpexceptions import HTTPTooManyRequests
from zope.interface import implementer

from communicate.interfaces import ILimits

PRUNE_ABOVE = 10_000  # keys


class TooMany(HTTPTooManyRequests):
    """A limit has been reached; ``seconds`` says when it eases."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)})
        self.seconds = retry_after


class ClockStorage(Storage, MovingWindowSupport):
    """Moving windows in memory by a clock of our own, so that tests can move it."""

    STORAGE_SCHEME = None

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self.now = now
        self.lock = threading.RLock()
        self.events: dict[str, list[float]] = {}
        self.lives: dict[str, int] = {}
        self.room = 0  # keys that were there after the last look, twice

    @property
    def base_exceptions(self) -> type[Exception]:
        """The exception that stands for a failing store: memory has none."""
        return ConnectionError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count *amount* more unless that would exceed *limit* in *expiry* seconds."""
        with self.lock:
            events = self._recent(key, expiry)
            if len(events) + amount > limit:
                return False
            events.extend([self.now()] * amount)
            self.lives[key] = expiry
            self._prune()
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the window began and how many entries it holds."""
        with self.lock:
            events = self._recent(key, expiry)
            return (events[0] if events else self.now()), len(events)

    def give_back(self, key: str) -> None:
        """Take the newest entry of *key* back."""
        with self.lock:
            if self.events.get(key):
                self.events[key].pop()

    def _recent(self, key: str, expiry: int) -> list[float]:
        events = self.events.setdefault(key, [])
        del events[: bisect_right(events, self.now() - expiry)]
        return events

    def _prune(self) -> None:
        if len(self.events) <= max(PRUNE_ABOVE, self.room):
            return
        for key in list(self.events):
            if not self._recent(key, self.lives.get(key, 0)):
                self.clear(key)
        self.room = 2 * len(self.events)  # a flood is not looked through at every try

    def drop(self, key: str) -> None:
        """Forget *key*."""
        with self.lock:
            self.events.pop(key, None)
            self.lives.pop(key, None)

    clear = drop

    def reset(self) -> int:
        """Forget everything; return how many keys there were."""
        with self.lock:
            count = len(self.events)
            self.events.clear()
            self.lives.clear()
            return count

    def check(self) -> bool:
        """Tell that memory answers."""
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count *amount* more without a limit; return the count."""
        with self.lock:
            self._recent(key, expiry).extend([self.now()] * amount)
            self.lives[key] = expiry
            return self.get(key)

    def get(self, key: str) -> int:
        """Return the count of *key*."""
        with self.lock:
            return len(self._recent(key, self.lives.get(key, 0)))

    def get_expiry(self, key: str) -> float:
        """Return when the oldest entry of *key* expires, in seconds since 1970."""
        with self.lock:
            events = self._recent(key, self.lives.get(key, 0))
            return (events[0] if events else self.now()) + self.lives.get(key, 0)


@implementer(ILimits)
class Limits:
    """The limits ``communicate.limits.<name>`` of the settings, by moving window."""

    def __init__(self, settings: dict[str, Any], clock: Any) -> None:
        self.settings = settings
        self.now: Callable[[], float] = lambda: float(clock.now().timestamp())
        self.storage = ClockStorage(self.now)
        self.limiter = MovingWindowRateLimiter(self.storage)

    def item(self, name: str) -> limits.RateLimitItem:
        """Return the limit *name*: of core by its short name, of a plugin by its whole key."""
        for key in (f"communicate.limits.{name}", name):
            if key in self.settings:
                return limits.parse(self.settings[key])
        raise KeyError(f"no limit {name!r}: declare the setting communicate.limits.{name}")

    def hit(self, name: str, *keys: str, cost: int = 1) -> None:
        """Count *cost* more of *name* for each key; raise TooMany where one is over its limit."""
        item = self.item(name)
        for key in keys:
            if not self.limiter.hit(item, name, key, cost=min(cost, item.amount)):
                raise self._too_many(item, name, key)

    def check(self, name: str, *keys: str) -> None:
        """Raise TooMany where one more *name* would be over the limit of a key; count nothing."""
        item = self.item(name)
        for key in keys:
            if not self.limiter.test(item, name, key):
                raise self._too_many(item, name, key)

    def give_back(self, name: str, *keys: str) -> None:
        """Take the last *name* of each key back: it has turned out not to count."""
        for key in keys:
            self.storage.give_back(self.item(name).key_for(name, key))

    def forget(self, name: str, *keys: str) -> None:
        """Forget all of *name* for each key."""
        for key in keys:
            self.storage.drop(self.item(name).key_for(name, key))  # limits' own clear is untyped

    def _too_many(self, item: limits.RateLimitItem, name: str, key: str) -> TooMany:
        place, life = item.key_for(name, key), item.get_expiry()
        begun, _count = self.storage.get_moving_window(place, item.amount, life)
        return TooMany(max(1, math.ceil(begun + life - self.now())))


def count_act(request: Any, name: str, *, cost: int = 1) -> None:
    """Count *cost* more of *name* of the signed-in member; raise TooMany above the limit.

    A request that is tried again after a conflict counts once: no transaction undoes a count.
    """
    if not request.environ.get("retry.attempt"):
        request.find_service(ILimits).hit(name, str(request.member.uid), cost=cost)


def network(request: Any) -> str:
    """Return what stands for the sender's network: see `network_of`.

    It is the peer's address as the server knows it; a header that anyone can send is not asked.
    """
    return network_of(request.remote_addr or "")


def network_of(peer: str) -> str:
    """Return what stands for the network of the address *peer*: IPv4 as it is, an IPv6 /64."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False))

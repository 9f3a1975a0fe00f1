"""What operators brought already: each thing comes once, however often it is brought."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from BTrees.OOBTree import OOTreeSet

from communicate.clock import milliseconds, now
from communicate.interfaces import ISeals
from communicate_sms.content import NAME

LABEL = "sms.brought"
DAY = timedelta(days=1) // timedelta(milliseconds=1)
PERIOD = timedelta(days=30) // timedelta(milliseconds=1)
PERIODS = 4  # that are looked through: what is replayed within 90 days at least is known


class Brought:
    """The signs of what came, one set for each period: a period is forgotten as a whole."""

    def __init__(self, request: Any) -> None:
        self.seals = request.find_service(ISeals)
        self.periods = request.site[NAME].brought
        self.now = milliseconds(now(request))
        self.period = self.now // PERIOD

    def note(self, *names: str) -> bool:
        """Remember what *names* name together; tell whether it is new."""
        key = self._key(names)
        if self._knows(key):
            return False
        if self.period not in self.periods:
            # What only stands at the beginning keeps it from being empty: that does not merge.
            self.periods[self.period] = OOTreeSet([b""])
        self.periods[self.period].insert(key)
        return True

    def note_for_a_day(self, *names: str) -> bool:
        """Do as `note` does, where the same names come to stand for something else in time."""
        before, today = (str(self.now // DAY + step) for step in (-1, 0))
        return not self._knows(self._key((*names, before))) and self.note(*names, today)

    def _knows(self, key: bytes) -> bool:
        return any(
            key in self.periods.get(period, ())
            for period in range(self.period - PERIODS + 1, self.period + 1)
        )

    def _key(self, names: Iterable[str]) -> bytes:
        said = b"\0".join(name.encode("utf-8", "surrogateescape") for name in names)
        found: bytes = self.seals.hmac(LABEL, said)
        return found

    def sweep(self) -> None:
        """Forget what is too old to be brought again."""
        for period in list(self.periods.keys(None, self.period - PERIODS)):
            del self.periods[period]

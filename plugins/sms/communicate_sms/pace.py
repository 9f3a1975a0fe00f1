"""How often all members together write to one number, and to numbers that begin alike.

What would be more waits until there is room: its author is not refused, for that would tell what
others write.  One object for each hour holds what was sent in it, so that whoever takes many
messages at once changes one; it is forgotten after a day.  A mark is the HMAC of the number, six
octets of it, four octets of that of its first digits, and the millisecond in the hour.
"""

import struct
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from communicate_sms.content import Exchange, Pace
from communicate_sms.settings_abuse import Window

HOUR = 3_600_000  # milliseconds
KEPT = 25  # hours, the first of which is not looked at as a whole
FIRST = 8  # characters of a number: the plus and seven digits
LABEL = "sms.prefix"
MARK = struct.Struct(">6s4sI")


class Pacing:
    """What was sent lately, seen at *present* (ms)."""

    def __init__(self, tree: Exchange, settings: Mapping[str, Any], present: int) -> None:
        self.tree = tree
        self.present = present
        self.rules: tuple[tuple[Window, ...], ...] = (
            settings["sms.number_totals"],
            settings["sms.prefix_totals"],
        )
        first = present // HOUR - KEPT + 1
        self._hours = list(tree.paces.items(first)) if any(self.rules) else []

    def wait(self, keys: tuple[bytes, bytes]) -> int:
        """Return for how long (ms) something to the number of *keys* has to wait; if not, ≤ 0."""
        return max(
            (
                self._last(key, amount) + span - self.present
                for key, windows in zip(keys, self.rules, strict=True)
                for amount, span in windows
            ),
            default=0,
        )

    def mark(self, keys: tuple[bytes, bytes]) -> None:
        """Write down that something is sent to the number of *keys* now."""
        if not any(self.rules):
            return
        hour = self.present // HOUR
        if not self._hours or self._hours[-1][0] != hour:
            self._hours.append((hour, Pace()))
            self.tree.paces[hour] = self._hours[-1][1]
        pace, since = self._hours[-1][1], self.present % HOUR
        known = seen(pace)
        pace.marks += MARK.pack(*keys, since)
        for key in keys:
            known[key].append(since)
        pace._v_seen = (len(pace.marks), known)

    def _last(self, key: bytes, back: int) -> int:
        """Return when something was sent to *key* for the last time, *back* times ago; or 0."""
        for hour, pace in reversed(self._hours):
            times = seen(pace).get(key, ())
            if len(times) >= back:
                return int(hour * HOUR + times[-back])
            back -= len(times)
        return 0


def seen(pace: Pace) -> Any:
    """Return when something was sent to each key in the hour of *pace*.

    That is kept beside it as long as it is in memory.
    """
    size, known = getattr(pace, "_v_seen", (-1, None))
    if size != len(pace.marks):
        known = defaultdict(list)
        for number, prefix, since in MARK.iter_unpack(pace.marks):
            known[number].append(since)
            known[prefix].append(since)
        pace._v_seen = (len(pace.marks), known)
    return known


def keys(seals: Any, number_key: bytes, e164: str) -> tuple[bytes, bytes]:
    """Return under what *e164*, whose HMAC is *number_key*, and its first digits are marked."""
    return number_key[:6], seals.hmac(LABEL, e164[:FIRST].encode())[:4]

"""Who is connected, signed in or not: counted before a word, or TLS, is said; in one loop only."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from communicate_email.imap.connection import Stream


@dataclass(eq=False)
class Guest:
    """A connection from *network*, which *end* ends; *stream* once anything was said by it."""

    network: str
    end: Callable[[], object]
    stream: Stream | None = None

    @property
    def known(self) -> bool:
        """Whether somebody has signed in."""
        return self.stream is not None and self.stream.trusted


class Guests:
    """Connections: at most *most*, and *each* from one network.

    Where there is no room left, a stranger makes way for the next one: whoever opens connections
    and does not sign in keeps no member out.
    """

    def __init__(self, most: int, each: int) -> None:
        self.most, self.each = most, each
        self.by_network: Counter[str] = Counter()
        self._guests: dict[Guest, None] = {}  # in the order in which they came

    def __len__(self) -> int:
        return len(self._guests)

    def enter(self, network: str, end: Callable[[], object]) -> Guest | None:
        """Let one more in from *network*; None where there is no room."""
        if self.by_network[network] >= self.each:
            return None
        if len(self._guests) >= self.most and not self._make_way():
            return None
        guest = Guest(network, end)
        self._guests[guest] = None
        self.by_network[network] += 1
        return guest

    def leave(self, guest: Guest) -> None:
        """Make room for others; done again, nothing happens."""
        if guest not in self._guests:
            return
        del self._guests[guest]
        self.by_network[guest.network] -= 1
        if not self.by_network[guest.network]:
            del self.by_network[guest.network]

    def _make_way(self) -> bool:
        """End who came first where most strangers come from; tell whether there was one."""
        strangers = [guest for guest in self._guests if not guest.known]
        if not strangers:
            return False
        crowds = Counter(guest.network for guest in strangers)
        # The first of them all came first, and `max` takes the first of those that are alike.
        longest = max(strangers, key=lambda guest: crowds[guest.network])
        self.leave(longest)
        longest.end()
        return True

"""Who is connected, and how much of what they send lies in memory; asked in one loop only."""

from collections import Counter

FREE = 64 * 1024  # octets that every message may take, whatever the others do


class Crowd:
    """Connections: at most *most*, and *each* from one network."""

    def __init__(self, most: int, each: int) -> None:
        self.most, self.each = most, each
        self.by_network: Counter[str] = Counter()
        self.count = 0

    def enter(self, network: str) -> bool:
        """Count one more from *network*; tell whether there was room."""
        if self.count >= self.most or self.by_network[network] >= self.each:
            return False
        self.count += 1
        self.by_network[network] += 1
        return True

    def leave(self, network: str) -> None:
        """Count one less."""
        self.count -= 1
        self.by_network[network] -= 1
        if not self.by_network[network]:
            del self.by_network[network]


class Room:
    """Memory for messages that are on their way: *most* octets, half of it for one network.

    What each may take in any case (FREE) is not counted: the number of connections limits that.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken = 0
        self.by_network: Counter[str] = Counter()

    def take(self, network: str, size: int) -> bool:
        """Count *size* more for *network*; tell whether there was room."""
        if self.taken + size > self.most or self.by_network[network] + size > self.most // 2:
            return False
        self.taken += size
        self.by_network[network] += size
        return True

    def give(self, network: str, size: int) -> None:
        """Count *size* less."""
        self.taken -= size
        self.by_network[network] -= size
        if not self.by_network[network]:
            del self.by_network[network]


class Share:
    """What one message takes of a room."""

    def __init__(self, room: Room, network: str) -> None:
        self.room, self.network, self.size = room, network, 0

    def grow(self, held: int) -> bool:
        """Say that *held* octets lie in memory; tell whether there is room for them."""
        more = max(0, held - FREE) - self.size
        if more <= 0:
            return True
        step = max(more, FREE)  # not at every piece
        if not self.room.take(self.network, step):
            return False
        self.size += step
        return True

    def end(self) -> None:
        """Give everything back."""
        self.room.give(self.network, self.size)
        self.size = 0

"""What comes after DATA, piece by piece, up to the one end there is: CRLF, dot, CRLF.

Whatever looks like an end to somebody else (LF.LF, CR.CR and their like) is part of the message,
which is refused for it: passed on, it would be two messages to who reads it so.
"""

from enum import Enum

END = b"\r\n.\r\n"


class Fault(Enum):
    """Why a message is not taken, as its reply."""

    NUL = "554 5.6.0 A message holds no NUL"
    BARE = "554 5.6.0 Lines end with CR LF: a bare CR or LF is in this message"
    LARGE = "552 5.3.4 This message is larger than is taken here"
    ROOM = "452 4.3.1 Many large messages are on their way here: try again later"
    HEAD = "554 5.6.0 The header of this message is too long"


HEAD = 512 * 1024  # octets of a header: three thousand recipients are a hundred thousand
FIELDS = 4096


class Body:
    """The octets of one message as they come in; at most *most* are kept."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.seen = 0
        self.fault: Fault | None = None
        self._kept = bytearray(b"\r\n")  # as if a line had ended: the first may be the dot
        self._looked = 0

    @property
    def held(self) -> int:
        """How many octets lie in memory."""
        return len(self._kept)

    def feed(self, piece: bytes) -> bytes | None:
        """Take *piece*; return what follows the end once that is there, None before."""
        self._kept += piece
        self.seen += len(piece)
        found = self._kept.find(END, self._looked)
        if found < 0:
            self._look_no_further_back()
            return None
        rest = bytes(self._kept[found + len(END) :])
        del self._kept[found + 2 :]
        if self.fault is None and found > self.most:
            self.fault = Fault.LARGE
        return rest

    def drop(self, fault: Fault) -> None:
        """Keep nothing of it, for *fault*; its end is still looked for."""
        self.fault = self.fault or fault
        del self._kept[: -len(END)]
        self._looked = 0

    def _look_no_further_back(self) -> None:
        if self.fault is None and len(self._kept) > self.most + len(END):
            self.fault = Fault.LARGE
        if self.fault is not None:
            self.drop(self.fault)
        self._looked = max(0, len(self._kept) - len(END) + 1)

    def message(self) -> bytes:
        """Return the message, without the dots that were put before others; the fault may be set.

        To be called once its end is there.
        """
        if self.fault is not None:
            return b""
        self.fault = fault_of(self._kept)
        if self.fault is not None:
            return b""
        return bytes(self._kept.replace(b"\r\n.", b"\r\n")[2:])


def fault_of(data: bytes | bytearray) -> Fault | None:
    """Return what is wrong with the octets *data*, if anything; takes time linear in them."""
    if 0 in data:
        return Fault.NUL
    lines = data.count(b"\r\n")
    if not lines == data.count(b"\r") == data.count(b"\n"):
        return Fault.BARE
    end = data.find(b"\r\n\r\n", 2)
    end = len(data) if end < 0 else end
    if end > HEAD or data.count(b"\r\n", 0, end) > FIELDS:
        return Fault.HEAD
    return None

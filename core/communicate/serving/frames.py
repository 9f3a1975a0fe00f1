"""Speak the protocol between a command and the server that runs it.

A frame is one byte of kind, four bytes of length (big-endian) and that many bytes. The
caller opens with one `COMMAND`: JSON with ``argv``, a list of words, ``cwd``, the folder
from which relative paths start, and ``terminal``, whether somebody looks on. The server
answers with `OUT` and `ERR` as the command writes, `WANT` (four bytes: how much at most) when
it reads its standard input, which the caller answers with one `INPUT`, empty at the end, and
ends with one `EXIT`: the exit code as text.
"""

import socket
import struct
import threading

COMMAND, OUT, ERR, WANT, INPUT, EXIT = b"C", b"O", b"E", b"W", b"I", b"X"
HEAD = struct.Struct("!cI")
SIZE = struct.Struct("!I")
LARGEST = 1 << 20


class Broken(Exception):
    """The other side hung up in the middle, or does not speak the protocol."""


class Wire:
    """One connection, on which whole frames are sent and received."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._sending = threading.Lock()

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        """Send one frame, or several of that kind where *payload* is too long for one."""
        with self._sending:
            for start in range(0, max(len(payload), 1), LARGEST):
                part = payload[start : start + LARGEST]
                self.connection.sendall(HEAD.pack(kind, len(part)) + part)

    def receive(self) -> tuple[bytes, bytes]:
        """Return kind and payload of the next frame; raise `Broken` where there is none."""
        kind, length = HEAD.unpack(self._exactly(HEAD.size))
        if length > LARGEST:
            raise Broken(f"a frame of {length} bytes")
        return kind, self._exactly(length)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def _exactly(self, length: int) -> bytes:
        found = bytearray()
        while len(found) < length:
            part = self.connection.recv(length - len(found))
            if not part:
                raise Broken("the connection ended")
            found += part
        return bytes(found)

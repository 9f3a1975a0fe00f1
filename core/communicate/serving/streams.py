"""Let each command inside the server have standard streams of its own.

``sys.stdout`` and its like belong to the process; here they become stand-ins that lead
to the streams of the thread's command, and to the server's own for every other thread.
"""

import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, TextIO

from communicate.serving.frames import ERR, INPUT, OUT, SIZE, WANT, Broken, Wire

NAMES = ("stdin", "stdout", "stderr")


class Streams(NamedTuple):
    """The three standard streams of one command."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO


class Routed:
    """A standard stream that is another one in each thread that runs a command.

    No subclass of `io.IOBase`: those close their stream when they are forgotten.
    """

    _chosen = threading.local()

    def __init__(self, name: str, default: Any) -> None:
        self._name = name
        self._default = default

    def __getattr__(self, name: str) -> Any:
        """Return the attribute *name* of the stream of the present thread."""
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stream)

    @property
    def _stream(self) -> Any:
        streams = getattr(Routed._chosen, "streams", None)
        return self._default if streams is None else getattr(streams, self._name)


@contextmanager
def routing() -> Iterator[None]:
    """Have the process's standard streams lead to those of the thread's command."""
    before = {name: getattr(sys, name) for name in NAMES}
    for name, stream in before.items():
        setattr(sys, name, Routed(name, stream))
    try:
        yield
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)


@contextmanager
def streams_of(wire: Wire, *, terminal: bool = False) -> Iterator[Streams]:
    """Make the streams at the far end of *wire* those of the current thread.

    *terminal* says that what is written there is seen on one.
    """
    streams = Streams(
        io.TextIOWrapper(
            io.BufferedReader(Asked(wire)), encoding="utf-8", errors="surrogateescape"
        ),
        written_to(wire, OUT, terminal=terminal),
        written_to(wire, ERR, terminal=terminal),
    )
    Routed._chosen.streams = streams
    try:
        yield streams
        streams.stdout.flush()
        streams.stderr.flush()
    finally:
        Routed._chosen.streams = None
        for stream in streams:
            with suppress(OSError):  # the caller is gone, and what was not sent with it
                stream.close()


def written_to(wire: Wire, kind: bytes, *, terminal: bool = False) -> TextIO:
    """Return a text stream whose lines leave as frames of *kind* as soon as they are whole."""
    return io.TextIOWrapper(
        io.BufferedWriter(Told(wire, kind, terminal=terminal)),
        encoding="utf-8",
        errors="surrogateescape",
        line_buffering=True,
    )


class Told(io.RawIOBase):
    """Bytes written here leave as frames."""

    def __init__(self, wire: Wire, kind: bytes, *, terminal: bool = False) -> None:
        self._wire = wire
        self._kind = kind
        self._terminal = terminal

    def isatty(self) -> bool:
        """Tell whether a terminal shows what is written."""
        return self._terminal

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: Any) -> int:
        """Send *data*; return its length in bytes."""
        payload = bytes(data)
        self._wire.send(self._kind, payload)
        return len(payload)


class Asked(io.RawIOBase):
    """Bytes read here are asked of the caller, no sooner than the command wants them."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill *buffer* with what the caller's standard input holds next; return how much."""
        self._wire.send(WANT, SIZE.pack(len(buffer)))
        kind, payload = self._wire.receive()
        if kind != INPUT or len(payload) > len(buffer):
            raise Broken("an answer that is no input")
        buffer[: len(payload)] = payload
        return len(payload)

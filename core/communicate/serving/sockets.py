"""Make the sockets that a server listens on: one for browsers, one for commands."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME = "control.sock"


class CannotListen(Exception):
    """The address to listen on cannot be had."""


def bind(listen: str) -> socket.socket:
    """Return a TCP socket bound to *listen* (HOST:PORT), not yet listening."""
    host, _colon, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise CannotListen(f"Cannot listen on {listen}: write HOST:PORT, such as 127.0.0.1:6543.")
    try:
        found = socket.getaddrinfo(
            host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _name, address = found[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(f"Cannot listen on {listen}: {error.strerror}.") from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        bound.close()
        cure = "Choose another address with --listen HOST:PORT."
        raise CannotListen(f"Cannot listen on {listen}: {error.strerror}. {cure}") from error
    return bound


def url_of(bound: socket.socket) -> str:
    """Return the address at which a browser on this machine reaches *bound*."""
    host, port = bound.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  # every address of this machine, this one too
        host = "127.0.0.1" if bound.family == socket.AF_INET else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def reachable(run: Path) -> Iterator[str]:
    """Give a path to the control socket in *run* that fits into the 108 bytes of its address."""
    folder = os.open(run, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{NAME}"
    finally:
        os.close(folder)


def listen_for_commands(run: Path) -> socket.socket:
    """Return the control socket of *run*, which only this account may open; remove an old one.

    To be called by the holder of the lock, so that what is there is left from a crash.
    """
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    os.fchmod(control.fileno(), 0o600)  # before bind: it gives the file its mode
    with suppress(FileNotFoundError):
        (run / NAME).unlink()
    with reachable(run) as path:
        control.bind(path)
    control.listen(64)
    return control


def connect(run: Path) -> socket.socket | None:
    """Return a connection to the server of *run*, or None where none listens."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with reachable(run) as path:
            control.connect(path)
    except (FileNotFoundError, ConnectionRefusedError):
        control.close()
        return None
    return control

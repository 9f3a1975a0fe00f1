"""Have a command run by the server of a site, as if it ran here."""

import json
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from communicate.serving.frames import COMMAND, ERR, EXIT, INPUT, OUT, SIZE, WANT, Broken, Wire

STREAMS = {OUT: 1, ERR: 2}


def run(connection: socket.socket, words: Sequence[str], cwd: Path) -> int:
    """Run *words* over *connection*; relay input and output; return the exit code."""
    wire = Wire(connection)
    sys.stdout.flush()
    call = {"argv": list(words), "cwd": str(cwd), "terminal": sys.stdout.isatty()}
    try:
        with suppress(BrokenPipeError, ConnectionResetError):
            # A server that refuses may have hung up by now: what it said can still be read.
            wire.send(COMMAND, json.dumps(call).encode())
        return relay(wire)
    except (Broken, BrokenPipeError, ConnectionResetError):
        click.echo("The server ended before the command did.", err=True)
        return 1
    finally:
        wire.close()


def relay(wire: Wire) -> int:
    """Do what the frames of *wire* say until the command ends; return its exit code."""
    while True:
        kind, payload = wire.receive()
        if kind == EXIT:
            return int(payload)
        if kind == WANT:
            wire.send(INPUT, os.read(0, SIZE.unpack(payload)[0]))
        else:
            write_all(STREAMS[kind], payload)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of *data* to *descriptor*."""
    while data:
        data = data[os.write(descriptor, data) :]

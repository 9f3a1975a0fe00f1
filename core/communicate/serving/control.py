"""Run commands inside the server for those who connect to its control socket."""

import json
import logging
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from communicate.serving.frames import COMMAND, ERR, EXIT, Broken, Wire
from communicate.serving.sockets import NAME, listen_for_commands
from communicate.serving.streams import routing, streams_of

log = logging.getLogger(__name__)

CREDENTIALS = struct.Struct("3i")  # process, user, group: unix(7), SO_PEERCRED
AT_ONCE = 16
Execute = Callable[[list[str], Path], int]


class ControlServer:
    """The control socket of a running site: each connection is one command, in its thread.

    *execute* runs the words of a command, relative paths starting at a folder, on the
    thread's standard streams, and returns the exit code.
    """

    def __init__(self, run: Path, execute: Execute) -> None:
        self.run = run
        self.execute = execute
        self._slots = threading.Semaphore(AT_ONCE)
        self._threads: set[threading.Thread] = set()
        self._undo = ExitStack()

    def start(self) -> None:
        """Listen until `stop`."""
        self.socket = listen_for_commands(self.run)
        self._undo.enter_context(routing())
        threading.Thread(target=self._accept, name="control", daemon=True).start()

    def stop(self, patience: float) -> None:
        """Take no more commands, wait *patience* seconds for those at work, remove the socket."""
        with suppress(FileNotFoundError):
            (self.run / NAME).unlink()
        with suppress(OSError):  # wakes the thread that accepts
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        until = time.monotonic() + patience
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))
        self._undo.close()

    def _accept(self) -> None:
        while True:
            self._slots.acquire()
            try:
                connection, _address = self.socket.accept()
            except OSError:  # closed by stop()
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.add(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        wire = Wire(connection)
        try:
            if self._is_ours(connection):
                self._answer(wire)
            else:
                wire.send(ERR, b"Only the account that runs the site may give it commands.\n")
                wire.send(EXIT, b"1")
        except (OSError, Broken) as error:
            log.info("A command's caller is gone: %s", error)
        finally:
            wire.close()
            self._threads.discard(threading.current_thread())
            self._slots.release()

    def _is_ours(self, connection: socket.socket) -> bool:
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        _process, user, _group = CREDENTIALS.unpack(raw)
        return bool(user == os.geteuid())

    def _answer(self, wire: Wire) -> None:
        kind, payload = wire.receive()
        if kind != COMMAND:
            raise Broken("no command")
        try:
            command = json.loads(payload)
            words, cwd = [str(word) for word in command["argv"]], Path(command["cwd"])
            terminal = command.get("terminal") is True
        except (ValueError, LookupError, TypeError) as error:
            raise Broken("a command that cannot be understood") from error
        with streams_of(wire, terminal=terminal):
            code = self.execute(words, cwd)
        wire.send(EXIT, str(code).encode())

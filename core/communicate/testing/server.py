"""A served site in a process of its own, for tests and benchmarks."""

import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from communicate.testing.client import Client

COMMAND = str(Path(sys.executable).with_name("communicate"))
PATIENCE = 60  # seconds for a site to answer
QUIET = range(20_000, 32_000)  # ports below those that Linux gives to who asks for any
TAKEN = "Cannot listen"  # where somebody else has the port


class Server:
    """``communicate serve`` on a free port of the loopback, with all its data in *folder*."""

    def __init__(self, folder: Path, plugins: str = "forums", **settings: Any) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ini = folder / "site.ini"
        self.process: subprocess.Popen[bytes] | None = None
        self.clients: list[Client] = []
        folder.mkdir(parents=True, exist_ok=True)
        self.configure(plugins, **settings)

    def configure(self, plugins: str, **settings: Any) -> None:
        """Write the ini file; names without a point are core's."""
        given = {"mode": "testing", "plugins": plugins, **settings}
        keys = {
            (key if "." in key else f"communicate.{key}"): value for key, value in given.items()
        }
        lines = [f"{key} = {value}" for key, value in keys.items()]
        head = ["[app:main]", "paste.app_factory = communicate:main"]
        self.ini.write_text("\n".join([*head, *lines, ""]), encoding="utf-8")

    def start(self) -> "Server":
        """Serve, and return once the site answers.

        Somebody else's connection may have begun at its port meanwhile: its end is waited for.
        """
        until = time.monotonic() + PATIENCE
        while True:
            said = len(self.log())
            self.process = self._launch()
            if listening(self.port, self.process):
                return self
            log = self.log()[said:]
            if TAKEN not in log or time.monotonic() > until:
                raise RuntimeError(f"the site does not answer:\n{log}")
            time.sleep(0.2)

    def _launch(self) -> "subprocess.Popen[bytes]":
        listen = f"127.0.0.1:{self.port}"
        with (self.folder / "serve.log").open("ab") as log:
            command = [COMMAND, "serve", "--config", str(self.ini), "--listen", listen]
            return subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603

    def log(self) -> str:
        """Return what the server printed."""
        log = self.folder / "serve.log"
        return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""

    def kill(self) -> None:
        """End the server as a power failure would."""
        self._end(subprocess.Popen.kill)

    def stop(self) -> None:
        """End the server as its service manager would, and close the clients' connections."""
        for client in self.clients:
            client.close()
        self._end(subprocess.Popen.terminate)

    def _end(self, how: Any) -> None:
        if self.process is not None:
            how(self.process)
            self.process.wait(PATIENCE)
            self.process = None

    def __enter__(self) -> "Server":
        return self if self.process else self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def run(self, *words: str, given: str = "", environ: Mapping[str, str] | None = None) -> str:
        """Return what the command ``communicate *words`` prints; raise where it fails."""
        done = subprocess.run(  # noqa: S603
            [COMMAND, *words, "--config", str(self.ini)],
            input=given,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={**os.environ, **(environ or {})},
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"communicate {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def member(self, login: str, password: str, *options: str) -> None:
        """Make a confirmed member; *options* are ``--operator`` and ``--moderator``."""
        address = f"{login}@example.org"
        words = ["member", "add", login, "--email", address, "--password-stdin", *options]
        self.run(*words, given=password)

    def client(self, login: str | None = None, password: str | None = None) -> Client:
        """Return a browser, signed in as *login* where one is given."""
        client = Client(self.port)
        self.clients.append(client)
        if login and password:
            client.sign_in(login, password)
        return client


def listening(port: int, process: "subprocess.Popen[bytes]") -> bool:
    """Wait until somebody listens on *port*; return False where *process* ends before."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def free_port() -> int:
    """Return a port of the loopback that nobody listens on, and that no connection is given."""
    for port in random.sample(QUIET, len(QUIET)):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError("somebody listens on every port that a test may take")


def unread(port: int) -> int:
    """Return how many bytes, and connections, wait to be read from local TCP *port*.

    The system counts them (Linux: ``/proc/net/tcp``; 0 where there is none, and for IPv6).
    """
    table = Path("/proc/net/tcp")
    rows = table.read_text(encoding="ascii").splitlines()[1:] if table.exists() else []
    columns = [row.split() for row in rows]
    local = [each for each in columns if int(each[1].rpartition(":")[2], 16) == port]
    return sum(int(each[4].partition(":")[2], 16) for each in local)

"""Debian's Kannel on this machine: bearerbox and smsbox, on ports of their own."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from communicate.testing.programs import needed

LONG = 30  # seconds that nothing here comes near
QUIET = range(20_000, 32_000)  # below those that Linux gives to who asks for any port
NAME = "site"  # of the smsbox, and of who hands messages to it
GIVEN = Path(__file__).parents[3] / "deploy" / "kannel" / "kannel.conf"
SMPP = """
group = smsc
smsc = smpp
smsc-id = operator
host = 127.0.0.1
port = {port}
transceiver-mode = true
smsc-username = kannel
smsc-password = secret
system-type = ""
reconnect-delay = 1
"""
FAKE = """
group = smsc
smsc = fake
smsc-id = operator
port = {fake}
connect-allow-ip = 127.0.0.1
"""


def free_ports(count: int) -> list[int]:
    """Return ports on which nobody listens, and that nobody is given who asks for any."""
    found: list[int] = []
    for port in random.sample(QUIET, len(QUIET)):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            found.append(port)
        if len(found) == count:
            break
    return found


class Kannel:
    """A bearerbox that speaks to *centre*, lines of its file, and a smsbox."""

    password = "mot de passe & plus"

    def __init__(self, folder: Path, centre: str, incoming: str = "http://127.0.0.1:9/") -> None:
        self.folder = folder
        for name in ("store", "dlr"):
            (folder / name).mkdir()
        self.admin, self.inner, self.sendsms, self.fake = free_ports(4)
        self.conf = folder / "kannel.conf"
        self.conf.write_text(self.filled(centre.format(fake=self.fake), incoming))
        self.bearerbox = self.run("bearerbox", self.inner)
        self.start_smsbox()

    def filled(self, centre: str, incoming: str) -> str:
        """Return the file that we give to operators, with places and secrets of this test."""
        given = GIVEN.read_text(encoding="utf-8")
        head, _smsc, rest = given.partition("group = smsc\n")
        given = head + centre.lstrip() + "\n" + rest.partition("\n\n")[2]
        for old, new in (
            ("admin-port = 13000", f"admin-port = {self.admin}"),
            ("smsbox-port = 13001", f"smsbox-port = {self.inner}"),
            ("sendsms-port = 13013", f"sendsms-port = {self.sendsms}"),
            ("= status-password", f"= {self.password}"),
            ("= sendsms-password", f"= {self.password}"),
            ("/var/spool/kannel", str(self.folder)),
            ("/var/log/kannel", str(self.folder)),
            ("ssl-trusted-ca-file = /etc/ssl/certs/ca-certificates.crt\n", ""),
            ("http://127.0.0.1:6543/texting/incoming/main/incoming-secret", incoming),
        ):
            assert old in given
            given = given.replace(old, new)
        return given

    @property
    def logs(self) -> str:
        """What both have written down."""
        return "".join(path.read_text("utf-8", "replace") for path in self.folder.glob("*.[lo]*"))

    @property
    def url(self) -> str:
        """Where messages are handed over."""
        return f"http://127.0.0.1:{self.sendsms}/cgi-bin/sendsms"

    @property
    def status(self) -> str:
        """What bearerbox says of itself, its boxes and its centres."""
        asked = urlencode({"password": self.password})
        with urlopen(f"http://127.0.0.1:{self.admin}/status.txt?{asked}", timeout=LONG) as found:
            said: str = found.read().decode()
        return said

    def start_smsbox(self) -> None:
        """Start the smsbox; return once bearerbox knows it by its name.

        It listens before it is connected: what it is handed between ends it.
        """
        self.smsbox = self.run("smsbox", self.sendsms)
        wait(lambda: f"smsbox:{NAME}" in self.status, "the smsbox is not connected")

    def stop_smsbox(self) -> None:
        """End the smsbox; return once bearerbox knows that it is gone."""
        stop([self.smsbox])
        wait(lambda: f"smsbox:{NAME}" not in self.status, "the smsbox is still connected")

    def run(self, name: str, port: int) -> "subprocess.Popen[bytes]":
        """Start the program *name*; return it once it listens on *port*."""
        program = needed(f"/usr/sbin/{name}", name)
        log = (self.folder / f"{name}.out").open("ab")
        with log:
            made = subprocess.Popen([program, "-v", "4", self.conf], stdout=log, stderr=log)
        wait_for(port, made)
        return made

    def end(self) -> None:
        """Stop both, the smsbox first: the other one waits for it."""
        stop([self.smsbox, self.bearerbox])


def wait(condition: Callable[[], bool], otherwise: str) -> None:
    """Return once *condition* holds; fail with *otherwise* where it does not for long."""
    until = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < until, otherwise
        time.sleep(0.02)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return when *process* listens on *port*, without a connection that it would wonder about."""

    def listens() -> bool:
        assert process.poll() is None, f"{process.args} ended"
        return port in listening()

    wait(listens, f"{process.args} does not listen")


def listening() -> set[int]:
    """Return the ports of IPv4 on which somebody listens in this thread's network (proc(5))."""
    rows = Path("/proc/thread-self/net/tcp").read_text().splitlines()[1:]
    fields = [row.split() for row in rows]
    return {int(field[1].rpartition(":")[2], 16) for field in fields if field[3] == "0A"}


def stop(processes: Iterable["subprocess.Popen[bytes]"]) -> None:
    """End *processes* in their order, by force where asking does not help."""
    for each in processes:
        if each.poll() is None:
            os.kill(each.pid, signal.SIGTERM)
        try:
            each.wait(3)
        except subprocess.TimeoutExpired:
            each.kill()
            each.wait()

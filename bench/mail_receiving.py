"""Messages of 4 KB over ten connections: into a mailbox, and into one plain file each."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import harness

from communicate.testing.house import House
from communicate.testing.server import free_port, listening

SOURCE = "/usr/sbin/smtp-source"  # of Postfix
TURNS = 5
CONNECTIONS, SIZE = 10, 4096


def receive_vs_files(options: Any) -> tuple[float, str]:
    """Return messages a second that are durable in a mailbox ÷ those in files that were synced."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ours(folder / "site") as mine, theirs(folder / "files") as others:
            rates: list[list[float]] = [[], []]
            for turn in range(TURNS + 1):  # the first one warms up
                for taken, port in zip(rates, (mine, others), strict=True):
                    rate = options.messages / send(port, options.messages)
                    os.sync()  # what one side wrote is not written while the other is measured
                    if turn:
                        taken.append(rate)
    mailbox, files = (statistics.median(taken) for taken in rates)
    print(f"mailbox: {mailbox:.0f}/s, files: {files:.0f}/s", file=sys.stderr)
    return mailbox / files, ">=0.5"


@contextmanager
def ours(folder: Path) -> Iterator[int]:
    """Serve a site in which ines has a mailbox; yield the port of SMTP."""
    port = free_port()
    settings = {
        "email.smtp": f"127.0.0.1:{port}",
        "email.senders": "off",  # who asks the DNS measures that
        "email.smtp_connects": "10000000/hour",
        "email.smtp_messages": "10000000/hour",
    }
    before = os.umask(0o077)
    house = House(folder, ["email"], {})
    house.member("ines")
    house.close()
    os.umask(before)
    with harness.Served(folder, "email", **settings):
        yield port


@contextmanager
def theirs(folder: Path) -> Iterator[int]:
    """Serve aiosmtpd with files; yield its port."""
    folder.mkdir()
    port = free_port()
    program = str(Path(__file__).with_name("plain_smtp.py"))
    process = subprocess.Popen([sys.executable, program, str(folder), str(port)])  # noqa: S603
    try:
        if not listening(port, process):
            raise RuntimeError("aiosmtpd does not answer")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def send(port: int, count: int) -> float:
    """Return the seconds that *count* messages take until all are promised."""
    command = [SOURCE, "-d", "-s", str(CONNECTIONS), "-m", str(count), "-l", str(SIZE)]
    command += ["-f", "ada@example.net", "-t", "ines@localhost", f"127.0.0.1:{port}"]
    begun = time.perf_counter()
    subprocess.run(command, check=True, timeout=600)  # noqa: S603
    return time.perf_counter() - begun


FIGURES = {"receive_vs_files": receive_vs_files}

"""A mailbox of many messages, and many clients that wait: seconds and memory of our server."""

import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import imap_sites
from imap_wire import Wire

TURNS = 5
TOGETHER = 200  # messages appended by one command
SIZE = 600
SWITCH = 0.0005  # seconds


@contextmanager
def filled(messages: int) -> Iterator[imap_sites.Sited]:
    """Serve a site whose inbox has so many messages."""
    with imap_sites.ours() as ours:
        client = ours()
        for first in range(0, messages, TOGETHER):
            letters = [
                imap_sites.letter(number, SIZE) for number in range(first, first + TOGETHER)
            ]
            *others, last = letters
            text = "".join(f" {{{len(one)}+}}\r\n{one.decode()}" for one in others)
            client.ask(f"APPEND INBOX{text}", last)
        client.close()
        yield ours


@cache
def measured(messages: int) -> dict[str, float]:
    """Return how many seconds things take in a mailbox of so many *messages*."""
    with filled(messages) as ours:
        client = ours()
        found: dict[str, list[float]] = {"select": [], "flags": []}
        for turn in range(TURNS + 1):
            for name, command in (("select", "SELECT INBOX"), ("flags", "FETCH 1:* (FLAGS)")):
                begun = time.perf_counter()
                client.ask(command)
                if turn:
                    found[name].append(time.perf_counter() - begun)
        stall = stalled(client, ours())
    result = {name: statistics.median(times) for name, times in found.items()} | {"stall": stall}
    print(f"{messages} messages: {result}", file=sys.stderr)
    return result


def stalled(busy: Wire, other: Wire) -> float:
    """Return how long 99 of 100 NOOPs of *other* take at most while *busy* fetches everything."""
    other.ask("SELECT INBOX")
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)  # the two clients are in each other's way as little as may be
    fetching = threading.Thread(target=busy.ask, args=("FETCH 1:* (ENVELOPE BODY.PEEK[])",))
    fetching.start()
    times = []
    while fetching.is_alive():
        begun = time.perf_counter()
        other.ask("NOOP")
        times.append(time.perf_counter() - begun)
        time.sleep(0.002)
    sys.setswitchinterval(before)
    return statistics.quantiles(times, n=100)[98]


def idle_mb(options: Any) -> tuple[float, str]:
    """Return megabytes that our server takes more with many clients that wait."""
    with imap_sites.ours() as ours:
        ours().ask("NOOP")
        before = _memory(ours.pid)
        clients = [ours() for _ in range(options.clients)]
        for client in clients:
            client.ask("SELECT INBOX")
            client.sock.sendall(b"i IDLE\r\n")
        time.sleep(3)
        after = _memory(ours.pid)
        for client in clients:
            client.close()
    print(f"{options.clients} clients: {before:.0f} MB to {after:.0f} MB", file=sys.stderr)
    return after - before, "<=150"


def _memory(pid: int) -> float:
    """Return the memory of the process *pid* and of those that it has started, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(resident.split()[1]) / 1024


FIGURES = {
    "flags_seconds": lambda options: (measured(options.large)["flags"], "<=0.5"),
    "select_seconds": lambda options: (measured(options.large)["select"], "<=0.05"),
    "stall_seconds": lambda options: (measured(options.large)["stall"], "<=0.02"),
    "idle_mb": idle_mb,
}

"""What each server does in a second, the same script to both, in turns: ours ÷ Dovecot's."""

import statistics
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import imap_sites
from imap_wire import Wire

TURNS = 5
SIZE = 2_048


@cache
def rates(messages: int) -> dict[str, float]:
    """Return our rate ÷ Dovecot's of each thing that is done."""
    with imap_sites.ours() as ours, imap_sites.theirs() as theirs:
        clients = [ours(), theirs()]
        found: dict[str, list[tuple[float, float]]] = {}
        for turn in range(TURNS + 1):
            for name, act in ACTS.items():
                pair = tuple(act(client, messages) for client in clients)
                if turn:
                    found.setdefault(name, []).append((pair[0], pair[1]))
            for client in clients:
                _empty(client)
        for client in clients:
            client.close()
    for name, pairs in found.items():
        mine, others = (statistics.median(side) for side in zip(*pairs, strict=True))
        print(f"{name}: ours {mine:.0f}/s, Dovecot {others:.0f}/s", file=sys.stderr)
    return {
        name: statistics.median(mine / other for mine, other in pairs)
        for name, pairs in found.items()
    }


def _rate(count: int, act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return count / (time.perf_counter() - begun)


def append(client: Wire, messages: int) -> float:
    """Return messages a second that are appended, one by one."""
    letters = [imap_sites.letter(number, SIZE) for number in range(messages)]

    def act() -> None:
        for one in letters:
            client.ask("APPEND INBOX", one)

    return _rate(messages, act)


def envelopes(client: Wire, messages: int) -> float:
    """Return messages a second whose envelopes are told in one command."""
    client.ask("SELECT INBOX")
    return _rate(messages, lambda: client.ask("FETCH 1:* (UID FLAGS RFC822.SIZE ENVELOPE)"))


def bodies(client: Wire, messages: int) -> float:
    """Return messages a second that are fetched whole, one by one."""

    def act() -> None:
        for number in range(1, messages + 1):
            client.ask(f"FETCH {number} BODY.PEEK[]")

    return _rate(messages, act)


def copy(client: Wire, messages: int) -> float:
    """Return messages a second that are copied by one command."""
    client.ask("CREATE copies")
    rate = _rate(messages, lambda: client.ask(f"COPY 1:{messages} copies"))
    client.ask("DELETE copies")
    return rate


def noop(client: Wire, messages: int) -> float:
    """Return answers a second to nothing."""

    def act() -> None:
        for _number in range(messages):
            client.ask("NOOP")

    return _rate(messages, act)


def _empty(client: Wire) -> None:
    client.ask("STORE 1:* +FLAGS.SILENT (\\Deleted)")
    client.ask("EXPUNGE")


ACTS: dict[str, Callable[[Wire, int], float]] = {
    "append": append,
    "envelopes": envelopes,
    "bodies": bodies,
    "copy": copy,
    "noop": noop,
}
GOALS = {"append": 0.7, "envelopes": 0.25, "bodies": 0.4, "copy": 0.2, "noop": 0.4}


def _figure(name: str) -> Callable[[Any], tuple[float, str]]:
    return lambda options: (rates(options.messages)[name], f">={GOALS[name]}")


FIGURES = {name: _figure(name) for name in GOALS}

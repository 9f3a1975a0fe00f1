"""What every benchmark shares: servers side by side, ratios of medians, one line of JSON."""

import argparse
import importlib
import json
import logging
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from communicate.testing.client import Client
from communicate.testing.server import Server, free_port
from communicate.web.compiled import WHOLE

TURNS = 15  # of each side, A B A B
SECONDS = 0.5  # a turn
PATIENCE = 300.0  # seconds for compiling templates


@contextmanager
def bare() -> Iterator[Client]:
    """Serve a bare view until the block ends; yield a client of it."""
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("bare.py")), str(port)]
    process = subprocess.Popen(command)  # noqa: S603
    try:
        yield patient(port)
    finally:
        process.terminate()
        process.wait(30)


class Served(Server):
    """A server whose templates are compiled, as they are once in a site's life, when it starts."""

    def start(self) -> "Served":
        """Serve, and return once the site answers and no other process works for it."""
        super().start()
        until = time.monotonic() + PATIENCE
        # Where Chameleon was given a folder, none are compiled ahead of time.
        while "CHAMELEON_CACHE" not in os.environ and time.monotonic() < until:
            if any(self.folder.glob(f"var/run/templates/*/{WHOLE}")):
                break
            time.sleep(0.1)
        return self


def patient(port: int) -> Client:
    """Return a client of *port*, once it answers."""
    for _ in range(200):
        client = Client(port, timeout=10)
        try:
            client.get("/")
        except OSError:
            time.sleep(0.05)
        else:
            return client
    raise RuntimeError("the bare view does not answer")


def seconds_each(act: Callable[[], object], seconds: float = SECONDS) -> float:
    """Return how long one call of *act* takes, called for *seconds*."""
    done, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        act()
        done += 1
    return spent / done


def side_by_side(*acts: Callable[[], object], turns: int = TURNS) -> list[float]:
    """Return the median time of one call of each of *acts*, measured in turns."""
    for act in acts:
        seconds_each(act, 0.3)
    times: list[list[float]] = [[] for _ in acts]
    for _ in range(turns):
        for taken, act in zip(times, acts, strict=True):
            taken.append(seconds_each(act))
    return [statistics.median(taken) for taken in times]


def holds(value: float, goal: str) -> bool:
    """Tell whether *value* meets *goal*, such as ``>=0.15`` or ``<=1.15``."""
    limit = float(goal[2:])
    return value >= limit if goal.startswith(">=") else value <= limit


def report(name: str, figures: dict[str, tuple[float, str]]) -> None:
    """Print a table and the line of JSON; exit with 1 where a figure falls short."""
    rows = {
        key: {"value": round(value, 3), "goal": goal, "holds": holds(value, goal)}
        for key, (value, goal) in figures.items()
    }
    for key, row in rows.items():
        print(
            f"{key:<20} {row['value']:>8} {row['goal']:>8} {'' if row['holds'] else 'falls short'}"
        )
    print(json.dumps({"name": name, "figures": rows}))
    sys.exit(0 if all(row["holds"] for row in rows.values()) else 1)


def parts(
    name: str, about: str, modules: Mapping[str, str], sizes: Mapping[str, tuple[int, str]]
) -> None:
    """Measure what the command asks for of the figures in *modules*, and report it as *name*.

    *modules* maps each figure to a module with ``FIGURES``, which maps it to a function of the
    options that returns its value and its goal; a module is imported when it is needed. *sizes*
    maps each option that makes the site smaller to its default, and to what it counts.
    """
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--only", choices=modules, help="the one figure to measure")
    for option, (default, counts) in sizes.items():
        parser.add_argument(f"--{option}", type=int, default=default, help=counts)
    options = parser.parse_args()
    asked = [figure for figure in modules if options.only in (None, figure)]
    report(name, {f: importlib.import_module(modules[f]).FIGURES[f](options) for f in asked})

"""What every benchmark shares: servers side by side, ratios of medians, one line of JSON at the end."""

import http.client
import json
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

TURNS = 7  # of each side, A B A B
SECONDS = 1.0  # a turn


class Client:
    """One keep-alive connection, with the cookies it was given."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.origin = f"http://127.0.0.1:{port}"
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        """Return the page at *path*; raise where it is not answered with 200."""
        status, _headers, text = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        return text

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        """Return status, headers and text of one answer."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return response.status, dict(response.getheaders()), response.read().decode()

    def submit(self, path: str, form: dict[str, str], page: str | None = None) -> tuple[int, dict[str, str], str]:
        """Post *form* with the hidden fields of the page at *path* (or of *page*)."""
        text = self.get(path) if page is None else page
        return self.ask("POST", path, {**hidden_fields(text), **form})

    def sign_in(self, login: str, password: str) -> None:
        """Open a session."""
        status, _headers, _text = self.submit("/login", {"login": login, "password": password})
        if status != 303:
            raise RuntimeError(f"signing in as {login}: {status}")


def hidden_fields(text: str) -> dict[str, str]:
    """Return name and value of every hidden field in the HTML *text*."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", text):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        found[attributes["name"]] = attributes.get("value", "")
    return found


@contextmanager
def served(command: list[str], port: int) -> Iterator[None]:
    """Run *command*, which serves on *port*, until the block ends."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once *port* answers; raise where *process* ends before."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def site_command(ini: Path, port: int) -> list[str]:
    """Return the command that serves the site of *ini* on *port*."""
    return [str(Path(sys.executable).with_name("communicate")), "serve", "--config", str(ini), "--listen", f"127.0.0.1:{port}"]


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
        print(f"{key:<20} {row['value']:>8} {row['goal']:>8} {'' if row['holds'] else 'falls short'}")
    print(json.dumps({"name": name, "figures": rows}))
    sys.exit(0 if all(row["holds"] for row in rows.values()) else 1)

"""The disk over WebDAV: a large file against Apache, a list against WsgiDAV's own files."""

import base64
import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import disk_site
from disk_apache import apache

from communicate.interfaces import IAppPasswords, IMembers
from communicate.testing.programs import found
from communicate.testing.server import free_port, listening
from communicate_vdisk.interfaces import IDisk

ENTRIES = 400
ASKED = 20  # PROPFINDs of one side in one turn
TURNS = 7


def prepare(folder: Path, entries: int = 0) -> str:
    """Make a site in *folder* whose member has a folder with *entries*; return an app password."""
    house = disk_site.house(folder)

    def fill(request: Any) -> str:
        service, members = request.find_service(IDisk), request.find_service(IMembers)
        uid = members.by_login(disk_site.LOGIN).uid
        made = service.make_folder(service.disk(uid), "Liste", uid)
        for number in range(entries):
            service.add_file(made, f"Fichier {number}.txt", BytesIO(b"x" * 100), uid)
        return str(request.find_service(IAppPasswords).make(uid, "Bench", ["disk"]))

    try:
        return house.work(fill)
    finally:
        house.close()


@contextmanager
def gateway(folder: Path) -> Iterator[tuple[int, Any]]:
    """Serve the site in *folder* with its gateway; yield the gateway's port and the process."""
    port = free_port()
    settings = {"vdisk.dav": f"127.0.0.1:{port}", "vdisk.dav_uploads": "1000000/hour"}
    with disk_site.served(folder, **settings) as server:
        if not listening(port, server.process):
            raise RuntimeError("the gateway does not answer")
        yield port, server.process


# A large file


def dav_put_vs_apache(options: Any) -> tuple[float, str]:
    """Return the speed of a PUT to our gateway ÷ that of a PUT to Apache."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        plain = disk_site.random_file(folder / "film.bin", options.megabytes)
        secret = prepare(folder / "site")
        with gateway(folder / "site") as (port, process), apache(folder / "apache") as theirs:
            ours = f"http://127.0.0.1:{port}/dav/{disk_site.LOGIN}/film.bin"
            other = f"http://127.0.0.1:{theirs}/film.bin"
            sides: list[Callable[[], float]] = [
                lambda: put(plain, ours, f"{disk_site.LOGIN}:{secret}"),
                lambda: put(plain, other),
            ]
            with disk_site.memory("dav_put_vs_apache", process):
                our_time, their_time = in_turns(sides, disk_site.TURNS)
    print(f"PUT: {our_time:.2f} s, Apache: {their_time:.2f} s", file=sys.stderr)
    return their_time / our_time, ">=0.6"


def put(plain: Path, url: str, user: str = "") -> float:
    """Return how long curl takes to put *plain* at *url*; raise RuntimeError where it cannot."""
    program = found("curl")
    if program is None:
        raise RuntimeError("no curl was found: install it")
    words = [program, "-sS", "-f", "-o", "/dev/null", "-T", str(plain), "-H", "Expect:"]
    words += [*(["-u", user] if user else []), url]
    start = time.perf_counter()
    subprocess.run(words, check=True)  # noqa: S603
    return time.perf_counter() - start


def in_turns(sides: list[Callable[[], float]], turns: int) -> list[float]:
    """Return the median of what each of *sides* answers, asked in turns; the first warms up."""
    times: list[list[float]] = [[] for _ in sides]
    for turn in range(turns + 1):
        for taken, side in zip(times, sides, strict=True):
            seconds = side()
            if turn:
                taken.append(seconds)
    return [statistics.median(taken) for taken in times]


# A list


def propfind_vs_fs(_options: Any) -> tuple[float, str]:
    """Return the time of a PROPFIND, depth 1, of a folder ÷ that of WsgiDAV's own provider."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        secret = prepare(folder / "site", ENTRIES)
        (folder / "files" / "Liste").mkdir(parents=True)
        for number in range(ENTRIES):
            (folder / "files" / "Liste" / f"Fichier {number}.txt").write_bytes(b"x" * 100)
        with gateway(folder / "site") as (ours, _process), files(folder / "files", secret) as port:
            path = f"/dav/{disk_site.LOGIN}/Liste/"
            sides: list[Callable[[], float]] = [
                lambda: listed(ours, path, secret),
                lambda: listed(port, "/Liste/", secret),
            ]
            our_time, their_time = in_turns(sides, TURNS)
    print(f"PROPFIND: {our_time * 1000:.0f} ms, files: {their_time * 1000:.0f}", file=sys.stderr)
    return our_time / their_time, "<=2"


@contextmanager
def files(folder: Path, secret: str) -> Iterator[int]:
    """Serve *folder* with WsgiDAV's filesystem provider until the block ends; yield the port."""
    port = free_port()
    script = str(Path(__file__).with_name("plain_dav.py"))
    words = [sys.executable, script, str(port), str(folder), disk_site.LOGIN, secret]
    process = subprocess.Popen(words)  # noqa: S603
    try:
        if not listening(port, process):
            raise RuntimeError("WsgiDAV does not answer")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def listed(port: int, path: str, secret: str) -> float:
    """Return how long one PROPFIND takes, of several over one connection."""
    pair = base64.b64encode(f"{disk_site.LOGIN}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "Depth": "1"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    start = time.perf_counter()
    for _ in range(ASKED):
        connection.request("PROPFIND", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 207 or body.count(b"Fichier") < ENTRIES:
            raise RuntimeError(f"PROPFIND {path}: {answer.status}")
    taken = time.perf_counter() - start
    connection.close()
    return taken / ASKED


FIGURES = {"dav_put_vs_apache": dav_put_vs_apache, "propfind_vs_fs": propfind_vs_fs}

"""A large file out of the disk, against a plain file on the same server, both behind nginx."""

import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import disk_site

from communicate.interfaces import IMembers
from communicate.testing.house import PASSWORD
from communicate.testing.server import free_port, listening
from communicate_vdisk.interfaces import IDisk


def download_vs_nginx(options: Any) -> tuple[float, str]:
    """Return the speed of a download through our web path ÷ that of a plain file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = disk_site.random_file(folder / "film.bin", options.megabytes)
        path = keep(folder / "site", plain)
        with (
            disk_site.served(folder / "site") as ours,
            plain_server(plain) as theirs,
            disk_site.nginx(folder / "nginx", ours.port, theirs, root=folder) as ports,
        ):
            cookies = ours.client(disk_site.LOGIN, PASSWORD).cookies
            ways = [(f"{path}/download", cookies), ("/", {}), (f"/{plain.name}", {})]
            sides = [(port, *way) for port, way in zip(ports, ways, strict=True)]
            with disk_site.memory("download_vs_nginx", ours.process):
                times = in_turns(sides, options.megabytes * disk_site.MEGABYTE)
    shown = zip(("sealed", "plain", "by sendfile"), times, strict=True)
    print(", ".join(f"{name}: {taken:.2f} s" for name, taken in shown), file=sys.stderr)
    return times[1] / times[0], ">=0.5"


def keep(folder: Path, plain: Path) -> str:
    """Make a site in *folder* with the file *plain* on the member's disk; return its address."""
    house = disk_site.house(folder)

    def put(request: Any) -> str:
        disks, members = request.find_service(IDisk), request.find_service(IMembers)
        uid = members.by_login(disk_site.LOGIN).uid
        with plain.open("rb") as stream:
            return str(disks.path(disks.put(disks.disk(uid), "film.bin", stream, uid)))

    try:
        return house.work(put)
    finally:
        house.close()


@contextmanager
def plain_server(plain: Path) -> Iterator[int]:
    """Serve *plain* until the block ends; yield the port."""
    port = free_port()
    script = str(Path(__file__).with_name("plain_file.py"))
    process = subprocess.Popen([sys.executable, script, str(port), str(plain)])  # noqa: S603
    try:
        if not listening(port, process):
            raise RuntimeError("the plain server does not answer")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def in_turns(sides: list[tuple[int, str, dict[str, str]]], size: int) -> list[float]:
    """Return the median time in which each of *sides* answers with *size* bytes."""
    times: list[list[float]] = [[] for _ in sides]
    for turn in range(disk_site.TURNS + 1):  # the first one warms up
        for taken, side in zip(times, sides, strict=True):
            seconds = fetch(*side, size)
            if turn:
                taken.append(seconds)
    return [statistics.median(taken) for taken in times]


def fetch(port: int, path: str, cookies: dict[str, str], size: int) -> float:
    """Return how long it takes to read all of *path*; raise RuntimeError where some is missing."""
    start, buffer, count = time.perf_counter(), bytearray(disk_site.MEGABYTE), 0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    response = connection.getresponse()
    while got := response.readinto(buffer):
        count += got
    connection.close()
    if response.status != 200 or count != size:
        raise RuntimeError(f"GET {path}: {response.status}, {count} bytes")
    return time.perf_counter() - start


FIGURES = {"download_vs_nginx": download_vs_nginx}

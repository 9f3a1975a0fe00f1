"""A large file into the disk, in parts as our pages send it, against Apache's mod_dav."""

import base64
import http.client
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import disk_site
from disk_apache import apache

from communicate.testing.client import fields_of
from communicate.testing.house import PASSWORD

FOLDER = f"/members/{disk_site.LOGIN}/disk"
PART = 16 * disk_site.MEGABYTE  # the server's limit, which our pages use
PIECE = 2**16


def upload_vs_apache(options: Any) -> tuple[float, str]:
    """Return the speed of an upload through our web path ÷ that of a PUT to Apache."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        plain = disk_site.random_file(folder / "film.bin", options.megabytes)
        disk_site.house(folder / "site").close()
        with disk_site.served(folder / "site") as ours, apache(folder / "apache") as theirs:
            sender = Sender(ours)
            with disk_site.memory("upload_vs_apache", ours.process):
                mine, others = in_turns(plain, sender, theirs, folder / "apache")
    print(f"upload: {mine:.2f} s, Apache: {others:.2f} s", file=sys.stderr)
    return others / mine, ">=0.7"


def in_turns(plain: Path, sender: "Sender", port: int, folder: Path) -> list[float]:
    """Return the median time of an upload of *plain* to each side; each begins with no file."""
    times: list[list[float]] = [[], []]
    for turn in range(disk_site.TURNS + 1):  # the first one warms up
        seconds = sender.send(plain, f"film {turn}.bin"), put(plain, port)
        (folder / "files" / "film.bin").unlink()
        os.sync()  # what one side wrote is not written while the other is measured
        if turn:
            for taken, one in zip(times, seconds, strict=True):
                taken.append(one)
    return [statistics.median(taken) for taken in times]


class Sender:
    """A member who sends files as our pages do: one part after the other."""

    def __init__(self, server: Any) -> None:
        client = server.client(disk_site.LOGIN, PASSWORD)
        self.port = server.port
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        self.headers = {"Tus-Resumable": "1.0.0", "Cookie": cookie}
        token = fields_of(client.get("/disk"), "csrf_token")["csrf_token"]
        client.post("/disk/begin", {"csrf_token": token})
        self.headers["X-CSRF-Token"] = token

    def send(self, plain: Path, name: str) -> float:
        """Return how long it takes to send *plain* as *name*."""
        size, start = plain.stat().st_size, time.perf_counter()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        said = f"filename {base64.b64encode(name.encode()).decode()}"
        headers = {"Upload-Length": str(size), "Upload-Metadata": said}
        address = self._ask("POST", f"{FOLDER}/uploads", headers).headers["Location"]
        with plain.open("rb") as file:
            for offset in range(0, size, PART):
                self._part(address, file, offset, min(PART, size - offset))
        self.connection.close()
        return time.perf_counter() - start

    def _part(self, address: str, file: Any, offset: int, length: int) -> None:
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(length),
            "Upload-Offset": str(offset),
        }
        self._ask("PATCH", address, headers, pieces(file, length))

    def _ask(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
        self.connection.request(method, path, body, {**self.headers, **headers})
        response = self.connection.getresponse()
        words = response.read()
        if response.status not in (201, 204):
            raise RuntimeError(f"{method} {path}: {response.status} {words!r}")
        return response


def pieces(file: Any, length: int) -> Iterator[bytes]:
    """Yield the next *length* bytes of *file*."""
    while length > 0:
        yield (data := file.read(min(PIECE, length)))
        length -= len(data)


def put(plain: Path, port: int) -> float:
    """Return how long a PUT of *plain* takes."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    size = plain.stat().st_size
    with plain.open("rb") as file:
        headers = {"Content-Length": str(size)}
        connection.request("PUT", "/film.bin", pieces(file, size), headers)
        status = connection.getresponse().status
    connection.close()
    if status not in (201, 204):
        raise RuntimeError(f"PUT: {status}")
    return time.perf_counter() - start


FIGURES = {"upload_vs_apache": upload_vs_apache}

"""Folders as they grow: their page, and changing who sees them, as their owner waits."""

import functools
import statistics
import sys
import tempfile
import time
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import disk_site
import harness

from communicate.interfaces import IMembers
from communicate.testing.client import Client, fields_of
from communicate.testing.house import PASSWORD
from communicate_vdisk.interfaces import IDisk

FEW, BATCH = 100, 500
CHANGES = 12  # of each folder
PAUSE = 0.5  # seconds between two changes
_KEPT: list[Any] = []  # the folder of the site, until this process ends


def fill(request: Any, name: str, start: int, count: int) -> str:
    """Put *count* files into the folder *name*, which is made; return its address."""
    service, members = request.find_service(IDisk), request.find_service(IMembers)
    uid = members.by_login(disk_site.LOGIN).uid
    disk = service.disk(uid)
    folder = service.child(disk, name) or service.make_folder(disk, name, uid)
    for number in range(start, start + count):
        service.add_file(folder, f"Photo {number:06}.txt", BytesIO(b"x"), uid)
    return str(service.path(folder))


@functools.cache
def site(entries: int) -> tuple[Path, list[str]]:
    """Return where a site lies with a small and a large folder, and the addresses of both."""
    _KEPT.append(tempfile.TemporaryDirectory())
    folder = Path(_KEPT[-1].name)
    house, paths = disk_site.house(folder), []
    for name, count in {"Peu": FEW, "Beaucoup": entries}.items():
        for start in range(0, count, BATCH):
            more = min(BATCH, count - start)
            path = house.work(partial(fill, name=name, start=start, count=more))
            print(end=".", file=sys.stderr, flush=True)
        paths.append(path)
    while house.run_jobs():
        continue
    house.close()
    return folder, paths


def folder_growth(options: Any) -> tuple[float, str]:
    """Return the time of the page of a folder with many entries ÷ that of one with a hundred."""
    folder, paths = site(options.entries)
    with disk_site.served(folder) as server:
        client = server.client(disk_site.LOGIN, PASSWORD)
        few, many = harness.side_by_side(*(partial(client.get, path) for path in paths))
    print(f"folder: {few * 1000:.1f} ms, {many * 1000:.1f} ms", file=sys.stderr)
    return many / few, "<=1.2"


def audience_growth(options: Any) -> tuple[float, str]:
    """Return how long its owner waits for another audience of many files ÷ of a hundred.

    Members see them, then nobody, and so on; the jobs that follow run between.
    """
    folder, paths = site(options.entries)
    times: list[list[float]] = [[], []]
    with disk_site.served(folder) as server:
        client = server.client(disk_site.LOGIN, PASSWORD)
        for turn in range(CHANGES + 2):  # the first two warm up, and are followed by more
            for path, taken in zip(paths, times, strict=True):
                taken.append(changed(client, f"{path}/share", ("members", "private")[turn % 2]))
                time.sleep(PAUSE)
    few, many = (statistics.median(taken[2:]) for taken in times)
    print(f"audience: {few * 1000:.1f} ms, {many * 1000:.1f} ms", file=sys.stderr)
    return many / few, "<=1.2"


def changed(client: Client, path: str, audience: str) -> float:
    """Return how long it takes to give what is at *path* that *audience*."""
    fields = fields_of(client.get(path), "see")
    form = {**fields, "see": audience, "add": "private", "change": "private", "share": "share"}
    start = time.perf_counter()
    answer = client.post(path, form)
    taken = time.perf_counter() - start
    if answer.status != 303:
        raise RuntimeError(f"POST {path}: {answer.status}")
    return taken


FIGURES = {"folder_growth": folder_growth, "audience_growth": audience_growth}

"""How long an incremental backup takes against a full one, of a tree in a file.

`backup_increment` is a figure of ``bench/privacy.py``; run by itself, this prints it alone.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from BTrees.LOBTree import LOBTree
from harness import report
from persistent.mapping import PersistentMapping
from pyrage import x25519

from communicate.backup import making
from communicate.backup.making import Places
from communicate.interfaces import ISeals
from communicate.testing.house import House

OBJECTS = 100_000
CHANGED = OBJECTS // 100
BATCH = 1_000
TURNS = 3
WORDS = "Il penche vers le canal, et personne ne sait pourquoi. " * 11  # some 600 bytes


def backup_increment(_options: Any = None) -> tuple[float, str]:
    """Return the time of an incremental backup ÷ that of a full one."""
    with tempfile.TemporaryDirectory() as place:
        full, added = measured(Path(place))
    print(f"full backup: {full:.2f} s, incremental: {added:.3f} s", file=sys.stderr)
    return added / full, "<=0.1"


def measured(folder: Path) -> tuple[float, float]:
    """Return the median seconds of both for a site of many objects in *folder*."""
    recipient = x25519.Identity.generate().to_public()
    house = House(folder / "house", [], {"backup_recipients": recipient})
    try:
        uid = house.member("paul")
        for start in range(0, OBJECTS, BATCH):
            house.work(partial(write, uid, range(start, start + BATCH)))
        return turns(house, folder, uid)
    finally:
        house.close()


def turns(house: House, folder: Path, uid: int) -> tuple[float, float]:
    """Return the median seconds of a full backup and of an incremental one, made in turns."""
    full, added = [], []
    for turn in range(TURNS):
        places = Places(folder / f"backup{turn}", folder / "keys")
        full.append(seconds(lambda places=places: back_up(house, places)))
        step = CHANGED // 10
        for start in range(0, CHANGED, step):
            numbers = range(start * 97 % OBJECTS, start * 97 % OBJECTS + step)
            house.work(partial(write, uid, numbers))
        added.append(seconds(lambda places=places: back_up(house, places)))
    return statistics.median(full), statistics.median(added)


def write(uid: int, numbers: range, request: Any) -> None:
    """Write the objects *numbers*, each with sealed words of the size of a post."""
    things = request.root_map.get("things")
    if things is None:
        things = request.root_map["things"] = LOBTree()
    seals = request.find_service(ISeals)
    for number in numbers:
        thing = things.get(number)
        if thing is None:
            thing = things[number] = PersistentMapping()
        thing["words"] = seals.seal(uid, "bench", WORDS)


def back_up(house: House, places: Places) -> None:
    """Back *house* up to *places*."""
    making.make(house.registry, places, lambda _said: None)


def seconds(act: Callable[[], None]) -> float:
    """Return how long *act* takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    report("backup", {"backup_increment": backup_increment()})

"""What the promise costs: exports, My data as the site grows, incremental backups.

``--only NAME`` measures one figure; ``--items`` and ``--members`` make smaller sites.  A figure is
a function of the options that returns its value and its goal: add it to FIGURES.
"""

import argparse
import logging
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import harness
import stall
from backup_part import backup_increment

from communicate.audience import MEMBERS
from communicate.interfaces import IAuthored, IDatabase, IMembers, ISeals
from communicate.mydata import jobs
from communicate.profile.interfaces import IProfiles
from communicate.storage.work import made_request
from communicate.testing.house import PASSWORD, House
from communicate_forums.interfaces import IForums

BATCH = 500
TURNS = 5
FEW = 100  # members of the small site
PAGE = "/account/privacy"
TEXT = (
    "Bonsoir à toutes et à tous. Je pars trois semaines et c’est moi qui garde la clé du "
    "composteur de la place. Qui peut prendre le relais ? Il faut ouvrir le mercredi de 17 h à "
    "19 h, vérifier que personne n’a jeté d’agrumes, et brasser une fois par semaine. Merci "
)
Figure = tuple[float, str]


def text(number: int) -> str:
    """Return words that differ from others', about as long as people write."""
    draw = random.Random(number)  # noqa: S311  # words, no secrets
    words = TEXT.split()
    return " ".join(draw.choice(words) for _ in range(90))


# export_vs_read


def export_vs_read(options: Any) -> Figure:
    """Return the time of the export of a member with many posts ÷ that of reading them."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), ["forums"], {})
        try:
            uid, other = house.member("ines"), house.member("paul")
            write(house, uid, other, options.items)
            acts = (partial(read_all, uid), partial(export_all, uid))
            turns = [[seconds(house, act) for act in acts] for _ in range(TURNS)]
        finally:
            house.close()
    read, export = map(statistics.median, zip(*turns, strict=True))
    print(f"export: {export:.2f} s, plain reading: {read:.2f} s", file=sys.stderr)
    return export / read, "<=5"


def write(house: House, uid: int, other: int, items: int) -> None:
    """Have member *uid* write *items* posts, every tenth of which opens a topic of others."""
    for start in range(0, items, BATCH):
        house.work(partial(write_batch, uid, other, start, min(BATCH, items - start)))
        print(end=".", file=sys.stderr, flush=True)


def write_batch(uid: int, other: int, start: int, count: int, request: Any) -> None:
    """Write *count* posts, the first of them the one with the number *start*."""
    forums, topic = request.find_service(IForums), None
    for number in range(start, start + count):
        if topic is None or number % 10 == 0:
            forum = request.site["forums"]["general"]
            first = forums.open_topic(forum, other, f"Composteur {number}", text(number))
            topic = first.__parent__
        forums.reply(topic, uid, text(number))


def seconds(house: House, act: Callable[[House], int]) -> float:
    """Return how long *act* takes with nothing of the tree in memory."""
    house.registry.getUtility(IDatabase).cacheMinimize()
    start = time.perf_counter()
    act(house)
    return time.perf_counter() - start


def read_all(uid: int, house: House) -> int:
    """Read every post that member *uid* wrote, and the title under which it stands."""
    with made_request(house.registry) as request:
        request.tm.begin()
        forums, seals = request.site["forums"], request.find_service(ISeals)
        count = 0
        for number in request.find_service(IAuthored).items(uid, "forums.post"):
            post = forums.post(number)
            count += len(seals.text(post.body)) + len(seals.text(post.__parent__.title))
            if number % BATCH == 0:
                request.root_map._p_jar.cacheGC()
        return count


def export_all(uid: int, house: House) -> int:
    """Write the archive of member *uid*, sealed, as the job does."""
    with tempfile.TemporaryFile() as file:
        manifest, size = jobs.write(house.registry, uid, file, Silent())
    failed = [part.name for part in manifest.parts if part.state != "written"]
    if failed:
        raise RuntimeError(f"the export is not whole: {failed}")
    return size


class Silent:
    """Progress that nobody looks at."""

    def note(self, _archive: Any) -> None:
        """Do nothing."""


# mydata_growth


def mydata_growth(options: Any) -> Figure:
    """Return the time of My data on a site of many members ÷ that on one of a hundred."""
    with tempfile.TemporaryDirectory() as folder:
        servers = [
            town(Path(folder) / name, count)
            for name, count in {"small": FEW, "large": options.members}.items()
        ]
        with servers[0], servers[1]:
            clients = [server.client("ines", PASSWORD) for server in servers]
            small, large = harness.side_by_side(*(partial(look, client) for client in clients))
    print(f"my data: {small * 1000:.1f} ms, {large * 1000:.1f} ms", file=sys.stderr)
    return large / small, "<=1.2"


def look(client: Any) -> None:
    """Open My data."""
    client.get(PAGE)


def town(folder: Path, members: int) -> harness.Served:
    """Make a site of *members* members, each with something in the space; return its server."""
    house = House(folder, ["forums"], {})
    uid = house.member("ines")
    secret = house.work(lambda r: r.find_service(IMembers).by_login("ines").password)
    for start in range(1, members, BATCH):
        house.work(partial(join, start, min(BATCH, members - start), secret))
        print(end=".", file=sys.stderr, flush=True)
    write(house, uid, uid, 200)
    house.close()
    return harness.Served(folder)


def join(start: int, count: int, secret: str, request: Any) -> None:
    """Let *count* people join, with the hash *secret* of a password, and say something."""
    members, profiles = request.find_service(IMembers), request.find_service(IProfiles)
    for number in range(start, start + count):
        login = f"membre{number}"
        member = members.add(login, f"{login}@example.org", secret, hashed=True)
        given = {"value": f"Composteur {number}", "audience": MEMBERS}
        profiles.add(member, "interest", given)


def erase_stall(options: Any) -> Figure:
    """Return the slowest request of others while a member is erased ÷ their median."""
    with tempfile.TemporaryDirectory() as folder:
        return stall.erase_stall(Path(folder), options.items)["erase_stall"]


FIGURES: dict[str, Callable[[Any], Figure]] = {
    "export_vs_read": export_vs_read,
    "erase_stall": erase_stall,
    "mydata_growth": mydata_growth,
    "backup_increment": backup_increment,
}


def measured(options: Any) -> Iterator[tuple[str, Figure]]:
    """Yield each figure that is asked for."""
    for name, figure in FIGURES.items():
        if options.only in (None, name):
            yield name, figure(options)


def main() -> None:
    """Measure what is asked for."""
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=FIGURES, help="the one figure to measure")
    parser.add_argument("--items", type=int, default=10_000, help="things of one member")
    parser.add_argument("--members", type=int, default=20_000, help="members of the large site")
    harness.report("privacy", dict(measured(parser.parse_args())))


if __name__ == "__main__":
    main()

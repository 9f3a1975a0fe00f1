"""News without a reload: what members who wait cost others, and how long a message takes.

`live_kept` and `live_delay` are figures of ``bench/words.py``.
"""

import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import harness

from communicate import clock
from communicate.interfaces import IContacts, IMembers, ISessions
from communicate.testing.client import Client, fields_of
from communicate.testing.house import PASSWORD, House
from communicate.testing.live import Ears
from communicate_forums.interfaces import IForums
from communicate_messages.interfaces import IMessages

BATCH = 200
POSTS = 20
MESSAGES = 40
HOUR = 3_600_000  # milliseconds
WORDS = (
    "Bonsoir à toutes et à tous. Qui peut prendre le **relais** le mercredi de 17 h à 19 h ? " * 5
)
SETTINGS = {
    "communicate.limits.posting": "1000000/hour",
    "communicate.limits.live": "1000000/hour",
    "communicate.live_connections": 5000,
    "communicate.new_account_days": 0,
}
Figure = tuple[float, str]


class Town:
    """A site of *count* members in *folder*, each with a session, a topic and a conversation."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.secrets = folder, [secrets.token_hex(32) for _ in range(count)]
        house = House(folder, ["forums", "messages"], SETTINGS)
        self.uids = [house.member(login) for login in ("ines", "paul")]
        hashed = house.work(
            lambda request: request.find_service(IMembers).by_login("ines").password
        )
        for start in range(0, count, BATCH):
            house.work(partial(self.join, hashed, start))
            print(end=".", file=sys.stderr, flush=True)
        self.topic, self.talk = house.work(self.write)
        while house.run_jobs():  # what is told of this belongs to no figure
            continue
        house.close()

    def join(self, hashed: str, start: int, request: Any) -> None:
        """Let a batch of members join, and sign each in."""
        members, sessions = request.find_service(IMembers), request.find_service(ISessions)
        until = clock.milliseconds(clock.now(request)) + 24 * HOUR
        for number, secret in enumerate(self.secrets[start : start + BATCH], start):
            login = f"membre{number}"
            member = members.add(login, f"{login}@example.org", hashed, hashed=True)
            sessions.record(secret, member.uid, until, None, None)

    def write(self, request: Any) -> tuple[str, str]:
        """Write the topic and the conversation; return their addresses."""
        forums, messages = request.find_service(IForums), request.find_service(IMessages)
        contacts = request.find_service(IContacts)
        general, (ines, paul) = request.site["forums"]["general"], self.uids
        topic = forums.open_topic(general, ines, "Composteur", WORDS).__parent__
        for _post in range(1, POSTS):
            forums.reply(topic, paul, WORDS)
        contacts.request(ines, paul)
        contacts.accept(paul, ines)
        talk = messages.start(ines, [paul], WORDS).__parent__
        return forums.path(topic), f"/messages/{talk.__name__}"

    def server(self, folder: Path | None = None) -> harness.Served:
        """Return a server of this site, or of its copy in *folder*."""
        if folder is not None:
            shutil.copytree(self.folder, folder)
        listen = {"communicate.live_listen": "127.0.0.1:0", "forums.page_size": POSTS}
        return harness.Served(folder or self.folder, "forums messages", **SETTINGS, **listen)


@contextmanager
def crowd(port: int, members: list[str]) -> Iterator[None]:
    """Let the sessions *members* wait for news on the site at *port* while the context lasts."""
    command = [sys.executable, str(Path(__file__).with_name("crowd.py")), str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603
        assert process.stdin is not None  # noqa: S101  # for mypy
        assert process.stdout is not None  # noqa: S101
        try:
            process.stdin.write(" ".join(members) + "\n")
            process.stdin.flush()
            said = process.stdout.readline().strip()
            if said != "connected":
                raise RuntimeError(f"the crowd did not get in: {said}")
            yield
        finally:
            process.stdin.close()
            process.wait(60)


def live_kept(options: Any) -> Figure:
    """Return the speed of a topic's page while members wait for news ÷ that without them."""
    with tempfile.TemporaryDirectory() as place:
        town = Town(Path(place) / "crowded", options.connected)
        alone, crowded = town.server(Path(place) / "alone"), town.server()
        with alone, crowded, crowd(crowded.port, town.secrets):
            clients = [server.client("ines", PASSWORD) for server in (alone, crowded)]
            few, many = harness.side_by_side(*(partial(look, c, town.topic) for c in clients))
    print(f"topic: {few * 1000:.2f} ms alone, {many * 1000:.2f} ms", file=sys.stderr)
    return few / many, ">=0.7"


def look(client: Client, path: str) -> None:
    """Open the page at *path*."""
    client.get(path)


def live_delay(options: Any) -> Figure:
    """Return the median seconds from sending a message until its reader's page has it."""
    with tempfile.TemporaryDirectory() as place:
        town = Town(Path(place), options.connected)
        with town.server() as server, crowd(server.port, town.secrets):
            writer, reader = server.client("ines", PASSWORD), server.client("paul", PASSWORD)
            with Ears(reader) as ears:
                times = [delay(writer, reader, ears, town.talk, n) for n in range(MESSAGES)]
    print(f"message: {min(times):.3f} s to {max(times):.3f} s", file=sys.stderr)
    return statistics.median(times), "<=1"


def delay(writer: Client, reader: Client, ears: Ears, talk: str, number: int) -> float:
    """Return how long one message takes until *reader*, told of it, has its words."""
    mark = f"message{number}x"
    form = {**fields_of(writer.get(talk), "body"), "body": f"{mark} {WORDS}"}
    sending = threading.Thread(target=writer.post, args=(talk, form))
    start = time.perf_counter()
    sending.start()
    page = ""
    while mark not in page:
        ears.hear()
        page = reader.get(talk)
    spent = time.perf_counter() - start
    sending.join()
    return spent


FIGURES = {"live_kept": live_kept, "live_delay": live_delay}

"""How long a page of a long conversation takes against one of a short one.

`conversation_growth` is a figure of ``bench/words.py``; run by itself, this prints it alone, with
``--messages`` for a shorter one.
"""

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import harness

from communicate.clock import at, now
from communicate.ids import new_id
from communicate.interfaces import IContacts, ISeals
from communicate.testing.house import PASSWORD, House
from communicate_messages.content import Message
from communicate_messages.interfaces import IMessages
from communicate_messages.services import HTML, KIND

MESSAGES, FEW = 100_000, 100
BATCH = 1_000
WORDS = "On garde samedi 10 h pour la serre ? J’apporte les vis et la bâche. " * 3
GOAL = "<=1.15"


def conversation_growth(options: Any = None) -> tuple[float, str]:
    """Return the time of the page of a long conversation ÷ that of a short one."""
    many: int = getattr(options, "messages", None) or MESSAGES
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        paths = furnish(folder, (FEW, many))
        limits = {"communicate.limits.sign_in_address": "1000/hour"}
        with harness.Served(folder, "messages", **limits) as server:
            client = server.client()
            client.submit("/login", login="ines", password=PASSWORD)
            short, long = harness.side_by_side(*(partial(read, client, path) for path in paths))
    print(f"{FEW} messages: {short * 1000:.1f} ms, {many}: {long * 1000:.1f} ms", file=sys.stderr)
    return long / short, GOAL


def read(client: Any, path: str) -> None:
    """Fetch the page at *path*, which is there."""
    if 'class="say' not in client.get(path):
        raise RuntimeError(f"{path} shows no message")


def furnish(folder: Path, sizes: tuple[int, ...]) -> list[str]:
    """Return the addresses of conversations of these *sizes* that ines has with two others."""
    house = House(folder, ["messages"], {"communicate.mode": "testing"})
    try:
        uids = [house.member(login) for login in ("ines", "paul", "zoe")]
        numbers = [
            house.work(partial(begin, uids[0], other))
            for other, _size in zip(uids[1:], sizes, strict=True)
        ]
        for number, other, size in zip(numbers, uids[1:], sizes, strict=True):
            for start in range(1, size, BATCH):
                count = min(BATCH, size - start)
                house.work(partial(write, number, (uids[0], other), count))
        return house.work(
            lambda request: [
                f"/messages/{request.site['messages'].conversations[number].__name__}"
                for number in numbers
            ]
        )
    finally:
        house.close()


def begin(uid: int, other: int, request: Any) -> int:
    """Return the id of a conversation of the two, who know each other."""
    contacts = request.find_service(IContacts)
    contacts.request(uid, other)
    contacts.accept(other, uid)
    message = request.find_service(IMessages).start(uid, [other], WORDS)
    number: int = message.__parent__.id
    return number


def write(number: int, uids: tuple[int, int], count: int, request: Any) -> None:
    """Add *count* messages of the two in turns, read by both: what a page shows of them."""
    conversation = request.site["messages"].conversations[number]
    words = request.find_service(IMessages)
    seals, html = request.find_service(ISeals), words.preview(WORDS)
    with at(request, now(request)):
        for turn in range(count):
            uid = uids[turn % 2]
            message = Message(conversation.follow(new_id(now(request))), uid)
            message.write(
                seals.seal(uid, KIND, WORDS), seals.seal(uid, HTML, html), words.renderer
            )
            conversation.add(message)
    for part in conversation.parts.values():
        part.seen = conversation.lines.maxKey()
        part.unread.set(0)


FIGURES = {"conversation_growth": conversation_growth}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES, help="of the long one")
    harness.report("words", {"conversation_growth": conversation_growth(parser.parse_args())})

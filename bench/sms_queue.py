"""Text messages that are queued, one in a transaction, and posts of a forum that are saved."""

import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from communicate.testing.house import House
from communicate_forums.interfaces import IForums
from communicate_sms.interfaces import ITexts
from communicate_sms.reach import ToNumber

TURNS = 20
EACH = 20  # messages of one member, of two parts: what the site allows in a day
TEXT = "On garde samedi 10 h pour la serre ? J’apporte les vis."
SETTINGS = {"sms.number_limits": "off", "sms.number_totals": "off", "sms.prefix_totals": "off"}


def queue_vs_post(options: Any) -> tuple[float, str]:
    """Return the time to queue messages ÷ the time to save as many posts, in turns."""
    times: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), ["forums", "sms"], SETTINGS)
        try:
            count = max(options.queued // TURNS, 1)
            uids = [house.member(f"member{at}") for at in range(-(-options.queued // EACH) + 1)]
            topic = house.work(partial(begin, uid=uids[0]))
            for turn in range(TURNS):
                places = range(turn * count, (turn + 1) * count)
                whose = [(at, uids[1 + at // EACH]) for at in places]
                pair = [took(house, partial(act, topic), whose) for act in (queue, post)]
                times.append((pair[0], pair[1]))
        finally:
            house.close()
    mine, theirs = (sum(taken) / (TURNS * count) * 1000 for taken in zip(*times, strict=True))
    print(f"queued: {mine:.2f} ms, posted: {theirs:.2f} ms", file=sys.stderr)
    return statistics.median(one / other for one, other in times), "<=1.2"


def begin(request: Any, uid: int) -> int:
    """Return the id of a new topic."""
    forum = request.site["forums"]["general"]
    post = request.find_service(IForums).open_topic(forum, uid, "La serre", TEXT)
    number: int = post.__parent__.id
    return number


def took(house: House, act: Any, whose: list[tuple[int, int]]) -> float:
    """Return the seconds in which *act* does one thing after the other, each for good."""
    begun = time.perf_counter()
    for at, uid in whose:
        house.work(partial(act, at, uid))
    return time.perf_counter() - begun


def queue(_topic: int, at: int, uid: int, request: Any) -> None:
    """Have one message sent."""
    request.find_service(ITexts).send(uid, ToNumber(f"+336{at:08d}"), TEXT)


def post(topic: int, _at: int, uid: int, request: Any) -> None:
    """Save one post."""
    request.find_service(IForums).reply(request.site["forums"].topic(topic), uid, TEXT)


FIGURES = {"queue_vs_post": queue_vs_post}

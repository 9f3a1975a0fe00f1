"""Which messages a press concerns: those that are ticked, a conversation, or all of a list."""

from collections.abc import Iterable
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest

from communicate.ids import decode
from communicate_email.content import Mailbox
from communicate_email.store import conversing, marks, talks
from communicate_email.store import rows as rowing
from communicate_email.views.desk import MOST, Desk, number_in

FIELDS = ("uid", "uids", "at", "talk", "all", "of")  # what says which they are
STAR = "star"
Picks = list[tuple[str, str]]
Places = dict[int, list[int]]  # uids by the id of their folder
STAYS = ("archive", "junk", "not-junk", "move", "destroy")  # what concerns one folder only
LATEST = ("star", "unseen")  # what concerns the latest message of a conversation


def picked(post: Any) -> list[tuple[str, str]]:
    """Return what the form names, pairs of a field and its value; 400 where it is no text."""
    star = post.get("star") or post.get("unstar")  # a button beside one message
    if isinstance(star, str):
        name, _colon, value = star.partition(":")
        found = [(name, value)]
    else:
        found = [(name, value) for name in FIELDS for value in post.getall(name) if value]
    if not all(isinstance(value, str) and name in FIELDS for name, value in found):
        raise HTTPBadRequest
    if len(found) > MOST:
        raise HTTPBadRequest
    return found


def chosen(desk: Desk, box: Mailbox | None, verb: str, picks: Picks) -> Places:
    """Return the messages that *picks* name for *verb*; 400 where they are none.

    *box* is the folder whose list it was, None for a list across folders.
    """
    given: dict[str, list[str]] = {}
    for name, value in picks:
        given.setdefault(name, []).append(value)
    if "all" in given:
        return _all(desk, box, given["all"][0], given.get("of", [""])[0])
    uids = [*given.get("uid", ()), *" ".join(given.get("uids", ())).split()]
    threads = given.get("talk", [])
    if len(uids) > MOST or (box is None and (uids or threads)):
        raise HTTPBadRequest
    places = [_place(desk, text) for text in given.get("at", ())]
    if box is not None:
        places += [(box.id, _number(text)) for text in uids]
        places += _of_talks(desk, box, threads, verb)
    found: Places = {}
    for holder, uid in dict.fromkeys(places):
        found.setdefault(holder, []).append(uid)
    return found


def _all(desk: Desk, box: Mailbox | None, last: str, of: str) -> Places:
    """Return all messages of a list as it was when the page was made: what came later is not."""
    if box is not None:
        uids = [row.uid for row in rowing.every(box, 1, _number(last) - 1)]
        return {box.id: uids}
    flag = flag_of(desk, of)
    if flag is None:
        raise HTTPBadRequest
    return marks.by_box(marks.every(desk.account, flag))


def flag_of(desk: Desk, of: str) -> int | None:
    """Return the flag of the star, or of the label of that number; None without one."""
    if of == STAR:
        return rowing.FLAGGED
    label = desk.labels.by_number(of)
    return label.bit if label else None


def _of_talks(
    desk: Desk, box: Mailbox, threads: Iterable[str], verb: str
) -> Iterable[conversing.Place]:
    shown = conversing.seen_from(desk.account, box)
    for text in threads:
        thread = _id(text)
        if verb in STAYS or verb in LATEST:
            here = talks.inside(desk.account, box, thread)
            if verb in LATEST:
                here = [max(here, key=lambda row: row.place)] if here else []
            yield from ((box.id, row.uid) for row in here)
        else:
            yield from conversing.places_of(desk.account, thread, shown, box)


def _place(desk: Desk, text: str) -> tuple[int, int]:
    name, _dash, uid = text.rpartition("-")
    return desk.box_named(name).id, _number(uid)


def _number(text: str) -> int:
    found = number_in(text)
    if found is None:
        raise HTTPBadRequest
    return found


def _id(text: Any) -> int:
    try:
        return decode(text)
    except (ValueError, TypeError):
        raise HTTPBadRequest from None

"""Taking back what was just done: the notice carries what that needs, under the site's key.

A contact that ended needs the other's word to begin anew; for half a minute the one who ended it
can take that back alone.
"""

import hmac
from collections.abc import Sequence
from typing import Any

from communicate import clock
from communicate.contacts.errors import Refused
from communicate.contacts.services import NOTHING_ASKED, REGRET
from communicate.interfaces import IContacts, ISeals
from communicate.web.notices import Undo

BLOCK_CONTACT = "block-contact"  # to block who was a contact ends that, too
MOST_CIRCLES = 20  # that a notice can carry
PAGE = "/contacts"


def offer(
    request: Any, verb: str, other: int, circles: Sequence[int] = (), back: str = ""
) -> Undo:
    """Return what takes back that *verb* was done to *other*, who was in those *circles*."""
    # Ten seconds are shown, and a slow hand is waited for.
    until = clock.milliseconds(clock.now(request) + REGRET)
    numbers = ".".join(map(str, circles[:MOST_CIRCLES]))
    words = f"{verb}:{other}:{until}:{numbers}"
    fields = {"act": "undo", "token": f"{words}:{mac(request, words)}", "back": back}
    return Undo(PAGE, fields)


def mac(request: Any, words: str) -> str:
    """Return what shows that this site gave *words* to this member."""
    body = f"{request.member.uid}:{words}".encode()
    found: bytes = request.find_service(ISeals).hmac("communicate.contacts.undo", body)
    return found[:16].hex()


def take_back(request: Any, token: str) -> None:
    """Do the opposite of what *token* names; raise Refused where it is too late, or not ours."""
    words, _colon, given = token.rpartition(":")
    if not given.isascii() or not hmac.compare_digest(given, mac(request, words)):
        raise Refused(NOTHING_ASKED)
    verb, other, until, circles = words.split(":")
    if clock.milliseconds(clock.now(request)) > int(until):
        raise Refused(NOTHING_ASKED)
    undo(request, verb, int(other), {int(each) for each in circles.split(".") if each})


def undo(request: Any, verb: str, other: int, circles: set[int]) -> None:
    """Do the opposite of *verb* to *other*."""
    service, uid = request.find_service(IContacts), request.member.uid
    if verb == "decline":
        service.reconsider(uid, other)
    if verb in ("block", BLOCK_CONTACT):
        service.unblock(uid, other)
    if verb in ("remove", BLOCK_CONTACT):
        service.restore(uid, other)
        for number in circles:
            if service.circle(uid, number) is not None:
                service.put(uid, number, other)

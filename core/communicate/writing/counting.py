"""Counting what members post, so that nobody floods the others."""

import re

from pyramid.request import Request

from communicate.accounts.limits import count_act
from communicate.interfaces import IBrakes

LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


def count_posting(request: Request, body: str, what: str = "") -> None:
    """Count one more thing posted, or changed, by the member; raise `TooMany` above the limit.

    Call it before anything is written.  *what*, "posts" or "topics", is what a new account does a
    few times a day only; so are the links in *body*.  All services share these counts.  A request
    that is tried again after a conflict counts once.
    """
    count_act(request, "posting")
    brakes = request.find_service(IBrakes)
    if what:
        brakes.hit(what)
    brakes.hit("links", len(LINK.findall(body)))

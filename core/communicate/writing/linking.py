"""Links, in what one writes, to things that one keeps elsewhere on the site.

A plugin offers them through ``communicate_linkables``: it lists what its member keeps, and makes a
link that opens one thing for whoever has it, without an account.  The pages of
`communicate.writing.views.linking` let the member choose one, and put its address into the draft
of the form that asked.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther

from communicate.declarations import Linkable
from communicate.interfaces import IPlugins

KEY = "communicate.linkables"
FROM = "link.from"  # name of the buttons that lead to the pages; their value is a Linkable's
SIGNATURE = "-- "


class CannotLink(ValueError):
    """No link can be made; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Thing(NamedTuple):
    """What a link can be made to: its id, what it is called, its icon; *size* in bytes."""

    id: str
    name: str
    icon: str
    size: int | None = None
    opens: bool = False  # whether it holds others


class Shelf(NamedTuple):
    """A page of what a member keeps in one place.

    *thing* is the place itself, None at the top; *trail* leads there, *after* is the id of the
    last thing of the page where more follow.
    """

    thing: Thing | None
    trail: Sequence[Thing]
    things: Sequence[Thing]
    after: str = ""


class Wish(NamedTuple):
    """How a link is to work: until when, in ms since 1970 (0: until it is ended), and for whom."""

    until: int = 0
    password: str = ""


class Made(NamedTuple):
    """A link: the address that opens what is called *name*."""

    name: str
    address: str


def offers(request: Any) -> list[Linkable]:
    """Return what the member of *request* can link to."""
    known: list[Linkable] | None = request.registry.get(KEY)
    if known is None:
        known = request.registry.getUtility(IPlugins).gather("communicate_linkables")
        request.registry[KEY] = known
    return [one for one in known if one.offered(request)]


def way(form: Any, name: Any) -> HTTPSeeOther:
    """Return what leads from *form* to where a link is chosen from what is called *name*.

    Raise HTTPBadRequest where nothing is called so.
    """
    if name not in [one.name for one in offers(form.request)]:
        raise HTTPBadRequest
    query = {"place": form.place, "field": form.attaching, "from": str(name)}
    return HTTPSeeOther(form.request.page.url("/account/drafts/link", **query))


def inserted(text: str, line: str) -> str:
    """Return *text* with *line* at the end of what is its writer's own.

    That is above a signature, and above what is quoted at the end, with who said it.
    """
    lines = text.splitlines()
    at = next((n for n, one in enumerate(lines) if one == SIGNATURE or one[:1] == ">"), None)
    if at is None:
        return f"{text.rstrip()}\n\n{line}\n".lstrip()
    while at and lines[at] != SIGNATURE and lines[at - 1].strip():
        at -= 1
    own, rest = "\n".join(lines[:at]).rstrip(), "\n".join(lines[at:])
    return f"{own}\n\n{line}\n\n{rest}\n".lstrip()

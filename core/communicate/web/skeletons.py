"""Pieces of pages that are alike but for a few places: rendered once for each kind, then filled.

A page of posts holds one template twenty times over, with other words each time.  Here the
template is rendered once, with marks where the words will be, and what lies between the marks is
kept for the life of the application.  What is filled in is never kept: it is somebody's.

    fill(request, "communicate_forums:templates/post.pt", {"mine": True}, html=html, time=time)

The template sees the names of *kind* with their values, and each part as a mark to be put out as
it is.  Whatever differs from one request to the next, a token for one, is a part.
"""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape
from pyramid.config import Configurator
from pyramid.renderers import render

OPENS, CLOSES = "\ue000", "\ue001"  # of Unicode's private use area: no template holds them
MOST = 500  # kinds that are kept


def fill(request: Any, template: str, kind: Mapping[str, Any], **parts: Any) -> Markup:
    """Return *template* for this *kind*, its values hashable and few, with *parts* filled in.

    A part that is no `Markup` is escaped.
    """

    def make(marks: Mapping[str, Markup]) -> str:
        return str(render(template, {**kind, **marks}, request))

    return fill_made(request, (template, *kind.values()), make, parts)


def fill_made(
    request: Any,
    kind: tuple[Any, ...],
    make: Callable[[Mapping[str, Markup]], str],
    parts: Mapping[str, Any],
) -> Markup:
    """Return what *make* renders of a mark for each of *parts*, filled in; *kind* tells it apart.

    *make* is called where nothing of that kind is kept in the language of *request*.
    """
    known: dict[Any, list[str]] | None = request.registry.communicate_skeletons
    key = (request.locale_name, *kind, *parts)
    pieces = None if known is None else known.get(key)
    if pieces is None:
        marks = {name: Markup(f"{OPENS}{name}{CLOSES}") for name in parts}  # noqa: S704
        pieces = make(marks).replace(CLOSES, OPENS).split(OPENS)
        if known is not None:
            if len(known) >= MOST:
                known.clear()
            known[key] = pieces
    filled = pieces.copy()
    filled[1::2] = [escape(parts[name]) for name in pieces[1::2]]
    return Markup("".join(filled))  # noqa: S704  # each part is escaped


def includeme(config: Configurator) -> None:
    """Keep what is rendered, but in development, where templates change."""
    fresh = config.registry.settings.get("communicate.mode") == "development"
    config.registry.communicate_skeletons = None if fresh else {}

"""Pieces of pages that are alike but for a few places: rendered once for each kind, then filled.

A page of posts holds one template twenty times over, with other words each time.  Here the
template is rendered once, with marks where the words will be, and what lies between the marks is
kept for the life of the application.  What is filled in is never kept: it is somebody's.

    fill(request, "communicate_forums:templates/post.pt", {"mine": True}, html=html, time=time)

The template sees the names of *kind* with their values, and each part as a mark to be put out as
it is.  Whatever differs from one request to the next, a token for one, is a part: neither the
request nor what is thing or viewer of it can be reached, and `page` is a `CommonPage`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from markupsafe import Markup, escape
from pyramid.config import Configurator
from pyramid.renderers import render

_AROUND_LINES = re.compile(r"[ \t\r]*\n[ \t\r\n]*")
OPENS, CLOSES = "\ue000", "\ue001"  # of Unicode's private use area: no template holds them
MOST = 500  # kinds that are kept
Pieces = tuple[list[str], tuple[str, ...]]  # texts and names of parts in turn; those names


#: What is the same for everybody who reads in one language.
COMMON = (
    "icon",
    "static",
    "site_name",
    "language",
    "languages",
    "say",
    "plural",
    "number",
    "list",
)
#: What Pyramid gives to templates of the request at hand.
OF_A_REQUEST = ("request", "req", "context", "view", "get_csrf_token")


class CommonPage:
    """What a skeleton's template sees as `page`: nothing that somebody else should not see."""

    def __init__(self, page: Any) -> None:
        for name in COMMON:
            setattr(self, name, getattr(page, name))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"page.{name} is not for everybody: give it to the skeleton as a part"
        )


class Skeleton:
    """One template of one request: `fill` it for each thing that the page shows.

    Parts that are *fixed* are the same for each of them, and are put in once for each kind.
    """

    def __init__(
        self, request: Any, template: str, fixed: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self._request = request
        self._template = template
        self._fixed = fixed
        self._known: dict[tuple[Any, ...], Pieces] = {}

    def fill(self, kind: Mapping[str, Any], **parts: Any) -> Markup:
        """Return the template for this *kind*, its values hashable and few, with *parts* in it.

        A part that is no `Markup` is escaped.
        """
        return self.put(kind, parts)

    def put(self, kind: Mapping[str, Any], parts: Mapping[str, Any]) -> Markup:
        """Return what `fill` does, given the parts as they are."""
        return put_in(self.pieces(kind, parts), parts)

    def pieces(self, kind: Mapping[str, Any], parts: Iterable[str]) -> Pieces:
        """Return the pieces for this *kind* with parts of these names, for `put_in`.

        Who knows that many things are of one kind asks once, and puts in the parts of each.
        """
        values = tuple(kind.values())
        pieces = self._known.get(values)
        if pieces is None:
            pieces = self._known[values] = self._pieces(kind, parts)
        return pieces

    def _pieces(self, kind: Mapping[str, Any], parts: Iterable[str]) -> Pieces:
        pieces = pieces_of(
            self._request,
            (self._template, *kind.values()),
            lambda marks: self._render({**kind, **marks}),
            [*self._fixed, *parts],
        )
        return with_fixed(pieces, self._fixed) if self._fixed else pieces

    def shared(self) -> Mapping[str, Any]:
        """Return what the template is given besides, whatever the kind: macros."""
        return {}

    def _render(self, values: Mapping[str, Any]) -> str:
        seen = {
            **dict.fromkeys(OF_A_REQUEST),
            "page": CommonPage(self._request.page),
            **self.shared(),
            **values,
        }
        return close_up(render(self._template, seen, self._request))


def close_up(html: str) -> str:
    """Return *html*, of a template, without its empty lines and the indentation of the others.

    They are there many times, and nobody sees them; but what is ``<pre>`` stays as it is.
    """
    return html if "<pre" in html else _AROUND_LINES.sub("\n", html)


def fill(request: Any, template: str, kind: Mapping[str, Any], **parts: Any) -> Markup:
    """Return what a `Skeleton` of *template* gives, for what a page shows once."""
    return Skeleton(request, template).fill(kind, **parts)


def fill_found(request: Any, template: str, kind: Mapping[str, Any], **parts: Any) -> Markup:
    """Return what `fill` gives of the parts that are there; the template sees None for others.

    So a template asks for a part itself whether it is there, and its kind need not say so.
    """
    there = {name: part for name, part in parts.items() if part is not None}
    missing = dict.fromkeys(parts.keys() - there.keys())
    return fill(request, template, {**kind, **missing}, **there)


def pieces_of(
    request: Any,
    kind: tuple[Any, ...],
    make: Callable[[Mapping[str, Markup]], str],
    parts: Iterable[str],
) -> Pieces:
    """Return the pieces of what *make* renders of a mark for each of *parts*.

    *make* is called where nothing of that *kind* is kept in the language of *request*.
    """
    known: dict[Any, Pieces] | None = request.registry.communicate_skeletons
    names = tuple(parts)
    key = (request.locale_name, names, kind)
    pieces = None if known is None else known.get(key)
    if pieces is None:
        marks = {name: as_is(f"{OPENS}{name}{CLOSES}") for name in names}
        texts = str(make(marks)).replace(CLOSES, OPENS).split(OPENS)
        pieces = texts, tuple(texts[1::2])
        if known is not None:
            if len(known) >= MOST:
                known.clear()
            known[key] = pieces
    return pieces


as_is: Callable[[str], Markup] = partial(str.__new__, Markup)
"""Returns a text, which is clean or escaped already, as `Markup`.

The class itself first asks whether it is HTML: that takes six times as long.
"""


def put_in(pieces: Pieces, parts: Mapping[str, Any]) -> Markup:
    """Return *pieces* with *parts* in their places; what is no `Markup` is escaped."""
    return as_is(text_with(pieces, parts))


def text_with(pieces: Pieces, parts: Mapping[str, Any]) -> str:
    """Return what `put_in` does as text, of which many are joined before they become `Markup`."""
    texts, names = pieces
    filled = texts.copy()
    filled[1::2] = [
        part if type(part := parts[name]) is Markup else escape(part) for name in names
    ]
    return "".join(filled)


def joined(pieces: Pieces, parts: Mapping[str, Markup]) -> str:
    """Return what `text_with` does, of parts that are `Markup`, all of them: none is escaped.

    For pages that show dozens of things, whose parts the type checker knows.
    """
    texts, names = pieces
    filled = texts.copy()
    filled[1::2] = map(parts.__getitem__, names)
    return "".join(filled)


def in_rows(pieces: Pieces, columns: Mapping[str, Sequence[str]], count: int) -> str:
    """Return what `joined` does for each of *count* things in turn, as one text.

    *columns* have the parts by name, one for each thing: HTML, whatever its type; none is escaped.
    """
    texts, names = pieces
    step, filled = len(texts), texts * count
    for place, name in enumerate(names):
        filled[2 * place + 1 :: step] = columns[name]
    return "".join(filled)


def with_fixed(pieces: Pieces, fixed: Mapping[str, Any]) -> Pieces:
    """Return *pieces* that have *fixed* parts in them already; what is no `Markup` is escaped."""
    texts, names = pieces
    made, left = [texts[0]], []
    for name, text in zip(names, texts[2::2], strict=True):
        if name in fixed:
            made[-1] += str(escape(fixed[name])) + text
        else:
            left.append(name)
            made += [name, text]
    return made, tuple(left)


def includeme(config: Configurator) -> None:
    """Keep what is rendered, but in development, where templates change."""
    fresh = config.registry.settings.get("communicate.mode") == "development"
    config.registry.communicate_skeletons = None if fresh else {}

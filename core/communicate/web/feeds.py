"""Feeds of what members publish: Atom (RFC 4287) and JSON Feed 1.1, open or by a private address.

    with seen_by(request, None):                       # open: whoever asks, a stranger reads
        return answer(request, ATOM, Source(...), items)

Identifiers are tag URIs (RFC 4151) of the site's host and the day on which a thing was made.  The
address of a private feed carries a key: `new_key` makes one, and the tree keeps its digest only.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from markupsafe import Markup
from pyramid.renderers import render
from pyramid.response import Response

from communicate import clock
from communicate.ids import decode, encode
from communicate.interfaces import IMembers
from communicate.permissions import VIEW
from communicate.principals import Viewer
from communicate.security import decide

ATOM, JSON = "application/atom+xml", "application/feed+json"
NAMESPACE = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
VERSION = "https://jsonfeed.org/version/1.1"
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0
LINK = re.compile(r'(<[^<>]*?\b(?:href|src)=")(/(?!/)|#)')  # of clean HTML: its quotes are these
SECRET = 32  # bytes
UID = 13  # characters


@dataclass(frozen=True, slots=True)
class Source:
    """What a feed is about: its id and time, title, page, own address and language.

    *page* and *itself* are paths of the site.
    """

    name: str
    created: int
    title: str
    page: str
    itself: str
    language: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a feed; moments are milliseconds, *html* is clean, *path* begins with /."""

    name: str
    created: int
    published: int
    updated: int
    title: str
    path: str
    author: str
    html: str
    summary: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""


class Writer:
    """Writes feeds of the site at *base*, an address without a slash at its end."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.host = urlsplit(base).hostname or "localhost"

    def write(self, kind: str, source: Source, items: list[Item]) -> bytes:
        """Return the feed of *items* in the format *kind*, ATOM or JSON."""
        return self.atom(source, items) if kind == ATOM else self.json(source, items)

    def atom(self, source: Source, items: list[Item]) -> bytes:
        """Return the Atom feed of *items*."""
        attributes = {"xmlns": NAMESPACE, f"{{{XML}}}base": f"{self.base}/"}
        root = ElementTree.Element("feed", attributes)
        root.set(f"{{{XML}}}lang", source.language)
        _add(root, "id", self.tag(source.created, source.name))
        _add(root, "title", source.title)
        _add(root, "updated", stamp(updated_of(source, items)))
        _add(root, "link", rel="self", type=ATOM, href=self.base + source.itself)
        _add(root, "link", rel="alternate", type="text/html", href=self.base + source.page)
        for item in items:
            self._entry(root, item)
        text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        return text

    def _entry(self, root: Any, item: Item) -> None:
        entry = _add(root, "entry")
        if item.language:
            entry.set(f"{{{XML}}}lang", item.language)
        _add(entry, "id", self.tag(item.created, item.name))
        _add(entry, "title", item.title or "…")
        _add(entry, "published", stamp(item.published))
        _add(entry, "updated", stamp(item.updated))
        _add(_add(entry, "author"), "name", item.author)
        _add(entry, "link", rel="alternate", type="text/html", href=self.base + item.path)
        for tag in item.tags:
            _add(entry, "category", term=FORBIDDEN.sub("", tag))
        if item.summary:
            _add(entry, "summary", item.summary)
        _add(entry, "content", self.absolute(item), type="html")

    def json(self, source: Source, items: list[Item]) -> bytes:
        """Return the JSON Feed of *items*."""
        feed = {
            "version": VERSION,
            "title": source.title,
            "home_page_url": self.base + source.page,
            "feed_url": self.base + source.itself,
            "language": source.language,
            "items": [self._object(item) for item in items],
        }
        return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()

    def _object(self, item: Item) -> dict[str, Any]:
        found = {
            "id": self.tag(item.created, item.name),
            "url": self.base + item.path,
            "title": item.title,
            "content_html": self.absolute(item),
            "summary": item.summary,
            "date_published": stamp(item.published),
            "date_modified": stamp(item.updated),
            "authors": [{"name": item.author}],
            "tags": list(item.tags),
            "language": item.language,
        }
        return {name: value for name, value in found.items() if value or name == "content_html"}

    def absolute(self, item: Item) -> str:
        """Return the HTML of *item* with the site's address in its links and pictures."""
        here = self.base + item.path
        return LINK.sub(
            lambda found: found[1] + (f"{here}#" if found[2] == "#" else f"{self.base}/"),
            item.html,
        )

    def tag(self, created: int, name: str) -> str:
        """Return the tag URI of the thing *name*, made at *created* (ms)."""
        return f"tag:{self.host},{clock.moment(created):%Y-%m-%d}:{name}"


def answer(request: Any, kind: str, source: Source, items: list[Item]) -> Response:
    """Return the feed of *items* as *kind*, or 304 where the reader has it as it is.

    Moments say nothing here: what is gone, or is the reader's no more, leaves an older feed.
    """
    writer = Writer(str(request.registry.settings.get("communicate.url") or "").rstrip("/"))
    body = writer.write(kind, source, items)
    response = Response(body, content_type=kind, charset="utf-8")
    response.etag = hashlib.sha256(body).hexdigest()[:32]
    response.cache_control = "private, no-cache"
    response.conditional_response = True
    return response


def updated_of(source: Source, items: list[Item]) -> int:
    """Return when a feed last changed, in ms."""
    return max([item.updated for item in items], default=source.created)


def stamp(milliseconds: int) -> str:
    """Return a moment as RFC 3339 writes it, to the second, in UTC."""
    return f"{clock.moment(milliseconds):%Y-%m-%dT%H:%M:%SZ}"


def _add(parent: Any, name: str, text: str = "", **given: str) -> Any:
    """Add the element *name* to *parent*, without what XML cannot hold; return it."""
    element = ElementTree.SubElement(parent, name, given)
    if text:
        element.text = FORBIDDEN.sub("", text)
    return element


# Who reads


@contextmanager
def seen_by(request: Any, member: Any) -> Iterator[None]:
    """Let *request* be read by *member*, or by a stranger for None, whoever made it."""
    before = request.viewer
    walled = request.registry.settings.get("communicate.widest_audience") == "members"
    request.viewer = Viewer(member, request.site.get("members"), walled=walled)
    try:
        yield
    finally:
        request.viewer = before


def is_open(request: Any, thing: Any) -> bool:
    """Tell whether a stranger may read *thing*, whoever reads the feed.

    Readers of feeds fetch pictures without any key: only what is open shows some.  Elsewhere a
    link leads to where its reader is asked who they are.
    """
    walled = request.registry.settings.get("communicate.widest_audience") == "members"
    stranger = Viewer(None, request.site.get("members"), walled=walled)
    return bool(decide(stranger, thing, VIEW))


# Private addresses


def new_key(uid: int) -> tuple[str, bytes]:
    """Return a new key for the address of a private feed of member *uid*, and its digest."""
    secret = secrets.token_hex(SECRET)
    return f"{encode(uid)}{secret}", digest(secret)


def uid_in(key: str) -> int | None:
    """Return the uid of the member whose private feed may have that *key*, or None."""
    try:
        return decode(key[:UID])
    except ValueError:
        return None


def member_with(request: Any, key: str, kept: bytes | None) -> Any:
    """Return the member whose private feed has the *key*, given the digest that is *kept*.

    None where it is another one, or the member may not sign in.
    """
    uid = uid_in(key)
    if not hmac.compare_digest(kept or bytes(SECRET), digest(key[UID:])) or uid is None:
        return None
    member = request.find_service(IMembers).by_uid(uid)
    return member if member is not None and member.may_sign_in else None


def digest(secret: str) -> bytes:
    """Return what the tree keeps of *secret*."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def section(request: Any, action: str, addresses: list[str], has_feed: bool) -> Markup:
    """Return the part of a page of settings where a member makes and revokes a private feed.

    Its form posts ``feed``, "new" or "revoke", to *action*; new *addresses* are shown once.
    """
    values = {"action": action, "addresses": addresses, "has_feed": has_feed}
    return Markup(render("communicate:templates/private_feed.pt", values, request))  # noqa: S704


def first(items: Iterable[Item | None], most: int) -> list[Item]:
    """Return the first *most* of *items* that there are."""
    found: list[Item] = []
    for item in items:
        if item is not None:
            found.append(item)
            if len(found) == most:
                break
    return found

"""Atom feeds (RFC 4287) of posts: what they hold, and the secret of a private one.

Identifiers are tag URIs (RFC 4151) of the site's host and the day on which a thing was made.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from communicate import clock
from communicate.ids import decode, encode
from communicate.interfaces import IMembers
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web.slices import backwards
from communicate_forums.content import Forum, Forums, Post, Reader, Topic
from communicate_forums.reading import Reading

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0
ENTRIES = 30
LOOKED = 10  # posts of one topic in the feed of a forum
SECRET = 32  # bytes
UID = 13  # characters


@dataclass(frozen=True, slots=True)
class Source:
    """What a feed is about: its id and time, title, page, own address and language."""

    name: str
    created: int
    title: str
    page: str
    itself: str
    language: str


def newest_posts(topics: Iterable[Topic]) -> list[Post]:
    """Return the newest posts of *topics*, the newest first."""
    found: list[Post] = []
    for topic in topics:
        found.extend(post for _number, post in islice(backwards(topic.posts), LOOKED))
    return sorted(found, key=lambda post: post.id, reverse=True)


def posts_of_topic(topic: Topic) -> Iterable[Post]:
    """Yield the posts of *topic*, the newest first."""
    return (post for _number, post in islice(backwards(topic.posts), 4 * ENTRIES))


def posts_of_forums(forums: Forums, chosen: Iterable[Forum]) -> list[Post]:
    """Return the newest posts of the *chosen* forums, the newest first."""
    latest: list[tuple[int, int]] = []
    for forum in chosen:
        latest.extend(islice(backwards(forum.active), ENTRIES))
    numbers = [number for _key, number in sorted(latest, reverse=True)[:ENTRIES]]
    found = (forums.topic(number) for number in numbers)
    return newest_posts(topic for topic in found if topic is not None)


class Feed:
    """A feed for the viewer of one request."""

    def __init__(self, request: Any, source: Source) -> None:
        self.reading = Reading(request)
        self.request = request
        self.source = source
        self.base = str(request.registry.settings.get("communicate.url") or "").rstrip("/")
        self.host = urlsplit(self.base).hostname or "localhost"

    def write(self, posts: Iterable[Post]) -> tuple[bytes, datetime]:
        """Return the XML with the first ENTRIES of *posts* that may be read, and its date."""
        readable = (post for post in posts if permits(self.request, post, VIEW))
        shown = list(islice(readable, ENTRIES))
        updated = max([changed(post) for post in shown], default=self.source.created)
        root = ElementTree.Element("feed", {"xmlns": ATOM, f"{{{XML}}}base": f"{self.base}/"})
        root.set(f"{{{XML}}}lang", self.source.language)
        self._head(root, updated)
        for post in shown:
            self._entry(root, post)
        text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        return text, clock.moment(updated)

    def _head(self, root: ElementTree.Element, updated: int) -> None:
        source = self.source
        add(root, "id", self.tag(source.created, source.name))
        add(root, "title", source.title)
        add(root, "updated", stamp(updated))
        add(root, "link", rel="self", type="application/atom+xml", href=self.base + source.itself)
        add(root, "link", rel="alternate", type="text/html", href=self.base + source.page)

    def _entry(self, root: ElementTree.Element, post: Post) -> None:
        topic: Topic = post.__parent__
        words = self.reading.words
        html = words.html(post)
        if html is None:
            return
        path = f"/forums/{topic.__parent__.__name__}/{topic.__name__}/{post.__name__}"
        entry = add(root, "entry")
        add(entry, "id", self.tag(post.created, f"forums/post/{encode(post.id)}"))
        add(entry, "title", words.title(topic) or "…")
        add(entry, "published", stamp(post.created))
        add(entry, "updated", stamp(changed(post)))
        add(add(entry, "author"), "name", self.reading.name_of(post))
        add(entry, "link", rel="alternate", type="text/html", href=self.base + path)
        content = self.reading.quotes.fill(html, changed(post))
        add(entry, "content", str(content), type="html")

    def tag(self, created: int, name: str) -> str:
        """Return the tag URI of the thing *name*, made at *created* (ms)."""
        return f"tag:{self.host},{clock.moment(created):%Y-%m-%d}:{name}"


def add(parent: ElementTree.Element, name: str, text: str = "", **given: str) -> Any:
    """Add the element *name* to *parent*, without what XML cannot hold; return it."""
    element = ElementTree.SubElement(parent, name, given)
    if text:
        element.text = FORBIDDEN.sub("", text)
    return element


def changed(post: Post) -> int:
    """Return when *post* was written or last changed, in ms."""
    return post.edited or post.created


def stamp(milliseconds: int) -> str:
    """Return a moment as RFC 3339 writes it, to the second, in UTC."""
    return f"{clock.moment(milliseconds):%Y-%m-%dT%H:%M:%SZ}"


def new_secret(reader: Reader, uid: int) -> str:
    """Give member *uid* a private feed in place of any that was; return the key of its address."""
    secret = secrets.token_hex(SECRET)
    reader.feed = digest(secret)
    return f"{encode(uid)}{secret}"


def member_with(request: Any, key: str) -> Any:
    """Return the member whose private feed has that *key* in its address, or None."""
    try:
        uid = decode(key[:UID])
    except ValueError:
        return None
    reader = request.site["forums"].readers.get(uid)
    kept = getattr(reader, "feed", None) or bytes(SECRET)
    if not hmac.compare_digest(kept, digest(key[UID:])):
        return None
    member = request.find_service(IMembers).by_uid(uid)
    return member if member is not None and member.may_sign_in else None


def digest(secret: str) -> bytes:
    """Return what the tree keeps of *secret*."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()

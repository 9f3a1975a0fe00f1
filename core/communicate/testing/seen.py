"""All that one visitor comes to see by following links, in a form in which two sites compare.

Ids, numbers of members and tokens are random on every site: they are masked.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urljoin

from communicate.testing.crawl import PageReader, relative

ID = re.compile(r"(?<![0-9a-z])(?:[0-9a-hjkmnp-tv-z]{13}){1,2}(?![0-9a-z])")
ESCAPE = re.compile(r"%[0-9A-F]{2}")  # hides where an id begins
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
SECRET = re.compile(r"\b\d{17,}\b|\b[0-9a-f]{16,}\b|\b[\w-]{32,}\b")
BODY = re.compile(r"<body\b.*</body>", re.DOTALL)
SKIPPED = ("/static/", "/login?")
MOST = 5_000  # pages


def masked(text: str) -> str:
    """Return *text* with a mark in place of all that is random."""
    return SECRET.sub("*", ID.sub("*", ESCAPE.sub("*", HIDDEN.sub("", text))))


def seen(
    browser: Any, starts: Iterable[str] = ("/",), most: int = MOST, *, addresses: bool = False
) -> dict[str, list[str]]:
    """Return the bodies of all pages that the WebTest *browser* reaches, by masked address.

    With *addresses*, by the addresses as they are.
    """
    mask = str if addresses else masked
    waiting, known = list(starts), set(starts)
    found: dict[str, list[str]] = {}
    while waiting and len(known) <= most:
        path = waiting.pop(0)
        reply = browser.get(path, expect_errors=True)
        if reply.location:
            links = [urljoin(path, reply.location.removeprefix("http://localhost"))]
        elif reply.content_type == "text/html":
            found.setdefault(mask(path if addresses else unquote(path)), []).append(
                masked(body_of(reply.text))
            )
            reader = PageReader(path)
            reader.feed(reply.text)
            links = reader.links
        else:
            continue
        for address in map(relative, links):
            if address and address not in known and not address.startswith(SKIPPED):
                known.add(address)
                waiting.append(address)
    return {path: sorted(bodies) for path, bodies in sorted(found.items())}


def body_of(page: str) -> str:
    """Return what the HTML *page* shows, without its head."""
    found = BODY.search(page)
    return found[0] if found else page

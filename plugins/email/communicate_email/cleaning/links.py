"""Where links of a message go, and whether their words say something else."""

import html
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

# What the cleaner wrote: attributes in double quotes, quotes within written as entities.
_LINK = re.compile(r'<a((?: [\w-]+="[^"]*")*)>(.*?)</a>', re.DOTALL)
_HREF = re.compile(r' href="([^"]*)"')
_TITLE = re.compile(r' title="[^"]*"')
_TAGS = re.compile(r"<[^>]*>")
_HOST = re.compile(
    r"(?:https?://|www\.)?(?:[^\s/@<>\"']{0,200}@)?"
    r"((?:[\w-]{1,63}\.){1,9}[^\W\d_]{2,24})(?=[/:?#\s,;)]|\.?$)",
    re.IGNORECASE,
)


class Link(NamedTuple):
    """One link: its *address*, the *host* it goes to, its words.

    *misleading* says that the words name another host.
    """

    address: str
    host: str
    words: str
    misleading: bool


def host_of(address: str) -> str:
    """Return the host that *address* leads to, in the letters the network uses; empty for none."""
    try:
        found = urlsplit(address).hostname or ""
        if not found and address.lower().startswith("mailto:"):
            found = address[7:].partition("?")[0].rpartition("@")[2]
    except ValueError:
        return ""
    return _ascii(found.lower())


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode()


def told(cleaned: str, mark: Callable[[str], str]) -> tuple[str, tuple[Link, ...]]:
    """Return *cleaned* with links that tell where they go, and these.

    Each has its address as its title.  After one whose words name another host stands *mark* of
    the host it leads to.
    """
    links: list[Link] = []

    def tell(match: re.Match[str]) -> str:
        given, inner = match[1], match[2]
        href = _HREF.search(given)
        if href is None:
            return f"<span>{inner}</span>"
        link = _read(html.unescape(href[1]), inner)
        links.append(link)
        given = _TITLE.sub("", given)
        goes = html.escape(mark(link.host)) if link.misleading else ""
        shown = f' <span class="goes">{goes}</span>' if goes else ""
        return f'<a{given} title="{href[1]}">{inner}</a>{shown}'

    return _LINK.sub(tell, cleaned), tuple(links)


def _read(address: str, inner: str) -> Link:
    words = " ".join(html.unescape(_TAGS.sub("", inner)).split())[:500]
    host = host_of(address)
    named = {_ascii(found.lower()) for found in _HOST.findall(words)}
    misleading = bool(named) and not any(_same(each, host) for each in named)
    return Link(address, host, words, misleading)


def _same(named: str, host: str) -> bool:
    """Tell whether *named* is *host*, or one is the other with ``www.`` before it."""
    return named.removeprefix("www.") == host.removeprefix("www.")

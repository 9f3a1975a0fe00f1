"""Where links of a message go, and whether their words say something else."""

import html
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from communicate_email.alphabets import mixes

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
# What browsers make of an address: any slashes, whoever is named before the host, the host.
_AUTHORITY = re.compile(r"https?:[\\/]*(?:([^\\/?#]*)@)?([^\\/?#@]*)", re.IGNORECASE)
_PORT = re.compile(r":\d*$")
_UNHEARD = re.compile(r"[\x00-\x1f\x7f]")  # browsers read an address as if they were not there
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|jpe?g|png|gif|webp|txt|csv|html?|eml|mp[34])$"
)
_DOTS = str.maketrans("\u2024\u3002\ufe52\uff0e\uff61", ".....")


class Link(NamedTuple):
    """One link: its *address*, the *host* it goes to, its words.

    *misleading* says that the words name another host, or that the address seems to go elsewhere.
    """

    address: str
    host: str
    words: str
    misleading: bool


def host_of(address: str) -> str:
    """Return the host that *address* leads to, in the letters the network uses; empty for none."""
    heard = _UNHEARD.sub("", address).strip()
    if heard.lower().startswith("mailto:"):
        return _ascii(unquote(heard[7:].partition("?")[0]).rpartition("@")[2].lower())
    found = _AUTHORITY.match(heard)
    if found is None:
        return ""
    host = unquote(_PORT.sub("", found[2]))
    return _ascii(unicodedata.normalize("NFKC", host).translate(_DOTS).lower())


def _seems(address: str, host: str) -> bool:
    """Tell whether *address* is made to be taken for one of another host."""
    found = _AUTHORITY.match(_UNHEARD.sub("", address).strip())
    return found is not None and (bool(found[1]) or mixes(host))


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
    seen = unicodedata.normalize("NFKC", _UNSEEN.sub("", words)).translate(_DOTS)
    host = host_of(address)
    found = [each.lower() for each in _HOST.findall(seen)]
    named = [_ascii(each) for each in found if not _FILE.search(each)]
    misleading = _seems(address, host) or not all(_same(each, host) for each in named)
    return Link(address, host, words, misleading)


def _same(named: str, host: str) -> bool:
    """Tell whether *named* is *host*, or one is the other with ``www.`` before it."""
    return named.removeprefix("www.") == host.removeprefix("www.")

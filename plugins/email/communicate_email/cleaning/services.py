"""HTML of a message, cleaned."""

import html as escaping
from collections.abc import Callable
from dataclasses import dataclass

import nh3

from communicate_email.cleaning.allowed import (
    ATTRIBUTES,
    GONE,
    LINKED,
    LOADING,
    SCHEMES,
    STYLES,
    TAGS,
)
from communicate_email.cleaning.bounds import fits
from communicate_email.cleaning.links import Link, told
from communicate_email.cleaning.styles import kept, loads
from communicate_email.mime import plaintext

_PICTURES = ("data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;")
Address = Callable[[str], str | None]


@dataclass(frozen=True)
class Cleaned:
    """HTML that can be shown, and what was noticed on the way.

    *remote* are the addresses of pictures from elsewhere, each once.  *held* tells whether
    anything was held back that would have been loaded from there.  *plain* says that the HTML was
    out of all measure and is shown as text.
    """

    html: str
    remote: tuple[str, ...] = ()
    held: bool = False
    links: tuple[Link, ...] = ()
    plain: bool = False


def clean(
    html: str,
    *,
    inline: Address = lambda _id: None,
    remote: Address | None = None,
    mark: Callable[[str], str] = "→ {}".format,
) -> Cleaned:
    """Return *html* fit for a frame: no script, no form, nothing that covers or moves.

    *inline* returns for a Content-ID what shows that picture, best as ``data:``, or None.  Without
    *remote* no picture from elsewhere is left; with it, each has the address that it returns.
    *mark* makes the words that stand after a link whose own words name another host.
    """
    if not fits(html):
        text = escaping.escape(plaintext.of_html(html[: 4 * 1024 * 1024]))
        return Cleaned(f'<div style="white-space:pre-wrap">{text}</div>', plain=True)
    cleaner = _Cleaner(inline, remote)
    cleaned, links = told(cleaner.clean(html), mark)
    return Cleaned(cleaned, tuple(cleaner.remote), cleaner.held, links)


class _Cleaner:
    """One cleaning: what would be loaded is gathered on the way."""

    def __init__(self, inline: Address, remote: Address | None) -> None:
        self.inline = inline
        self.allowed = remote
        self.remote: dict[str, None] = {}
        self.held = False

    def clean(self, html: str) -> str:
        return nh3.clean(
            html,
            tags=TAGS,
            clean_content_tags=GONE,
            attributes=ATTRIBUTES,
            attribute_filter=self.attribute,
            link_rel="noopener noreferrer nofollow",
            set_tag_attribute_values={"a": {"target": "_blank"}},
            url_schemes=SCHEMES,
            url_relative="deny",
            filter_style_properties=STYLES,
        )

    def attribute(self, tag: str, name: str, value: str) -> str | None:
        """Return what attribute *name* of *tag* is to be, or None."""
        if name == "style":
            self.load(loads(value))
            return kept(value) or None
        if name == "href":
            return value if value.strip().lower().startswith(LINKED) else None
        if name == "src" and tag == "img":
            return self.picture(value.strip())
        if name in LOADING:
            self.load(bool(value.strip()))
            return None
        return value

    def load(self, wanted: bool) -> None:
        """Note that something is *wanted* that is never loaded, not even when pictures are."""
        self.held = self.held or (wanted and self.allowed is None)

    def picture(self, address: str) -> str | None:
        """Return what is to be loaded for the picture at *address*, or None."""
        scheme = address.partition(":")[0].lower()
        if scheme == "cid":
            return self.inline(address[4:].strip("<>"))
        if scheme == "data":
            return address if address.lower().startswith(_PICTURES) else None
        if scheme not in ("http", "https"):
            return None
        self.remote[address] = None
        shown = self.allowed(address) if self.allowed else None
        self.held = self.held or shown is None
        return shown

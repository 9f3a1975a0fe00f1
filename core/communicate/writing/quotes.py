"""Quotes by reference: what is written holds which words of what it quotes, never the words.

``[quote:<id>]`` or ``[quote:<id>:<from>-<to>]`` on a line of its own; the range counts the
characters of what is quoted as it reads, without what it quotes itself.  The words are filled in
for each viewer whenever they are shown: where that viewer may not read them, or nobody can any
more, nothing of them is there.
"""

import html as entities
import re
from typing import Any, NamedTuple

from markupsafe import Markup, escape
from pyramid.i18n import TranslationStringFactory

from communicate.ids import decode
from communicate.sealing.content import Sealed
from communicate.sealing.services import SHORT
from communicate.web.plain import on_one_line
from communicate.web.skeletons import as_is
from communicate.writing.references import without as without_files

_ = TranslationStringFactory("communicate")

REFERENCE = r"\[quote:([0-9a-hjkmnp-tv-z]{13})(?::([0-9]{1,6})-([0-9]{1,6}))?\]"
PARAGRAPH = re.compile(f"<p>{REFERENCE}</p>")
LINE = re.compile(rf"^[ \t]*{REFERENCE}[ \t]*$\n?", re.MULTILINE)
TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')
BLOCK = re.compile(
    r'</?(?:p|br|hr|h\d|pre|blockquote|ul|ol|li|t[a-z]+)\b[^>"]*(?:"[^"]*"[^>"]*)*>'
)
MARK = "[quote:"
CHANGED = _("changed since")
MOST = 20  # quotes that one thing shows
LONGEST = 1_000  # characters that one of them shows


class Quoted(NamedTuple):
    """What is quoted, as this viewer may read it: its text, address, author, last change (ms)."""

    text: str
    path: str
    who: str
    edited: int = 0


def without(body: str) -> str:
    """Return the Markdown *body* without the lines that quote."""
    return LINE.sub("", body) if MARK in body else body


def text_of(html: str) -> str:
    """Return the text of the clean *html* as a browser sees it, without what it quotes."""
    return entities.unescape(TAG.sub("", _own(html)))


def plain(html: str) -> str:
    """Return the clean *html* as text in which blocks are apart, without what it quotes."""
    return entities.unescape(TAG.sub("", BLOCK.sub(" ", _own(html))))


def on_a_line(html: str) -> str:
    """Return what `plain` does on one line, as lists and pages of what was found show it."""
    return on_one_line(plain(html))


def line_in(seals: Any, sealed: Sealed) -> str | None:
    """Return `on_a_line` of the clean HTML in *sealed*, None where its key is gone.

    Of what is short it stays in memory as long as the key does: see `ISeals.made`.
    """
    if len(sealed.envelope) <= SHORT:
        line: str | None = seals.made(sealed, on_a_line)
        return line
    html = seals.text(sealed)
    return None if html is None else on_a_line(html)


def _own(html: str) -> str:
    """Return *html* without what it quotes, and without its files."""
    return without_files(PARAGRAPH.sub("", html) if MARK in html else html)


def excerpt(text: str, start: str | None, stop: str | None) -> str:
    """Return *text* from *start* to *stop*, cut where it is long."""
    found = (text if start is None else text[int(start) : int(stop or 0)]).strip()
    return found if len(found) <= LONGEST else f"{found[:LONGEST].rstrip()}…"


class Quotes:
    """The quotes on the pages of one request; `find` opens what an id names, each once.

    *gone* is what stands where a viewer is shown nothing of it.
    """

    def __init__(self, page: Any, gone: Any) -> None:
        self.page, self.gone = page, gone
        self._known: dict[int, Quoted | None] = {}
        self._empty = Markup('<blockquote class="quoted"><p class="quiet">{}</p></blockquote>')

    def find(self, number: int) -> Quoted | None:
        """Return what id *number* names, or None where this viewer is shown nothing of it.

        A method of the class: one that was bound would keep the page until the collector comes.
        """
        raise NotImplementedError

    def fill(self, html: str, since: int) -> Markup:
        """Return the clean *html*, written at *since* (ms), with the words that it quotes."""
        if MARK in html:
            left = iter(range(MOST))
            html = PARAGRAPH.sub(
                lambda match: "" if next(left, None) is None else self._block(match, since), html
            )
        return as_is(html)  # cleaned before it was sealed, and escaped here

    def _block(self, match: re.Match[str], since: int) -> str:
        found = self._quoted(match[1])
        if found is None:
            return str(self._empty.format(self.page.say(self.gone)))
        shown = escape(excerpt(found.text, match[2], match[3]) or "…")
        words = re.sub(r"\n+", "<br>\n", str(shown))
        changed = f" · {escape(self.page.say(CHANGED))}" if found.edited > since else ""
        return (
            f'<blockquote class="quoted" cite="{escape(found.path)}">'
            f'<footer><a href="{escape(found.path)}">{escape(found.who)}</a>{changed}</footer>'
            f"<p>{words}</p></blockquote>"
        )

    def _quoted(self, name: str) -> Quoted | None:
        try:
            number = decode(name)
        except ValueError:
            return None
        if number not in self._known:
            self._known[number] = self.find(number)
        return self._known[number]

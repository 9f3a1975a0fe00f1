"""Quotes by reference: a post holds which words of which post it quotes, never the words.

``[quote:<post>]`` or ``[quote:<post>:<from>-<to>]`` on a line of its own; the range counts the
characters of the quoted post as it reads, without what it quotes itself.  The words are filled in
for each viewer whenever they are shown: where that viewer may not read them, or nobody can any
more, nothing of them is there.
"""

import html as entities
import re
from typing import Any

from markupsafe import Markup, escape
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate.ids import decode
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_forums.content import Post

_ = TranslationStringFactory("communicate_forums")

REFERENCE = r"\[quote:([0-9a-hjkmnp-tv-z]{13})(?::([0-9]{1,6})-([0-9]{1,6}))?\]"
PARAGRAPH = re.compile(f"<p>{REFERENCE}</p>")
LINE = re.compile(rf"^[ \t]*{REFERENCE}[ \t]*$\n?", re.MULTILINE)
TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')
MARK = "[quote:"
MOST = 20  # quotes that one post shows
LONGEST = 1_000  # characters that one of them shows


def without(body: str) -> str:
    """Return the Markdown *body* without the lines that quote."""
    return LINE.sub("", body) if MARK in body else body


def text_of(html: str) -> str:
    """Return the text of the clean *html* as a browser sees it, without what it quotes."""
    return entities.unescape(TAG.sub("", PARAGRAPH.sub("", html)))


def excerpt(text: str, start: str | None, stop: str | None) -> str:
    """Return *text* from *start* to *stop*, cut where it is long."""
    found = (text if start is None else text[int(start) : int(stop or 0)]).strip()
    return found if len(found) <= LONGEST else f"{found[:LONGEST].rstrip()}…"


def name_of(page: Any, words: Any, post: Post) -> str:
    """Return the login of who wrote *post*, or what stands for it, as *page* and *words* say."""
    login = page.login_of(post.owner)
    if login:
        return str(login)
    name = words.author(post.owner)
    stand_in = _("a former member") if name is None else _("somebody")
    return str(name or page.say(stand_in))


class Quotes:
    """The quotes on the pages of one request; each quoted post is opened once."""

    def __init__(self, request: Request, words: Any) -> None:
        self.request = request
        self.page = request.page
        self.words = words
        self._texts: dict[int, tuple[Post, str] | None] = {}
        self._gone = Markup('<blockquote class="quoted"><p class="quiet">{}</p></blockquote>')

    def fill(self, html: str, since: int) -> Markup:
        """Return the clean *html*, written at *since* (ms), with the words that it quotes."""
        if MARK in html:
            left = iter(range(MOST))
            html = PARAGRAPH.sub(
                lambda match: "" if next(left, None) is None else self._block(match, since), html
            )
        return Markup(html)  # noqa: S704  # cleaned before it was sealed, and escaped here

    def _block(self, match: re.Match[str], since: int) -> str:
        found = self._quoted(match[1])
        if found is None:
            return str(self._gone.format(self.page.say(_("Post deleted"))))
        post, text = found
        words = re.sub(r"\n+", "<br>\n", str(escape(excerpt(text, match[2], match[3]) or "…")))
        changed = self._changed if post.edited > since else ""
        topic = post.__parent__
        path = f"/forums/{topic.__parent__.__name__}/{topic.__name__}/{post.__name__}"
        who = escape(name_of(self.page, self.words, post))
        return (
            f'<blockquote class="quoted" cite="{path}"><footer><a href="{path}">{who}</a>'
            f"{changed}</footer><p>{words}</p></blockquote>"
        )

    @property
    def _changed(self) -> str:
        return f" · {escape(self.page.say(_('changed since')))}"

    def _quoted(self, name: str) -> tuple[Post, str] | None:
        try:
            number = decode(name)
        except ValueError:
            return None
        if number not in self._texts:
            self._texts[number] = self._open(number)
        return self._texts[number]

    def _open(self, number: int) -> tuple[Post, str] | None:
        """Return the post and its text, or None where this viewer is shown nothing of it."""
        post: Post | None = self.request.site["forums"].post(number)
        if post is None or post.hidden or post.deleted or post.__parent__.hidden:
            return None
        if not permits(self.request, post, VIEW):
            return None
        html: Any = self.words.html(post)
        return None if html is None else (post, text_of(html))

"""Markdown as members write it, made into clean HTML; the same text always gives the same HTML.

What is private is never remembered between two calls.  What every member may read (*common*) is
kept for a minute, under a hash with a key of this process: a topic page shows twenty posts, and
parsing one takes 0.3 ms.
"""

import hashlib
import re
import secrets
import time
from collections import OrderedDict
from importlib.metadata import version
from threading import Lock
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from pyramid.config import Configurator
from zope.interface import implementer

from communicate.interfaces import IMarkdown
from communicate.web import longtext

LONGEST = 200_000  # characters; forms allow less
DEEPEST = 40  # quotes, lists and emphasis within one another
MANY_BRACKETS = 1_000  # in one paragraph: from there on, those that are closed may begin a link
DEEPEST_BRACKETS = 3  # within one another
BRACKET = re.compile(r"\\.|[\[\]]")
TOP_HEADING = 3  # "# Title" in a post is below the headings of the page
TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
# What is attached is filled in when it is shown: see `communicate.writing.references`.
SCHEMES = {"http", "https", "mailto", "attachment"}
REL = "nofollow noopener ugc"
ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'’»)\]…]")
# Text in which nothing has a meaning for Markdown: paragraphs, escaped and broken into lines.
MARKED = re.compile(
    r"[\\`*_\[\]<>#|~&\t\r\v\f]|://|^[\-+=]|^[^\S\n]|[^\S \n] *$|^\d+[.)]", re.MULTILINE
)
# A line of its own such as "[quote:0123]": what it refers to is filled in when it is shown.
REFERENCE = re.compile(r"\[[a-z]+:[0-9a-z:-]{1,80}\]")
KEPT, SECONDS = 512, 60.0
RULES = 4  # one more whenever the same text may give other HTML


def parser(*, heading: int | None = TOP_HEADING, breaks: bool = True) -> MarkdownIt:
    """Return a parser of CommonMark with tables, strikethrough and bare addresses.

    *heading* is the level that "# Title" becomes, None as it is; with *breaks*, a line end is one.
    """
    found = MarkdownIt("commonmark", {"html": False, "breaks": breaks, "maxNesting": DEEPEST})
    found.enable(["table", "strikethrough"]).disable("image")
    found.block.ruler.before(
        "paragraph", "lone_reference", lone_reference, {"alt": ["paragraph", "blockquote", "list"]}
    )
    found.inline.ruler.before("link", "spare_brackets", spare_brackets)
    if heading is not None:
        found.core.ruler.push("lower_headings", lambda state: lower_headings(state, heading))
    found.core.ruler.push("link_addresses", link_addresses)
    found.core.ruler.push("align_cells", align_cells)
    return found


def lone_reference(state: Any, line: int, _last: int, silent: bool) -> bool:
    """Make a paragraph of its own of a line that holds a reference and nothing else."""
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
    if state.is_code_block(line) or not REFERENCE.fullmatch(text):
        return False
    if not silent:
        state.line = line + 1
        state.push("paragraph_open", "p", 1)
        state.push("inline", "", 0).children = [Token("text", "", 0, content=text)]
        state.push("paragraph_close", "p", -1)
    return True


def spare_brackets(state: Any, silent: bool) -> bool:
    """Take a bracket as text where no link can begin with it, in a paragraph with many.

    The parser looks for the end of each once for every level that it is deep: 100,000 brackets
    without an end would take seconds.
    """
    if state.src[state.pos] != "[":
        return False
    paired = state.env.get("brackets")
    if paired is None or paired[0] is not state:
        paired = state.env["brackets"] = (state, paired_brackets(state.src))
    if paired[1] is None or state.pos in paired[1]:
        return False
    if not silent:
        state.pending += "["
    state.pos += 1
    return True


def paired_brackets(text: str) -> set[int] | None:
    """Return where brackets of *text* open that are closed, and not deep; None of an ordinary one.

    Brackets in code count, too: that is near enough where there are so many.
    """
    if text.count("[") <= MANY_BRACKETS:
        return None
    opened: list[int] = []
    closed: dict[int, int] = {}
    for found in BRACKET.finditer(text):
        if found[0] == "[":
            opened.append(found.start())
        elif found[0] == "]" and opened:
            closed[opened.pop()] = found.start()
    around: list[int] = []
    shallow = set()
    for start in sorted(closed):
        while around and around[-1] < start:
            around.pop()
        if len(around) < DEEPEST_BRACKETS:
            shallow.add(start)
        around.append(closed[start])
    return shallow


def lower_headings(state: Any, top: int) -> None:
    """Move the headings of a text below those of the page that shows it, the first to *top*."""
    token: Token
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            level = min(int(token.tag[1:]) + top - 1, 6)
            token.tag = f"h{level}"


def align_cells(state: Any) -> None:
    """Say by an attribute how the cells of a table are aligned: styles are for the site alone."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open"):
            style = str(token.attrs.pop("style", ""))
            if style:
                token.attrs["align"] = style.removeprefix("text-align:")


def link_addresses(state: Any) -> None:
    """Make links of the addresses that stand bare in a text."""
    for block in state.tokens:
        if block.type == "inline" and "://" in block.content:
            block.children = _linked(block.children or [])


def _linked(children: list[Token]) -> list[Token]:
    found: list[Token] = []
    depth = 0
    for token in children:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and depth == 0:
            found.extend(_split(token.content))
        else:
            found.append(token)
    return found


def _split(text: str) -> list[Token]:
    found, start = [], 0
    for match in ADDRESS.finditer(text):
        found.append(Token("text", "", 0, content=text[start : match.start()]))
        found.append(Token("link_open", "a", 1, attrs={"href": match[0]}))
        found.append(Token("text", "", 0, content=match[0]))
        found.append(Token("link_close", "a", -1))
        start = match.end()
    return [*found, Token("text", "", 0, content=text[start:])]


def plain(text: str) -> str | None:
    """Return the HTML of *text* where nothing in it has a meaning for Markdown, else None."""
    if MARKED.search(text):
        return None
    blocks = re.split(r"\n{2,}", text.strip("\n "))
    lines = (re.sub("(?<! ) *\n", "<br>\n", block.rstrip(" ")) for block in blocks if block)
    return "".join(f"<p>{line}</p>\n" for line in lines)


@implementer(IMarkdown)
class Markdown:
    """The service: a parser, and a cleaner that lets nothing else through."""

    version = f"{RULES}-{version('markdown-it-py')}-{version('nh3')}"

    def __init__(self) -> None:
        self._parser = parser()
        rules: dict[str, Any] = {
            "url_schemes": SCHEMES,
            "link_rel": REL,
            "strip_comments": True,
        }
        self._cleaner = nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, **rules)
        self._long_parser = longtext.extend(parser(heading=None, breaks=False))
        self._long_cleaner = longtext.cleaner(TAGS, ATTRIBUTES, **rules)
        self._key = secrets.token_bytes(32)
        self._kept: OrderedDict[bytes, tuple[float, Markup]] = OrderedDict()
        self._lock = Lock()

    def render(self, text: str, *, common: bool = False) -> Markup:
        """Return clean HTML for *text*, cut at 200,000 characters.

        *common* says that every member may read it: its HTML is then kept for a minute.
        """
        text = text[:LONGEST]
        return self._remembered(text) if common else self._make(text)

    def render_long(self, text: str) -> longtext.LongText:
        """Return what is made of a long text, cut at 200,000 characters; see `longtext`."""
        env: dict[str, Any] = {}
        html = self._long_cleaner.clean(self._long_parser.render(text[:LONGEST], env))
        return longtext.LongText(Markup(html), env.get("contents", []))  # noqa: S704  # cleaned

    def _make(self, text: str) -> Markup:
        html = plain(text)
        if html is None:
            html = self._parser.render(text)
        return Markup(self._cleaner.clean(html))  # noqa: S704  # cleaned

    def _remembered(self, text: str) -> Markup:
        name = hashlib.blake2b(text.encode("utf-8", "replace"), key=self._key).digest()
        now = time.monotonic()
        with self._lock:
            self._let_go(now)
            known = self._kept.get(name)
        if known is not None:
            return known[1]
        made = self._make(text)
        with self._lock:
            self._kept[name] = (now, made)
        return made

    def _let_go(self, now: float) -> None:
        """Forget what is older than a minute, or too much; the oldest come first."""
        while self._kept:
            oldest, (made, _html) = next(iter(self._kept.items()))
            if now - made < SECONDS and len(self._kept) < KEPT:
                return
            del self._kept[oldest]


def includeme(config: Configurator) -> None:
    """Offer the service."""
    service = Markdown()
    config.registry.registerUtility(service, IMarkdown)
    config.register_service(service, IMarkdown)

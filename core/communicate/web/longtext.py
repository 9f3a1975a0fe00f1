"""Long texts in Markdown: headings that are addressed, footnotes, code in colours.

The rules of `communicate.web.markdown` hold here, too; more tags pass, and attributes that only
the renderer can have made.  Each id has a prefix of its own: none is an id of the page around it.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.footnote import footnote_plugin

from communicate.catalog.text import fold
from communicate.web.highlight import CLASSES, Patience, highlight
from communicate.web.plain import on_one_line

PREFIX = "t-"  # of every id in a long text
TOP, LOWEST = 2, 6  # levels of headings: the page itself has the first
LONGEST_ANCHOR = 60
MORE_TAGS = {"h2", "sup", "section", "span"}
MORE_ATTRIBUTES = {
    **{f"h{level}": {"id"} for level in range(TOP, LOWEST + 1)},
    "li": {"id"},
    "section": {"role"},
    "span": {"class"},
    "pre": {"tabindex"},
}
LINKS = {"id", "role"}  # attributes of links, besides those of every text
_UNREAD = re.compile(r"<(pre|sup)\b.*?</\1>|<section\b.*", re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|br|hr|h\d|blockquote|ul|ol|li|t[a-z]+)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class LongText:
    """What was made of a long text: clean HTML, and level, anchor and title of its headings."""

    html: Markup
    contents: list[tuple[int, str, str]]

    @property
    def text(self) -> str:
        """The words without code and footnotes, as plain text."""
        return plain_text(self.html)


def plain_text(html: str) -> str:
    """Return the words of clean *html* without code and footnotes, on one line."""
    bare = _TAG.sub("", _BLOCK.sub(" ", _UNREAD.sub(" ", str(html))))
    return on_one_line(unescape(bare))


def first_words(html: str, most: int) -> str:
    """Return the first paragraphs of clean *html* as plain text of about *most* characters."""
    found = ""
    for paragraph in _PARAGRAPH.finditer(_UNREAD.sub(" ", str(html))):
        found = f"{found} {plain_text(paragraph[1])}".strip()
        if len(found) >= most:
            break
    if len(found) <= most:
        return found
    cut = found[:most].rpartition(" ")[0] or found[:most]
    return cut.rstrip(" ,;:–—-(«") + "…"


def count_words(text: str) -> int:
    """Return how many words *text* has."""
    return sum(1 for _word in _WORD.finditer(text))


def extend(parser: MarkdownIt) -> MarkdownIt:
    """Return *parser*, which has headings as they were typed, with what long texts have more."""
    parser.use(footnote_plugin, inline=False, move_to_end=True, always_match_refs=False)
    parser.core.ruler.push("outline", outline)
    for name, rule in {
        "fence": _fence,
        "code_block": _fence,
        "footnote_ref": _reference,
        "footnote_anchor": _back,
        "footnote_block_open": _notes_open,
        "footnote_block_close": _notes_close,
        "footnote_open": _note_open,
    }.items():
        parser.add_render_rule(name, rule)
    return parser


def cleaner(tags: set[str], attributes: dict[str, set[str]], **rules: Any) -> nh3.Cleaner:
    """Return what lets pass *tags* and *attributes*, and what long texts have besides."""
    merged = {**attributes}
    for name, more in {**MORE_ATTRIBUTES, "a": LINKS}.items():
        merged[name] = merged.get(name, set()) | more
    filtered = {"span": CLASSES, "pre": {"0"}, "section": {"doc-endnotes"}}

    def allowed(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return value if value.startswith(PREFIX) else None
        if tag == "a" and attribute == "role":
            return value if value in ("doc-noteref", "doc-backlink") else None
        return value if tag not in filtered or value in filtered[tag] else None

    return nh3.Cleaner(tags=tags | MORE_TAGS, attributes=merged, attribute_filter=allowed, **rules)


def outline(state: Any) -> None:
    """Give each heading an id, and a level that follows from the one before it.

    The highest that is used becomes the second, and none is left out on the way down.
    """
    opened = [token for token in state.tokens if token.type == "heading_open"]
    shift = min((int(token.tag[1:]) for token in opened), default=1) - TOP
    anchors: set[str] = set()
    last, contents = TOP - 1, []
    for token, inline, close in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], strict=False
    ):
        if token.type != "heading_open":
            continue
        last = min(int(token.tag[1:]) - shift, last + 1, LOWEST)
        token.tag = close.tag = f"h{last}"
        title = _title(inline)
        anchor = _anchor(title, anchors)
        token.attrs["id"] = anchor
        if title:
            contents.append((last, anchor, title))
    state.env["contents"] = contents


def _title(inline: Token) -> str:
    kinds = ("text", "code_inline", "softbreak", "hardbreak")
    parts = (each.content or " " for each in inline.children or () if each.type in kinds)
    return on_one_line("".join(parts))


def _anchor(title: str, taken: set[str]) -> str:
    """Return an id for a heading, unlike those *taken*."""
    words = "-".join(_WORD.findall(fold(title)))[:LONGEST_ANCHOR].strip("-")
    base = PREFIX + (words or "part")
    found = base if base not in taken else f"{base}--{len(taken) + 1}"
    taken.add(found)
    return found


def _fence(_self: Any, tokens: list[Token], index: int, _options: Any, env: Any) -> str:
    token = tokens[index]
    language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
    patience = env.setdefault("patience", Patience())
    html = highlight(token.content, language, patience)
    return f'<pre tabindex="0"><code>{html}</code></pre>\n'


def _number(token: Token) -> int:
    return int(token.meta["id"]) + 1


def _reference(_self: Any, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    number, again = _number(token), int(token.meta.get("subId", 0))
    place = f"{number}-{again}" if again else str(number)
    return (
        f'<sup><a href="#{PREFIX}-note-{number}" id="{PREFIX}-ref-{place}" role="doc-noteref">'
        f"{number}</a></sup>"
    )


def _notes_open(_self: Any, _tokens: Any, _index: int, _options: Any, _env: Any) -> str:
    return '<section role="doc-endnotes">\n<hr>\n<ol>\n'


def _notes_close(_self: Any, _tokens: Any, _index: int, _options: Any, _env: Any) -> str:
    return "</ol>\n</section>\n"


def _note_open(_self: Any, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
    return f'<li id="{PREFIX}-note-{_number(tokens[index])}">'


def _back(_self: Any, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    number, again = _number(token), int(token.meta.get("subId", 0))
    place = f"{number}-{again}" if again else str(number)
    return f' <a href="#{PREFIX}-ref-{place}" role="doc-backlink">↩\ufe0e {number}</a>'

"""The text of a mail as Markdown that means nothing but paragraphs and quotes, and as its HTML.

Mail is full of what Markdown would take for markup.  Everything is escaped but for quotes, so
that what was written is what is read.  The HTML is what the Markdown gives, written at once:
tests compare the two.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import nh3

DEEPEST = 5  # quotes within quotes that are kept apart
LONGEST_LINE = 10_000
REL = "nofollow noopener ugc"
_QUOTE = re.compile(r"(?: ?>)+ ?")
_MARKS = re.compile(r"[\\`*_\[\]<>#|~&]")
_START = re.compile(r"^(?:( +)|([-+=])|(\d{1,9})(?=[.)]))", re.MULTILINE)
_INDENT = re.compile(r"^ +", re.MULTILINE)
_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'’»)\]…]")
# In letters of any script, quoted, or as the address of a list's page carries it.
_ADDRESS = re.compile(
    r"(?:[\w.+%=-]{1,128}|\"[^\"\n]{1,64}\")(?:@|%40|--at--)[\w-]{1,63}(?:\.[\w-]{1,63})+"
)
_SIGN = re.compile(r"@|%40|--at--")
_OBFUSCATED = re.compile(
    r"(?<=[<(\[])[\w.+%=-]{1,64} (?:at|\[at\]|\(at\)) [\w-]{1,63}(?:(?:\.| dot )[\w-]{1,63})+"
    r"(?=[>)\]])|(?<=: )[\w.+%=-]{1,64} at [\w-]{1,63}(?:\.[\w-]{1,63})+(?= \(|$)"
    r"|[\w.+%=-]{1,64} at [\w-]{1,63}(?:\.[\w-]{1,63})+(?=,? (?:wrote|writes|said|schrieb)\b)",
    re.ASCII | re.MULTILINE,
)
_AT = re.compile(r"[ (\[]at[ )\]]")
MASK = "…@…"


@dataclass(frozen=True, slots=True)
class Written:
    """A text in both forms."""

    markdown: str
    html: str


@dataclass(slots=True)
class Paragraph:
    """Lines at one depth of quotes; *above* is the depth that it shares with the one before."""

    depth: int
    lines: list[str]
    above: int


def masked(text: str) -> str:
    """Return *text* with every e-mail address in it masked."""
    if _SIGN.search(text):
        text = "\n".join(
            _ADDRESS.sub(MASK, line) if _SIGN.search(line) else line for line in text.split("\n")
        )
    return _OBFUSCATED.sub(MASK, text) if _AT.search(text) else text


def unwrapped(text: str, *, joined: bool = False) -> str:
    """Return *text* in format "flowed" (RFC 3676) with its lines put together.

    *joined* says that the space at the end of a line is no part of the text.
    """
    found: list[tuple[str, str]] = []
    flows = False
    for line in text.split("\n"):
        mark, rest = _cut(line, flowed=True)
        if flows and found[-1][0] == mark and rest != "-- ":
            found[-1] = (mark, found[-1][1] + rest)
        else:
            found.append((mark, rest))
        flows = rest.endswith(" ") and rest != "-- "
        if flows and joined:
            found[-1] = (mark, found[-1][1][:-1])
    return "\n".join(f"{mark} {rest}" if mark else rest for mark, rest in found)


def _cut(line: str, *, flowed: bool) -> tuple[str, str]:
    """Return the marks of quotes before *line*, and the rest."""
    if flowed:
        rest = line.lstrip(">")
        return line[: len(line) - len(rest)], rest[1:] if rest.startswith(" ") else rest
    match = _QUOTE.match(line)
    return (match[0], line[match.end() :]) if match else ("", line)


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of *text* with the depth of their quotes."""
    current: Paragraph | None = None
    above = 0
    for line in text.expandtabs().split("\n"):
        depth, rest = 0, line
        if line.startswith((">", " >")):
            mark, rest = _cut(line, flowed=False)
            depth = min(mark.count(">"), DEEPEST)
        rest = rest.rstrip()[:LONGEST_LINE]
        if rest[:1].isspace():  # of any kind: Markdown would drop it
            bare = rest.lstrip()
            rest = " " * (len(rest) - len(bare)) + bare
        if current is not None and rest and depth == current.depth:
            current.lines.append(rest)
            continue
        if current is not None:
            yield current
            above, current = current.depth, None
        above = min(above, depth)
        if rest:
            current = Paragraph(depth, [rest], above)
    if current is not None:
        yield current


def written(text: str) -> Written:
    """Return *text*, lines of plain text with quotes behind ">", in both forms."""
    markdown: list[str] = []
    html: list[str] = []
    depth, linked = 0, "://" in text
    for paragraph in paragraphs(text):
        if markdown:
            markdown.append((">" + " >" * (paragraph.above - 1)) if paragraph.above else "")
        mark = "> " * paragraph.depth
        lines = "\n".join(paragraph.lines)
        markdown.append(mark + _escaped(lines).replace("\n", f"\n{mark}"))
        html += ["</blockquote>\n"] * (depth - paragraph.above)
        html += ["<blockquote>\n"] * (paragraph.depth - paragraph.above)
        html.append(f"<p>{_html(lines)}</p>\n")
        depth = paragraph.depth
    html += ["</blockquote>\n"] * depth
    made = "".join(html)
    return Written("\n".join(markdown), cleaned(made) if linked else made)


def _escaped(lines: str) -> str:
    return _START.sub(_begun, _MARKS.sub(r"\\\g<0>", lines))


def _begun(match: re.Match[str]) -> str:
    """Return the beginning of a line so that it is no code, list, heading or rule."""
    indent, mark, number = match.groups()
    if indent:
        return "&nbsp;" * len(indent)
    return f"\\{mark}" if mark else f"{number}\\"


def _html(lines: str) -> str:
    if "://" not in lines:
        found = _safe(lines)
    else:
        parts: list[str] = []
        done = 0
        for match in _LINK.finditer(lines):
            parts += (_safe(lines[done : match.start()]), f'<a href="{escape(match[0])}">')
            parts += (_safe(match[0]), "</a>")
            done = match.end()
        found = "".join([*parts, _safe(lines[done:])])
    if found.startswith(" ") or "\n " in found:
        found = _INDENT.sub(lambda match: "&nbsp;" * len(match[0]), found)
    return found.replace("\n", "<br>\n")


def _safe(text: str) -> str:
    """Return *text* escaped as the cleaner writes it."""
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


_CLEANER = nh3.Cleaner(
    tags={"p", "br", "blockquote", "a"},
    attributes={"a": {"href"}},
    url_schemes={"http", "https"},
    link_rel=REL,
)


def cleaned(html: str) -> str:
    """Return *html* as the service for Markdown would let it pass."""
    return str(_CLEANER.clean(html))

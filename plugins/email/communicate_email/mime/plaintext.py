"""Text to read and to search, of HTML and of lines that were broken for the way."""

import html
import re

# A tag or a comment; one that is not closed ends where the next begins, so each octet is looked at
# a few times only.
_TAG = re.compile(
    r"<(?:!--(?P<comment>)|(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)"
    r"(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>|[!?/][^<>]*+>)"
)
_BREAKS = {
    "br", "p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr", "dt", "dd",
    "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "title",
}  # fmt: skip
_UNREAD = {"script", "style", "head", "title", "template", "noscript", "textarea", "select"}
_ENDS = {
    mark: re.compile(re.escape(mark), re.IGNORECASE | re.ASCII)
    for mark in ("-->", *(f"</{name}" for name in _UNREAD))
}
_SPACES = re.compile(r"[ \t\r\n\f\xa0\u200b\u200c\u00ad\u034f\ufeff]+")
_LINES = re.compile(r" ?\n(?: ?\n)+ ?")


def of_html(source: str) -> str:
    """Return what *source*, HTML, says as plain text: blocks on lines of their own."""
    pieces: list[str] = []
    at, missing = 0, set[str]()
    while (match := _TAG.search(source, at)) is not None:
        pieces.append(_SPACES.sub(" ", source[at : match.start()]))
        at = match.end()
        if match["comment"] is not None:
            at = _after(source, "-->", at, missing)
        elif match["name"]:
            name = match["name"].lower()
            if name in _UNREAD and not match["end"]:
                at = _after(source, "</" + name, at, missing)
            elif name in _BREAKS:
                pieces.append("\n")
            elif name in ("td", "th"):
                pieces.append(" ")
    pieces.append(_SPACES.sub(" ", source[at:]))
    return _tidy(html.unescape("".join(pieces)))


def _after(source: str, mark: str, at: int, missing: set[str]) -> int:
    """Return where *mark* ends after *at*; *at* if nowhere, which is remembered in *missing*."""
    if mark in missing:
        return at
    found = _ENDS[mark].search(source, at)
    if found is None:
        missing.add(mark)
        return at
    return found.end() if mark == "-->" else found.start()


def _tidy(text: str) -> str:
    lines = (line.strip(" \xa0") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def unflowed(text: str, delsp: bool) -> str:
    """Return *text* of ``format=flowed`` (RFC 3676) with its paragraphs on one line each."""
    done: list[str] = []
    open_depth: int | None = None
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        signature = content == "-- "
        flows = content.endswith(" ") and not signature
        kept = content[:-1] if flows and delsp else content
        if open_depth == depth and not signature:
            done.append(kept)
        else:
            done.append(("\n" if done else "") + (">" * depth + " " if depth else "") + kept)
        open_depth = depth if flows else None
    return "".join(done)

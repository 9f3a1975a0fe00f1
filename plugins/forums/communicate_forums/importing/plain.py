"""Plain text from the HTML of a mail: paragraphs, quotes, lists, and where links lead."""

import re
from html.parser import HTMLParser

import nh3

BLOCKS = {"p", "div", "br", "hr", "li", "tr", "table", "ul", "ol", "pre", "blockquote"}
BLOCKS |= {f"h{level}" for level in range(1, 7)}
PARAGRAPHS = {"p", "ul", "ol", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
DROPPED = {"script", "style", "head", "title", "template", "svg", "math", "object", "iframe"}
DEEPEST = 5  # quotes within quotes
_SPACES = re.compile(r"[ \t\r\n\f]+")
_GAPS = re.compile(r"\n{3,}")


class Reader(HTMLParser):
    """Collects the text of clean HTML, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.quotes = 0
        self.kept = 0  # depth of <pre>, where spaces and line ends count
        self.link = ""
        self.label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line for a block, and a quote or an item with its mark."""
        if tag in BLOCKS:
            self._end(tag in PARAGRAPHS)
        if tag == "blockquote":
            self.quotes += 1
        elif tag == "li":
            self.lines[-1] = "- "
        elif tag == "pre":
            self.kept += 1
        elif tag == "a":
            self.link, self.label = dict(attrs).get("href") or "", ""

    def handle_endtag(self, tag: str) -> None:
        """End the line of a block; say where a link leads unless its words do."""
        if tag in BLOCKS - {"br"}:
            self._end(tag in PARAGRAPHS)
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag == "pre":
            self.kept = max(0, self.kept - 1)
        elif tag == "a":
            if self.link.startswith("http") and self.label.strip() not in ("", self.link):
                self.lines[-1] += f" ({self.link})"
            self.link = ""

    def handle_data(self, data: str) -> None:
        """Add words."""
        if self.link:
            self.label += data
        if self.kept:
            first, *others = data.split("\n")
            self.lines[-1] += first
            for line in others:
                self._end(False)
                self.lines[-1] += line
            return
        words = _SPACES.sub(" ", data)
        if not self.lines[-1]:
            words = words.lstrip(" ")
        self.lines[-1] += words

    def _end(self, paragraph: bool) -> None:
        mark = "> " * min(self.quotes, DEEPEST)
        line = self.lines.pop().rstrip()
        if line.strip() not in ("", "-"):
            self.lines.append(mark + line)
        if self.lines and paragraph and self.lines[-1].strip("> "):
            self.lines.append(mark.rstrip())
        self.lines.append("")


_CLEANER = nh3.Cleaner(
    tags=BLOCKS | {"a"},
    clean_content_tags=DROPPED,
    attributes={"a": {"href"}},
    url_schemes={"http", "https"},
    link_rel=None,
)


def from_html(html: str) -> str:
    """Return the text of *html*, broken or not."""
    reader = Reader()
    reader.feed(_CLEANER.clean(html))
    reader.close()
    reader._end(False)
    return _GAPS.sub("\n\n", "\n".join(reader.lines)).strip("\n")

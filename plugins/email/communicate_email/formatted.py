"""Formatted messages: Markdown as members write it, as the HTML of a message and as its preview.

The HTML holds what was written, and nothing else: no style, no script, nothing remote, no mark of
this site.  The plain text beside it is the Markdown itself, which reads well as it is.
"""

import re

import nh3
from markupsafe import Markup, escape

from communicate.web.markdown import ATTRIBUTES, TAGS, parser

LONGEST = 200_000  # characters
SIGNATURE = re.compile(r"^-- $", re.MULTILINE)
HEADINGS = {"h1", "h2"}
_PARSER = parser(heading=None)
_CLEANER = nh3.Cleaner(
    tags=TAGS | HEADINGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
)


def cleaned(text: str) -> Markup:
    """Return clean HTML of the Markdown *text*; a signature keeps its lines as they are."""
    match = SIGNATURE.search(text := text[:LONGEST])
    if match is None:
        return _html(text)
    signature, end, rest = _parted(text[match.end() :].lstrip("\n"))
    lines = Markup("<br>\n").join(escape(line) for line in ["-- ", *signature.splitlines()])
    return _html(text[: match.start()]) + Markup("<p>{}</p>\n").format(lines) + _html(end + rest)


def _parted(text: str) -> tuple[str, str, str]:
    """Return the lines of a signature, and what stands behind the first empty line."""
    signature, end, rest = text.partition("\n\n")
    return signature, end, rest


def _html(text: str) -> Markup:
    return Markup(_CLEANER.clean(_PARSER.render(text)))  # noqa: S704  # cleaned


def document(text: str) -> str:
    """Return the HTML part of a message with the Markdown *text*."""
    return f"<!DOCTYPE html>\n<html><body>\n{cleaned(text.strip())}</body></html>\n"

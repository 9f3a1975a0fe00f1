"""How much HTML is cleaned: beyond, a message is shown as plain text.

The cleaner's parser takes a time that grows with the square of how deep elements lie in each
other, and with the square of how many attributes one has: 20,000 within each other take a second,
500,000 attributes a minute.
"""

import re

from communicate_email.cleaning.growth import growth

MAX_HTML = 2 * 1024 * 1024
MAX_TAGS = 20_000
MAX_DEPTH = 200
MAX_ATTRIBUTES = 300  # of one element
MAX_GROWTH = 32 * 1024 * 1024  # bytes that begin anew because they did not end

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
_MANY = re.compile(
    r"<[a-zA-Z][^\s/>]*+"
    r"(?>[\s/]*+[^\s/>][^\s/>=]*+(?>\s*+=\s*+(?>\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)"
    f"{{{MAX_ATTRIBUTES}}}"
)
# They hold nothing, or end where the next of them begins.
_FLAT = {
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "html", "img",
    "input", "li", "link", "meta", "option", "p", "param", "source", "tbody", "td", "tfoot", "th",
    "thead", "tr", "track", "wbr",
}  # fmt: skip


def fits(html: str) -> bool:
    """Tell whether *html* is cleaned in a moment.

    Depth is what has begun and not ended, told by names: at least what the parser makes of it,
    but for HTML made to mislead, which `MAX_TAGS` stops.
    """
    if len(html) > MAX_HTML:
        return False
    open_: dict[str, int] = {}
    depth = tags = 0
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name in _FLAT:
            tags += 1
        elif not match[1]:
            tags += 1
            depth += 1
            open_[name] = open_.get(name, 0) + 1
        elif open_.get(name):
            open_[name] -= 1
            depth -= 1
        if depth > MAX_DEPTH or tags > MAX_TAGS:
            return False
    return not _MANY.search(html) and growth(html) <= MAX_GROWTH

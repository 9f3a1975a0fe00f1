"""How much HTML is cleaned: beyond, a message is shown as plain text.

The cleaner's parser takes a time that grows with the square of how deep elements lie in each
other: 20,000 within each other take a second.
"""

import re

MAX_HTML = 2 * 1024 * 1024
MAX_TAGS = 20_000
MAX_DEPTH = 200

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
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
    return True

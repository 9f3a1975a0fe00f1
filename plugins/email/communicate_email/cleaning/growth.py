"""How much the parser could make of HTML whose elements end out of order.

What forms words (``<b>``, ``<font>``) and has not ended where its paragraph does begins anew in
each paragraph after it, with all its attributes: 50 kB become gigabytes.  `growth` tells at most
how many bytes; of HTML that is in order next to none.
"""

import re

FORMING = "b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
_HOLDING = (
    "p|div|span|center|blockquote|li|ul|ol|dl|dd|dt|h[1-6]|table|tbody|thead|tfoot|tr|td|th|"
    "section|article|header|footer|main|pre"
)
_GIVEN = r"""(?:\s+[a-zA-Z][\w:-]*+(?:\s*=\s*(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?)*+\s*/?"""
# Written without any doubt, so that whoever parses it sees the same: it is left out of account.
_PLAIN = re.compile(rf"</?(?:br|hr|wbr|img|span|a)(?:{_GIVEN})>", re.IGNORECASE)
_WHOLE = re.compile(rf"<({FORMING}|{_HOLDING})(?:{_GIVEN})>[^<]*+</\1\s*>", re.IGNORECASE)
_BEGIN = re.compile(rf"<(?:{FORMING}|a)(?![a-zA-Z0-9])[^>]*+", re.IGNORECASE)
_LINK = re.compile(r"<a(?![a-zA-Z0-9])", re.IGNORECASE)
_END = re.compile(rf"</(?:{FORMING}|a)(?![a-zA-Z0-9])", re.IGNORECASE)
_TAG = re.compile("</?[a-zA-Z]")

_PASSES = 12  # as deep as what is in order is looked for
_ALIKE = 3  # elements with the same attributes that begin anew at once (HTML, 13.2.4.3)
_ELEMENT = 120  # bytes that one costs by itself
_CLONES = 8  # times that an end out of order makes what it ends anew (HTML, 13.2.6.4.7)


def growth(html: str) -> int:
    """Return at most how many bytes are made of what begins anew in *html*."""
    found = _cost(html, html)
    if found <= ENOUGH:
        return found
    left = _PLAIN.sub("", html)
    for _ in range(_PASSES):
        left, done = _WHOLE.subn("", left)
        if not done:
            break
    return _cost(left, html)


ENOUGH = 1024 * 1024


def _cost(left: str, html: str) -> int:
    """Return what begins in *left*, once for each tag; of the links in *html* one is open."""
    times: dict[str, int] = {}
    for begin in _BEGIN.findall(left):
        if not _LINK.match(begin):
            times[begin] = times.get(begin, 0) + 1
    sizes = sum((len(begin) + _ELEMENT) * min(_ALIKE, n) for begin, n in times.items())
    links = [len(begin) + _ELEMENT for begin in _BEGIN.findall(html) if _LINK.match(begin)]
    if not times and not links:
        return 0
    points = len(_TAG.findall(left)) + _CLONES * len(_END.findall(left))
    return (sizes + max(links, default=0)) * points

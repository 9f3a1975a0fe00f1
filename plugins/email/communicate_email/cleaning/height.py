"""How high the frame of a message should be, told from its HTML: nothing in it may measure.

The frame has an origin of its own and runs no script, so that the page around it cannot ask how
high it is.  What is told here is about right; the reader can draw the frame higher.
"""

import re

STEPS = (8, 14, 22, 32, 46, 64)  # rem; a class of the style sheet each
LETTERS = 80  # in a line
LINE = 1.5  # rem
_BREAK = re.compile(r"<(?:br|p|div|li|tr|h[1-6]|blockquote|hr|pre|dd|dt)\b", re.IGNORECASE)
_PICTURE = re.compile(r"<img\b([^>]*)>", re.IGNORECASE)
_HIGH = re.compile(r'\bheight="(\d{1,4})"|[";]height:(\d{1,4})px')
_WITHIN = re.compile(r"<[^>]*>|&nbsp;|\s+")
UNKNOWN, HIGHEST = 8.0, 40.0  # rem, of a picture


def step(cleaned: str) -> int:
    """Return which of STEPS is about as high as *cleaned* HTML is, counted from 0."""
    pictures = sum(_picture(match[1]) for match in _PICTURE.finditer(cleaned))
    pieces = _BREAK.split(cleaned)
    lines = sum(-(-len(_WITHIN.sub(" ", piece).strip()) // LETTERS) for piece in pieces)
    gaps = len(re.findall(r"<(?:p|h[1-6]|blockquote)\b", cleaned, re.IGNORECASE))
    high = pictures + lines * LINE + gaps * LINE / 2 + 2
    return next((at for at, most in enumerate(STEPS) if high <= most), len(STEPS) - 1)


def _picture(given: str) -> float:
    if " src=" not in given:
        return LINE
    found = _HIGH.search(given)
    if found is None:
        return UNKNOWN
    return min(int(found[1] or found[2]) / 16, HIGHEST)

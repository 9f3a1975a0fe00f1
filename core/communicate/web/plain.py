"""Text on one line, as lists and pages of other sites show it."""

import re

_SPACE = re.compile(r"[ \t\r\n\f\v]+")


def on_one_line(text: str) -> str:
    """Return *text* with one space for each run of white space.

    No-break spaces stay what they are: ``str.split`` would make plain ones of them, and a mark of
    French could begin a line.
    """
    return _SPACE.sub(" ", text).strip(" ")

"""Text on one line, as lists and pages of other sites show it."""

import re

_SPACE = re.compile(r"[ \t\r\n\f\v]{2,}|[\t\r\n\f\v]")  # what is not one space already


def on_one_line(text: str) -> str:
    """Return *text* with one space for each run of white space.

    No-break spaces stay what they are: ``str.split`` would make plain ones of them, and a mark of
    French could begin a line.
    """
    if "  " not in text and text.isprintable():  # as most texts are that were on one line before
        return text.strip(" ")
    return _SPACE.sub(" ", text).strip(" ")

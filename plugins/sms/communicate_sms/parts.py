"""How a text is divided into what a telephone puts together again (3GPP TS 23.040, 9.2.3.24).

A message carries 140 octets: 160 septets of the telephones' own alphabet, or 70 units of UCS-2 as
soon as one character is not in it.  Where there are several, six octets of each say which it is of
how many, so that 153 or 67 are left.  What belongs together stays in one part: the two units of a
character beyond U+FFFF, and the escape with what it escapes.
"""

import unicodedata
from typing import NamedTuple

from communicate_sms import alphabet

GSM7, UCS2 = "gsm-7", "ucs-2"
ALONE = {GSM7: 160, UCS2: 70}  # units of a text that is one message
TOGETHER = {GSM7: 153, UCS2: 67}  # of each part of several
MOST = 255  # parts that the header can count


class Split(NamedTuple):
    """A text in parts, and how many units the last one has room for."""

    alphabet: str
    parts: tuple[str, ...]
    left: int
    foreign: tuple[str, ...]  # for which UCS-2 is needed: without them more fits into a part


class TooLong(ValueError):
    """The text takes more parts than there can be."""


def tidy(text: str) -> str:
    """Return *text* with composed characters, and line feeds at the ends of lines.

    An accent that is a character of its own would have the whole text in UCS-2.
    """
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")


def split(text: str) -> Split:
    """Return *text*, which is `tidy`, in parts; raise TooLong.

    Joined together the parts are the text; an empty one is one empty part.
    """
    foreign = tuple(alphabet.foreign(text))
    name = UCS2 if foreign else GSM7
    used = sum(size(one, name) for one in text)
    if used <= ALONE[name]:
        return Split(name, (text,), ALONE[name] - used, foreign)
    parts: list[str] = []
    begin = used = 0
    for at, one in enumerate(text):
        more = size(one, name)
        if used + more > TOGETHER[name]:
            parts.append(text[begin:at])
            begin, used = at, 0
        used += more
    parts.append(text[begin:])
    if len(parts) > MOST:
        raise TooLong(f"{len(parts)} parts; there can be {MOST}")
    return Split(name, tuple(parts), TOGETHER[name] - used, foreign)


def size(character: str, name: str) -> int:
    """Return how many units *character* takes in the alphabet *name*."""
    if name == GSM7:
        return alphabet.SEPTETS[character]
    return 2 if ord(character) > 0xFFFF else 1

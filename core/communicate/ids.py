"""Identifiers: time-ordered ids for things, random uids for members.

An id is 63 bits: milliseconds since 1970 (42 bits, until the year 2109) followed by 21 random
bits.  Ids made by different processes hardly ever meet, and keys made of them spread over the
end of a BTree instead of fighting for "highest + 1".
"""

import re
import secrets
import time
from datetime import UTC, datetime

RANDOM_BITS = 21
LENGTH = 13
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32, lower case
_PAIRS = [one + other for one in ALPHABET for other in ALPHABET]
_SHIFTS = range(50, -1, -10)  # of each pair of characters; one more stands before them
_SHAPE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_PYTHON = str.maketrans(
    ALPHABET, "0123456789abcdefghijklmnopqrstuv"
)  # what int() takes for base 32


def new_id(now: datetime | None = None) -> int:
    """Return a new id that sorts after every id made in an earlier millisecond."""
    return first_id(now) | secrets.randbits(RANDOM_BITS)


def first_id(moment: datetime | None = None) -> int:
    """Return the least id that can be made at *moment*, or now."""
    milliseconds = int(moment.timestamp() * 1000) if moment else time.time_ns() // 1_000_000
    return milliseconds << RANDOM_BITS


def new_uid() -> int:
    """Return a random member number between 1 and 2**63 - 1."""
    return secrets.randbelow(2**63 - 1) + 1


def encode(number: int) -> str:
    """Return *number* as 13 lower-case characters that sort as the numbers do."""
    pairs = [_PAIRS[number >> shift & 1023] for shift in _SHIFTS]
    return f"{ALPHABET[number >> 60 & 31]}{''.join(pairs)}"


def decode(text: str) -> int:
    """Return the number that *text* stands for; raise ValueError for what `encode` never makes."""
    if not isinstance(text, str) or not _SHAPE.fullmatch(text):  # a form may hold a file
        raise ValueError("not an id: 13 characters of 0-9 and a-z without i, l, o, u are expected")
    number = int(text.translate(_PYTHON), 32)
    if number >= 2**63:
        raise ValueError("not an id: larger than any id can be")
    return number


def time_of(number: int) -> datetime:
    """Return the moment at which id *number* was made, to the millisecond, in UTC."""
    return datetime.fromtimestamp((number >> RANDOM_BITS) / 1000, UTC)

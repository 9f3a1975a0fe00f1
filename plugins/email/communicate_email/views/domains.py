"""Names of domains as people read them: whose they are, and which look like another."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LONGEST = 253  # characters
SHORTEST = 5  # letters of a name whose neighbours by one letter are taken for imitations
# Letters that are drawn like others, of Greek, Cyrillic, Armenian and Latin, and digits.
_DRAWN = str.maketrans(
    "аеорсухіјѕԁһӏвкмтнгпьαοερντικυωηγχցսօոհıɩⅼ01|ł",  # noqa: RUF001  # that they look alike is the point
    "aeopcyxijsdhlbkmthrnbaoepvtikuwnyxguonhiilolll",
)
_TOGETHER = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))


def domain_of(address: str) -> str:
    """Return what stands after the last ``@`` of *address*, empty where there is none."""
    return address.rpartition("@")[2].strip().rstrip(".") if "@" in address else ""


def ascii_of(domain: str) -> str:
    """Return *domain* as the network writes it, in small letters; empty where it cannot be."""
    try:
        return domain[:LONGEST].encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def readable(domain: str) -> str:
    """Return *domain* in the letters that people read."""
    try:
        return domain.encode("ascii").decode("idna").lower()
    except UnicodeError:
        return domain.lower()


def holder(domain: str) -> str:
    """Return the domain that was registered, to which *domain* belongs."""
    from communicate_email.receiving.dmarc_check import organization  # reads a long list once

    return organization(ascii_of(domain) or domain)


def same_holder(one: str, other: str) -> bool:
    """Tell whether two domains belong to the same holder, as far as their names say."""
    return one == other or holder(one) == holder(other)


def imitated(domain: str, known: Iterable[str]) -> str:
    """Return the one of *known* that *domain*, another's, could be taken for; empty for none."""
    own = _registered(domain)
    others = {_registered(each): each for each in known}
    if not own or own in others:
        return ""
    return next((each for held, each in others.items() if held and _alike(own, held)), "")


@lru_cache(maxsize=2048)
def _registered(domain: str) -> str:
    return readable(holder(domain))


def _alike(one: str, other: str) -> bool:
    if drawn(one) == drawn(other):
        return True
    name, _dot, _rest = other.partition(".")
    return len(name) >= SHORTEST and _near(one, other)


def drawn(text: str) -> str:
    """Return *text* with one letter for all that are drawn alike, and without marks on them."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    )
    plain = plain.casefold().translate(_DRAWN)
    for several, one in _TOGETHER:
        plain = plain.replace(several, one)
    return plain.replace("-", "")


def _near(one: str, other: str) -> bool:
    """Tell whether one letter makes the difference: changed, added, left out, or two swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    if len(rest) != len(others):
        return rest[1:] == others or others[1:] == rest
    return rest[1:] == others[1:] or (
        rest[2:] == others[2:] and rest[:2] == others[1::-1] and len(rest) > 1
    )

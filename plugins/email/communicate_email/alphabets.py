"""Names of hosts whose letters are made to look like others."""

import unicodedata
from collections.abc import Iterable


def mixes(domain: str) -> bool:
    """Tell whether a label of *domain* has letters of more than one alphabet."""
    return any(len(set(_alphabets(label))) > 1 for label in _readable(domain).split("."))


def _readable(domain: str) -> str:
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def _alphabets(label: str) -> Iterable[str]:
    for sign in label:
        if sign.isalpha():
            yield unicodedata.name(sign, "?").split(" ")[0]

"""Who wrote and to whom, in words, and what about that is not as it seems."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate_email.mime import Address, Shown

_ = TranslationStringFactory("communicate_email")

_WRITTEN = re.compile(r"[^\s<>\"(),;]+@[^\s<>\"(),;]+\.[^\s<>\"(),;]+")
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
SHOWN = 3  # people in a list


def clean(text: str) -> str:
    """Return *text* without signs that cannot be seen, or that turn what is read."""
    return _HIDDEN.sub("", text).strip()


def short(name: str, address: str) -> str:
    """Return how a list calls somebody."""
    return clean(name) or clean(address)


def in_list(page: Any, people: Sequence[tuple[str, str]]) -> str:
    """Return the first of *people* as a list shows them."""
    names = [short(name, address) for name, address in people[:SHOWN]]
    more = "…" if len(people) > SHOWN else ""
    return page.list(dict.fromkeys(names)) + more if names else ""


def warnings(shown: Shown) -> list[Any]:
    """Return sentences about what could mislead whoever reads who *shown* is from."""
    found: list[Any] = []
    for person in shown.author[:SHOWN]:
        found += _of_one(person)
    if len(shown.author) > 1:
        found.append(_("More than one sender is named: which of them wrote is not known."))
    found += _of_answers(shown.author, shown.reply_to)
    return found


def _of_one(person: Address) -> list[Any]:
    address, name = clean(person.address), clean(person.name)
    found = []
    if person.odd:
        found.append(_("The sender's address is not written as addresses are. Do not trust it."))
    written = [one.lower().strip(".'") for one in _WRITTEN.findall(name)]
    if any(one != address.lower() for one in written):
        words = {"name": name, "address": address}
        found.append(
            _("The sender is called “${name}”, and writes from ${address}.", mapping=words)
        )
    if mixes(address.rpartition("@")[2]):
        words = {"address": address}
        found.append(
            _(
                "In ${address}, letters of several alphabets stand together: it may be made to "
                "look like another address.",
                mapping=words,
            )
        )
    return found


def _of_answers(authors: Sequence[Address], answers: Iterable[Address]) -> list[Any]:
    own = {one.address.lower() for one in authors}
    others = [one.address for one in answers if one.address.lower() not in own]
    if not others:
        return []
    words = {"address": clean(", ".join(others[:SHOWN]))}
    return [_("Answers go to another address than the sender's: ${address}", mapping=words)]


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

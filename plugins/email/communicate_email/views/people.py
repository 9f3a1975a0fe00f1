"""Who wrote and to whom, in words, and what about that is not as it seems."""

import re
from collections.abc import Sequence
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate_email.alphabets import mixes
from communicate_email.mime import Address, Shown

_ = TranslationStringFactory("communicate_email")

_WRITTEN = re.compile(r"[^\s<>\"(),;]+@[^\s<>\"(),;]+\.[^\s<>\"(),;]+")
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
    # What joins letters of other alphabets, and signs to one, is not hidden there.
    "|(?<![^\x00-\u02ff])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff])"
)
SHOWN = 3  # people in a list


def clean(text: str) -> str:
    """Return *text* without signs that cannot be seen, or that turn what is read."""
    # None of those signs is printable; neither is a no-break space, which stays.
    return (text if text.isprintable() else _HIDDEN.sub("", text)).strip()


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

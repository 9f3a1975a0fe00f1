"""Addresses as envelopes hold them."""

import re

from pyramid.i18n import TranslationStringFactory

from communicate_email.errors import Refused

_ = TranslationStringFactory("communicate_email")

LONGEST_LOCAL, LONGEST = 64, 254  # bytes: RFC 5321, 4.5.3.1
_ATEXT = r"[^\s<>@,;:\"()\[\]\\\x00-\x20\x7f-\x9f]"
_LOCAL = re.compile(rf"{_ATEXT}+|\"(?:[^\"\\\x00-\x1f\x7f]|\\[ -~])*\"")
_LABEL = re.compile(r"(?!-)[^\W_](?:[\w-]*[^\W_])?", re.UNICODE)

WRONG = _("“${address}” is not an e-mail address such as name@example.org.")


def checked(address: str) -> str:
    """Return *address*, its domain in lower case; raise Refused where it is none.

    Nothing passes that could end a command or name a second address.
    """
    local, at, domain = address.strip().rpartition("@")
    whole = f"{local}@{domain.lower()}"
    labels = domain.split(".")
    if (
        not at
        or not _LOCAL.fullmatch(local)
        or len(local.encode("utf-8", "replace")) > LONGEST_LOCAL
        or len(whole.encode("utf-8", "replace")) > LONGEST
        or not all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels)
        or not _encodes(whole)
    ):
        raise Refused(WRONG % {"address": address[:LONGEST]})
    return whole


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

"""E-mail addresses: which ones are taken, and the one form by which they are looked up."""

import re
import unicodedata

from pyramid.i18n import TranslationString, TranslationStringFactory

_ = TranslationStringFactory("communicate")

LONGEST = 254  # octets of a path in RFC 5321, section 4.5.3.1.3, without its brackets
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class BadAddress(ValueError):
    """An e-mail address cannot be used; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: TranslationString) -> None:
        super().__init__(reason.interpolate())
        self.reason = reason


def clean(text: str) -> str:
    """Return the address that *text* holds, its domain in ASCII; raise BadAddress.

    The local part keeps its case: only the server that receives mail for it may judge that.

    >>> clean(" Claire@Tilleuls.example ")
    'Claire@tilleuls.example'
    """
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or ".." in local:
        raise BadAddress(_("Write the whole address, such as claire@example.org."))
    domain = _ascii(domain)
    if len(f"{local}@{domain}".encode()) > LONGEST:
        raise BadAddress(_("This address is too long."))
    return f"{local}@{domain}"


def _ascii(domain: str) -> str:
    try:
        text = domain.encode("idna").decode().lower()
    except UnicodeError:
        text = ""
    labels = text.split(".")
    if (len(labels) < 2 and text != "localhost") or not all(map(_LABEL.fullmatch, labels)):
        raise BadAddress(_("The end of the address, after “@”, is missing or wrong."))
    return text


def normal(address: str) -> str:
    """Return the form of *address* under which it is looked up: `clean`, without case.

    Two addresses that differ only in case belong to one person, on every server that people use.
    """
    return clean(address).casefold()

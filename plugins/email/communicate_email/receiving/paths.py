"""Addresses as they stand in MAIL and RCPT (RFC 5321, 4.1.2; RFC 6531 for those beyond ASCII)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

LOCAL, PATH = 64, 254  # octets of what is before the @, and of all (RFC 5321, 4.5.3.1)

_DOT = r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+"
_QUOTED = r"\"(?:[^\"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*\""
_DOMAIN = r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+|\[[0-9A-Za-z:.\-]+\]"
_ROUTE = r"(?:@[^:,<>\s]+(?:,@[^:,<>\s]+)*:)?"  # taken and passed over, as RFC 5321 asks
_PATH = re.compile(rf"<{_ROUTE}((?:{_DOT}|{_QUOTED})(?:@(?:{_DOMAIN}))?)?>(?: +(.*))?\Z")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*\Z")


class Malformed(ValueError):
    """What stands in a command is no address, or no parameters; the text is the reply."""


class Path(NamedTuple):
    """An address, empty for the null sender, and the parameters after it by name."""

    address: str
    options: dict[str, str]


def read(argument: str, keyword: str) -> Path:
    """Return the path in *argument*, as after MAIL (*keyword* ``FROM:``); raise Malformed."""
    if argument[: len(keyword)].upper() != keyword:
        raise Malformed(f"501 5.5.4 Write {keyword}<address>")
    found = _PATH.match(argument[len(keyword) :].strip())
    if found is None:
        raise Malformed("553 5.1.3 This is not an address in < and >")
    address = found[1] or ""
    if not is_short(address):
        raise Malformed("553 5.1.3 This address is too long")
    return Path(address, options_of((found[2] or "").split()))


def is_short(address: str) -> bool:
    """Tell whether *address* is no longer than one may be, and was sent as UTF-8."""
    try:
        octets = address.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return len(octets) <= PATH and len(octets.rpartition(b"@")[0]) <= LOCAL


def options_of(words: Iterable[str]) -> dict[str, str]:
    """Return parameters by name in capitals; raise Malformed."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not _WORD.match(name) or (equals and not value) or name.upper() in found:
            raise Malformed("501 5.5.4 These parameters cannot be read")
        found[name.upper()] = value
    return found


def normal(address: str) -> str:
    """Return *address* with its domain in lower case."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.lower()}" if at else domain

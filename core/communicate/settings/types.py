"""Offer the colander types that settings are made of, beside colander's own.

Each turns one line of text into a typed value or raises `colander.Invalid`. They are bound
(`colander.SchemaNode.bind`) with ``here``, the folder of the ini file.
"""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import limits
from colander import Invalid, SchemaNode, SchemaType, null

YES = {"yes", "true", "on", "1"}
NO = {"no", "false", "off", "0"}
UNITS = {"": 1, "b": 1, "kb": 2**10, "mb": 2**20, "gb": 2**30}


class SettingType(SchemaType):
    """A type read from one line of text; blank text counts as not given."""

    def deserialize(self, node: SchemaNode, cstruct: Any) -> Any:
        """Return the typed value of *cstruct*, or `colander.null` where nothing is given."""
        if cstruct is null:
            return null
        text = str(cstruct).strip()
        return self.read(node, text) if text else null

    def serialize(self, node: SchemaNode, appstruct: Any) -> Any:
        """Return *appstruct* as text."""
        return null if appstruct is null else str(appstruct)

    def read(self, node: SchemaNode, text: str) -> Any:
        """Return the value that *text*, never blank, stands for."""
        return text


class Names(SettingType):
    """Words parted by blanks, commas or line ends; none at all is a valid list."""

    def deserialize(self, node: SchemaNode, cstruct: Any) -> Any:
        """Return the words as a list without repeats."""
        if cstruct is null:
            return null
        words = str(cstruct).replace(",", " ").split() if isinstance(cstruct, str) else cstruct
        return list(dict.fromkeys(words))


class FilePath(SettingType):
    """A path; a relative one starts at the folder of the ini file, ``~`` is the home."""

    def read(self, node: SchemaNode, text: str) -> Path:
        """Return *text* as an absolute path without ``..`` in it."""
        here = (node.bindings or {}).get("here", Path.cwd())
        return Path(os.path.normpath(here / Path(text).expanduser()))


class Switch(SettingType):
    """A yes or a no."""

    def read(self, node: SchemaNode, text: str) -> bool:
        """Return what *text* says, and refuse anything but the usual words."""
        if text.lower() not in YES | NO:
            raise Invalid(node, f'"{text}" is neither yes nor no.')
        return text.lower() in YES


class Size(SettingType):
    """A number of bytes, also written with KB, MB or GB (powers of 1024)."""

    def read(self, node: SchemaNode, text: str) -> int:
        """Return the number of bytes."""
        digits = text.rstrip("BKMGbkmg ")
        unit = text[len(digits) :].strip().lower()
        if not digits.isdecimal() or unit not in UNITS:
            raise Invalid(node, f'"{text}" is not a size such as 10 MB.')
        return int(digits) * UNITS[unit]


class Rate(SettingType):
    """So many times in so long, in the notation of `limits`: ``10/15 minute``."""

    def read(self, node: SchemaNode, text: str) -> str:
        """Return *text* once it has been understood."""
        try:
            limits.parse(text)
        except ValueError:
            raise Invalid(node, f'"{text}" is not a rate such as 10/15 minute.') from None
        return text


class SiteURL(SettingType):
    """The scheme and host of the site, without a path: ``https://example.org``."""

    def read(self, node: SchemaNode, text: str) -> str:
        """Return the address without its closing slash."""
        try:
            parts = urlsplit(text)
            sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            sound = False
        if not sound or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
            raise Invalid(node, f'"{text}" is not an address such as https://example.org.')
        return f"{parts.scheme}://{parts.netloc.lower()}"


class Address(SettingType):
    """The IP address of one machine: ``127.0.0.1``, ``::1``."""

    def read(self, node: SchemaNode, text: str) -> str:
        """Return *text* as a peer's address is written; a name or a wildcard is none."""
        try:
            return str(ip_address(text.strip("[]")))
        except ValueError:
            raise Invalid(node, f'"{text}" is not an IP address such as 127.0.0.1.') from None


class Listen(SettingType):
    """A host and a port to listen on: ``127.0.0.1:6543``, ``[::1]:6543``; port 0 is any free."""

    def read(self, node: SchemaNode, text: str) -> str:
        """Return *text* once host and port have been found in it."""
        host, colon, port = text.rpartition(":")
        if not (colon and host and port.isdecimal() and int(port) < 65536) or "/" in text:
            raise Invalid(node, f'"{text}" is not a host and a port such as 127.0.0.1:6543.')
        return text


class ListenOrOff(Listen):
    """A host and a port to listen on, or ``off``."""

    def read(self, node: SchemaNode, text: str) -> str:
        """Return *text*, empty where it is ``off``."""
        return "" if text.lower() == "off" else super().read(node, text)


class LiveURL(SettingType):
    """The address of a WebSocket, without a query: ``wss://live.example.org/live``."""

    def read(self, node: SchemaNode, text: str) -> str:
        """Return *text* with its host in lower case."""
        try:
            parts = urlsplit(text)
            sound = parts.scheme in ("ws", "wss") and parts.hostname and parts.port != 0
        except ValueError:
            sound = False
        if not sound or parts.query or parts.fragment or parts.username or set(text) & set("; ,'"):
            raise Invalid(node, f'"{text}" is not an address such as wss://live.example.org/live.')
        return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}"

"""Declare what the operator says of the site on its pages about privacy.

These settings stand in an ini section of their own, without their prefix::

    [communicate:operator]
    identity = Association Les Tilleuls, 3 place du Marché, 35000 Rennes
    contact = vie-privee@tilleuls.example
    providers =
        Ondine | FR | loue le serveur
    backup_days = 30

A text may be said once for all, or with ``_fr`` and ``_en`` at its end for each language.
"""

from collections.abc import Mapping
from configparser import Error, RawConfigParser
from typing import Any, NamedTuple

from colander import Int, Invalid, Range, SchemaNode, SchemaType, String

from communicate.settings.nodes import node
from communicate.settings.types import SettingType

SECTION = "communicate:operator"
PREFIX = "communicate.operator."
SUFFIXES = ("", "_fr", "_en")


class Provider(NamedTuple):
    """A company that works for the operator: its name, its country, and what for."""

    name: str
    country: str
    purpose: str


class Lines(SettingType):
    """One thing on each line."""

    def read(self, node: SchemaNode, text: str) -> list[Any]:
        """Return what each line that is not blank says."""
        return [self.line(node, line.strip()) for line in text.splitlines() if line.strip()]

    def line(self, node: SchemaNode, text: str) -> Any:
        """Return what one line says."""
        return text


class Providers(Lines):
    """Lines such as ``Ondine | FR | rents us the server``."""

    def line(self, node: SchemaNode, text: str) -> Provider:
        """Return the three parts of a line."""
        parts = [part.strip() for part in text.split("|")]
        if len(parts) != len(Provider._fields) or not all(parts):
            raise Invalid(node, f'"{text}" does not say name | country | purpose.')
        return Provider(*parts)


class Contact(SettingType):
    """An e-mail address, or the https address of a page."""

    def read(self, node: SchemaNode, text: str) -> str:
        """Return *text* once it can be written to or opened."""
        if " " in text or not ("@" in text.strip("@") or text.startswith("https://")):
            raise Invalid(node, f'"{text}" is neither an e-mail address nor an https address.')
        return text


# Name, type, what is there when nothing is given, what to write.
STATED: tuple[tuple[str, type[SchemaType], Any, str], ...] = (
    ("identity", String, "", "Write who runs the site, with a postal address."),
    ("providers", Providers, [], "Write a line for each: name | country | what it does for you."),
    ("sites", Lines, [], "Write a line for each place where the data or a backup of it lies."),
    ("measures", Lines, [], "Write a sentence a line: what you do to protect the data."),
    ("authority", String, "", "Write which authority hears complaints, and its address."),
)


def nodes() -> list[SchemaNode]:
    """Return the nodes in the order in which they are read."""
    stated = [
        node(kind(), f"{PREFIX}{name}{suffix}", description, missing=missing)
        for name, kind, missing, description in STATED
        for suffix in SUFFIXES
    ]
    contact = node(
        Contact(),
        f"{PREFIX}contact",
        "Write the e-mail address, or the https address of the page, that answers about privacy.",
        missing="",
    )
    backups = node(
        Int(),
        f"{PREFIX}backup_days",
        "Write for how many days the oldest backup is kept, from 1 to 3650.",
        missing=None,
        validator=Range(1, 3650),
    )
    return [*stated, contact, backups]


def section(global_config: Mapping[str, Any]) -> dict[str, str]:
    """Return what the section of the ini file says, by the full names of the settings."""
    parser = RawConfigParser(default_section="")  # nothing is filled in, nothing inherited
    try:
        parser.read(str(global_config.get("__file__") or ""), encoding="utf-8")
    except (Error, UnicodeDecodeError):  # whoever reads the rest of it says so
        return {}
    found = parser[SECTION].items() if parser.has_section(SECTION) else ()
    return {f"{PREFIX}{key}": value for key, value in found}


def stated(values: Mapping[str, Any], name: str, language: str) -> Any:
    """Return what the operator says as *name* in *language*, or else for all languages."""
    return (
        values.get(f"{PREFIX}{name}_{language}") or values.get(f"{PREFIX}{name}") or null_of(name)
    )


def null_of(name: str) -> Any:
    """Return what stands for nothing said."""
    return next(missing for known, _kind, missing, _words in STATED if known == name)

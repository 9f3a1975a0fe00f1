"""Ways to operators as the settings describe them, and which of them a number goes by."""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from colander import Invalid, SchemaNode

from communicate.links import Link
from communicate.settings.types import SettingType
from communicate_sms.transports import custom
from communicate_sms.transports.file import FileTransport
from communicate_sms.transports.http import HTTPTransport, Keys
from communicate_sms.transports.kannel import Kannel
from communicate_sms.transports.passing import Incoming, Receipt, Transport
from communicate_sms.transports.profiles import PROVIDERS

KEY = "communicate_sms.ways"
SECRET = 16  # characters: nobody guesses it
ANY = "+"  # the prefix of every number
Told = Callable[[str, Receipt | Incoming], None]


class Way(NamedTuple):
    """One way: its name, of what kind it is, and what that needs to know."""

    name: str
    kind: str
    options: Mapping[str, str]

    @property
    def sender(self) -> str:
        """From whom its messages are."""
        return self.options.get("sender", "")


# Of each kind: what must be said, and what may be.
NEEDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "file": (("path",), ()),
    "kannel": (("url", "user", "password"), ("secret",)),
    "smpp": (("host", "user", "password"), ("port", "type", "tls", "window")),
    "http": (custom.MUST, custom.MAY),
    **dict.fromkeys(PROVIDERS, (("user", "password"), ("service", "secret", "url"))),
}


class Ways(SettingType):
    """One way in a line: its name, its kind, and ``key=value`` as often as it takes.

    A value with blanks stands in quotes.
    """

    def read(self, node: SchemaNode, text: str) -> tuple[Way, ...]:
        """Return the ways, none of them twice.

        What is wrong is said without repeating what a line holds: there are passwords in it.
        """
        found: dict[str, Way] = {}
        for at, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
            try:
                name, kind, *pairs = shlex.split(line)
                options = dict(pair.split("=", 1) for pair in pairs)
            except ValueError:
                raise Invalid(node, f"way {at} is to be: name kind key=value …") from None
            _check(node, Way(name, kind, options))
            if name in found:
                raise Invalid(node, f'there are two ways "{name}".')
            found[name] = Way(name, kind, options)
        return tuple(found.values())


class Routes(SettingType):
    """One prefix in a line, ``+33`` or ``+`` for all, and the ways for it, the first one first."""

    def read(self, node: SchemaNode, text: str) -> Mapping[str, tuple[str, ...]]:
        """Return the names of ways by prefix."""
        found: dict[str, tuple[str, ...]] = {}
        for line in filter(None, map(str.strip, text.splitlines())):
            prefix, *names = line.replace(",", " ").split()
            if not names or not (prefix == ANY or (prefix[0] == "+" and prefix[1:].isdecimal())):
                raise Invalid(node, f'"{line}" is to be: +prefix way …')
            found[prefix] = tuple(dict.fromkeys(names))
        return found


def _check(node: SchemaNode, way: Way) -> None:
    """Raise Invalid unless *way* says what its kind needs, and nothing else."""
    if way.kind not in NEEDS:
        kind = way.kind.partition("=")[0]
        raise Invalid(node, f'"{kind}" is none of {", ".join(NEEDS)}.')
    must, may = NEEDS[way.kind]
    missing = [key for key in ("sender", *must) if not way.options.get(key)]
    if missing:
        raise Invalid(node, f'the way "{way.name}" lacks {", ".join(missing)}.')
    excess = sorted(way.options.keys() - {"sender", *must, *may})
    if excess:
        raise Invalid(node, f'the way "{way.name}" cannot have {", ".join(excess)}.')
    if len(way.options.get("secret", "x" * SECRET)) < SECRET and way.kind in ("kannel", "http"):
        raise Invalid(node, f'the secret of "{way.name}" is to have {SECRET} characters or more.')
    if way.kind == "http":
        try:
            custom.provider(way.options)
        except ValueError as error:
            raise Invalid(node, f'the way "{way.name}": {error}.') from None


def route(settings: Mapping[str, Any], number: str) -> tuple[str, ...]:
    """Return the names of the ways for *number* (E.164), the first one first; or none.

    The longest prefix decides.  Without any route all ways are for all numbers, in their order.
    """
    routes: Mapping[str, tuple[str, ...]] = settings["sms.routes"]
    if not routes:
        return tuple(way.name for way in settings["sms.ways"])
    fitting = [prefix for prefix in routes if number.startswith(prefix)]
    return routes[max(fitting, key=len)] if fitting else ()


def links(ways: Iterable[Way]) -> Iterator[Link]:
    """Yield the links to operators on other machines."""
    for way in ways:
        if way.kind == "smpp":
            verified = way.options.get("tls", "yes") != "no"
            yield Link("sms.ways", way.name, way.options["host"], verified, "Leave out tls=no.")
        elif way.options.get("url"):
            where = urlsplit(way.options["url"])
            host, verified = where.hostname or "", where.scheme == "https"
            yield Link("sms.ways", way.name, host, verified, "Write url=https://….")


def check(settings: Mapping[str, Any]) -> None:
    """Raise ValueError where a route names a way that there is not."""
    known = {way.name for way in settings["sms.ways"]}
    for prefix, names in settings["sms.routes"].items():
        if unknown := [name for name in names if name not in known]:
            raise ValueError(
                f"sms.routes: {prefix} goes by {', '.join(unknown)}, which sms.ways does not have"
            )


def made(way: Way, here: Path, told: Told) -> Transport:
    """Return the transport that *way* describes; *told* hears what comes by a session."""
    options = way.options
    if way.kind == "file":
        return FileTransport(way.name, here / options["path"])
    if way.kind == "smpp":
        from communicate_sms.transports.smpp import start  # a library that few need

        return start(way.name, options, lambda what: told(way.name, what))
    return _asked(way)


def calling(way: Way) -> Transport | None:
    """Return what reads the calls of *way*, or None where its operator calls nobody."""
    return None if way.kind in ("file", "smpp") else _asked(way)


def _asked(way: Way) -> Transport:
    """Return what hands messages over by *way*, which is asked over HTTP."""
    options = way.options
    if way.kind == "kannel":
        return Kannel(way.name, options["url"], options["user"], options["password"])
    keys = Keys(*(options.get(key, "") for key in ("user", "password", "service", "secret")))
    if way.kind == "http":
        return HTTPTransport(way.name, custom.provider(options), keys)
    provider = PROVIDERS[way.kind]
    return HTTPTransport(way.name, provider.at(options.get("url", "")), keys)

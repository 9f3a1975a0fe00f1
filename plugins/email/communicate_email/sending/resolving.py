"""The DNS as mail asks it: where a domain's mail goes, and what is published about it.

`IResolver` is a utility of the registry; tests put their own there.
"""

import random
from collections.abc import Sequence
from typing import Any, Protocol

import dns.asyncresolver
import dns.exception
import dns.resolver
import dns.reversename
from zope.interface import Interface, implementer

LIFETIME = 15.0  # seconds for one question, through all name servers


class DNSError(Exception):
    """A question got no answer."""


class NoSuchDomain(DNSError):
    """The domain does not exist."""


class Unanswered(DNSError):
    """No name server could say: try again later."""


class IResolver(Interface):
    """Questions to the DNS; each raises `NoSuchDomain` or `Unanswered`."""

    async def mx(domain) -> None:
        """Return pairs of preference and host of *domain*, none where it names none."""

    async def addresses(host) -> None:
        """Return the numeric addresses of *host*."""

    async def txt(name) -> None:
        """Return the texts at *name*."""

    async def names(address) -> None:
        """Return the names of the numeric *address*."""

    async def srv(name) -> None:
        """Return priority, weight, port and host of each record SRV at *name*."""


class Resolver(Protocol):
    """What `IResolver` promises, for those who call it."""

    async def mx(self, domain: str) -> list[tuple[int, str]]:
        """Return pairs of preference and host."""

    async def addresses(self, host: str) -> list[str]:
        """Return the numeric addresses of *host*."""

    async def txt(self, name: str) -> list[str]:
        """Return the texts at *name*."""

    async def names(self, address: str) -> list[str]:
        """Return the names of *address*."""

    async def srv(self, name: str) -> list[tuple[int, int, int, str]]:
        """Return priority, weight, port and host of each record SRV at *name*."""


@implementer(IResolver)
class DNSResolver:
    """Ask the name servers of this machine, or *servers*: addresses, perhaps with ``:port``."""

    def __init__(self, servers: Sequence[str] = ()) -> None:
        self.servers = tuple(servers)

    async def mx(self, domain: str) -> list[tuple[int, str]]:
        """Return pairs of preference and host, without the dot at its end."""
        found = await self._ask(domain, "MX")
        return [
            (int(each.preference), each.exchange.to_text(omit_final_dot=True)) for each in found
        ]

    async def addresses(self, host: str) -> list[str]:
        """Return the addresses of *host*, IPv6 first."""
        found = [*await self._ask(host, "AAAA"), *await self._ask(host, "A")]
        return [each.to_text() for each in found]

    async def txt(self, name: str) -> list[str]:
        """Return the texts at *name*, each put together."""
        found = await self._ask(name, "TXT")
        return [b"".join(each.strings).decode("utf-8", "replace") for each in found]

    async def names(self, address: str) -> list[str]:
        """Return the names of *address*."""
        found = await self._ask(dns.reversename.from_address(address), "PTR")
        return [each.target.to_text(omit_final_dot=True) for each in found]

    async def srv(self, name: str) -> list[tuple[int, int, int, str]]:
        """Return records SRV; the host is without the dot at its end, but for the root."""
        return [
            (one.priority, one.weight, one.port, one.target.to_text(omit_final_dot=True))
            for one in await self._ask(name, "SRV")
        ]

    async def _ask(self, name: Any, kind: str) -> list[Any]:
        try:
            answer = await self._resolver().resolve(
                name, kind, lifetime=LIFETIME, raise_on_no_answer=False, search=False
            )
        except dns.resolver.NXDOMAIN:
            raise NoSuchDomain(str(name)) from None
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            raise Unanswered(type(error).__name__) from error
        return list(answer.rrset or ())

    def _resolver(self) -> Any:
        if not self.servers:
            return dns.asyncresolver.Resolver()
        found = dns.asyncresolver.Resolver(configure=False)
        servers: list[Any] = []
        for server in self.servers:
            host, colon, port = server.rpartition(":")
            if colon and port.isdecimal() and ("." in host or host.startswith("[")):
                servers.append(host.strip("[]"))
                found.nameserver_ports[host.strip("[]")] = int(port)
            else:
                servers.append(server)
        found.nameservers = servers
        return found


class NoMail(Exception):
    """A domain takes no mail at all; *status* is an enhanced status code (RFC 3463)."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


async def exchangers(resolver: Resolver, domain: str, own: str) -> list[str]:
    """Return the hosts that take mail for *domain*, those to be asked first before the others.

    RFC 5321, 5.1: the domain itself where it names none; none behind *own*, the name of this
    machine.  Raise NoMail for a null MX (RFC 7505) and where nobody else is left.
    """
    try:
        name = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        raise NoMail("5.1.2", "the name of the domain cannot be written in the DNS") from None
    try:
        found = await resolver.mx(name)
    except NoSuchDomain:
        raise NoMail("5.1.2", "there is no such domain") from None
    if not found:
        return [name]
    if all(host in ("", ".") for _preference, host in found):
        raise NoMail("5.1.10", "the domain says that it takes no mail")
    random.shuffle(found)  # of equals, each is to be first as often as another
    found.sort(key=lambda pair: pair[0])
    mine = [preference for preference, host in found if host.lower() == own.lower()]
    hosts = [host for preference, host in found if not mine or preference < min(mine)]
    if not hosts:
        raise NoMail("5.4.6", "the domain names this machine, which does not keep its mail")
    return hosts

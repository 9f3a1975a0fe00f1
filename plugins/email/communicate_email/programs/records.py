"""What the DNS should say of a domain to mail programs (RFC 6186, RFC 8314), and what it says."""

from collections.abc import Iterator
from typing import NamedTuple

from communicate_email.programs.servers import KINDS, Servers
from communicate_email.sending.findings import ADVICE, GOOD, WRONG, Finding
from communicate_email.sending.resolving import NoSuchDomain, Resolver

SUBJECT = "programs"
#: What is preferred comes first: TLS from the first octet, and IMAP before POP3 (RFC 6186, 3.4).
PRIORITIES = {"imaps": 0, "imap": 10, "pop3s": 20, "pop3": 30, "submissions": 0, "submission": 10}
NOWHERE = "."  # a target that says that there is no such service (RFC 2782)


class Record(NamedTuple):
    """One record SRV at *name*; *host* ends without a dot, unless it is NOWHERE."""

    name: str
    priority: int
    weight: int
    port: int
    host: str

    @property
    def line(self) -> str:
        """What stands in a zone."""
        host = self.host if self.host == NOWHERE else f"{self.host}."
        return f"{self.name}. IN SRV {self.priority} {self.weight} {self.port} {host}"

    @property
    def place(self) -> str:
        """Where it leads, which is what counts; NOWHERE where there is no such service."""
        return NOWHERE if self.host == NOWHERE else f"{self.host.lower()}:{self.port}"


def wanted(domain: str, servers: Servers, web: str = "") -> Iterator[Record]:
    """Yield the record of each service at *domain*, whether it is offered or not.

    *web* is the host at which Outlook asks by HTTPS, empty where there is none.
    """
    there = {one.name: one for one in servers.all}
    for name in KINDS:
        at, one = f"_{name}._tcp.{domain}", there.get(name)
        if one is None:
            yield Record(at, 0, 0, 0, NOWHERE)
        else:
            yield Record(at, PRIORITIES[name], 1, one.port, one.host)
    if web and servers.all:
        yield Record(f"_autodiscover._tcp.{domain}", 0, 1, 443, web)


async def examine(domain: str, servers: Servers, web: str, resolver: Resolver) -> list[Finding]:
    """Look whether programs that ask the DNS find the servers of this site, and no others."""
    found, missing = [], []
    for record in wanted(domain, servers, web):
        places = {one.place for one in await _records(resolver, record.name)}
        strays = sorted(places - {record.place, NOWHERE})
        if strays:
            text = f"{record.name} leads to {', '.join(strays)}, where no server of this site is."
            found.append(Finding(SUBJECT, WRONG, text, (record.line,)))
        elif record.host != NOWHERE and NOWHERE in places:
            text = f"{record.name} says that there is no such service."
            found.append(Finding(SUBJECT, WRONG, text, (record.line,)))
        elif record.place not in places:
            missing.append(record)
    if not servers.all:
        return found
    found += await _autoconfig(domain, web, resolver)
    if any(one.host != NOWHERE for one in missing):
        text = "Programs that ask the DNS find nothing. Nothing is missing; it can be told."
        found.append(Finding(SUBJECT, ADVICE, text, tuple(one.line for one in missing)))
    elif not found:
        found.append(Finding(SUBJECT, GOOD, "Mail programs find the servers of this site."))
    return found


async def _records(resolver: Resolver, name: str) -> list[Record]:
    try:
        return [Record(name, *one) for one in await resolver.srv(name)]
    except NoSuchDomain:
        return []


async def _autoconfig(domain: str, web: str, resolver: Resolver) -> list[Finding]:
    """Look whether Thunderbird finds the page that it asks for: at the domain, or beside it."""
    if not web or web == domain:
        return []
    name = f"autoconfig.{domain}"
    try:
        if await resolver.addresses(name):
            return []
    except NoSuchDomain:
        pass
    text = f"Thunderbird asks {name} for the servers: its certificate must bear that name, too."
    return [Finding(SUBJECT, ADVICE, text, (f"{name}. IN CNAME {web}.",))]

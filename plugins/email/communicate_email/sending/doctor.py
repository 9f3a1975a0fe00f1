"""What the DNS should say of a domain whose mail is here, and what it does say."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from communicate_email.programs import records
from communicate_email.programs.servers import NONE, Servers, servers
from communicate_email.receiving.settings import host_of
from communicate_email.sending import signing
from communicate_email.sending.alone import alone
from communicate_email.sending.findings import ADVICE, GOOD, UNKNOWN, WRONG, Finding
from communicate_email.sending.resolving import NoSuchDomain, Resolver, Unanswered


@dataclass(frozen=True)
class Expected:
    """What a domain's records are compared with.

    *keys* are the names and texts of DKIM that sign; *sends* says whether this machine itself
    hands mail to other sites, or a relay does; *programs* are the servers of mail programs, and
    *web* is the host of the site where it is served by HTTPS, else empty.
    """

    domain: str
    host: str
    keys: tuple[tuple[str, str], ...]
    sends: bool
    programs: Servers = NONE
    web: str = ""


def expected(request: Any, domain: str) -> Expected:
    """Return what is to be expected of *domain* on the site of *request*."""
    keys = signing.Keys(request)
    known = keys.of(domain)
    named = tuple(
        (signing.name(domain, each), signing.value(known[each])) for each in keys.in_use(domain)
    )
    settings = request.registry.settings
    url = urlsplit(settings.get("communicate.url") or "")
    return Expected(
        domain,
        host_of(settings),
        named,
        settings["email.out"] == "direct",
        servers(settings),
        (url.hostname or "") if url.scheme == "https" else "",
    )


def examine(wanted: Expected, resolver: Resolver) -> list[Finding]:
    """Return what was found of each record, in the order in which to put it right."""
    return alone(_examine(wanted, resolver))


async def _examine(wanted: Expected, resolver: Resolver) -> list[Finding]:
    looks: list[tuple[str, Callable[[Expected, Resolver], Awaitable[Iterable[Finding]]]]] = [
        ("MX", mx),
        ("SPF", spf),
        ("DKIM", dkim),
        ("DMARC", dmarc),
        ("PTR", ptr),
        ("MTA-STS", mta_sts),
        ("TLSRPT", tls_reports),
        (records.SUBJECT, programs),
    ]
    found: list[Finding] = []
    for subject, look in looks:
        try:
            found.extend(await look(wanted, resolver))
        except Unanswered:
            found.append(
                Finding(subject, UNKNOWN, "The name servers did not answer: try again later.")
            )
    return found


async def mx(wanted: Expected, resolver: Resolver) -> list[Finding]:
    """Look where mail for the domain goes."""
    line = f"{wanted.domain}. IN MX 10 {wanted.host}."
    try:
        found = await resolver.mx(wanted.domain)
    except NoSuchDomain:
        found = []
    hosts = [host.lower().rstrip(".") for _preference, host in found]
    if not hosts:
        return [Finding("MX", WRONG, "Nothing says where its mail goes.", (line,))]
    if wanted.host.lower() not in hosts:
        text = f"Its mail goes to {', '.join(hosts) or 'nobody'}, and not to {wanted.host}."
        return [Finding("MX", WRONG, text, (line,))]
    if not await _addresses(resolver, wanted.host):
        text = f"{wanted.host} has no address."
        return [Finding("MX", WRONG, text, (f"{wanted.host}. IN A 192.0.2.1  ; its own address",))]
    return [Finding("MX", GOOD, f"Mail goes to {wanted.host}.")]


async def spf(wanted: Expected, resolver: Resolver) -> list[Finding]:
    """Look who may send for the domain (RFC 7208)."""
    mechanism = "mx" if wanted.sends else "mx include:relay.example.net"
    line = signing.line(wanted.domain, f"v=spf1 {mechanism} -all")
    found = await _texts(resolver, wanted.domain, "v=spf1")
    if not found:
        return [Finding("SPF", WRONG, "Nothing says who may send for it.", (line,))]
    if len(found) > 1:
        text = "There are several records, of which there may be one: none counts."
        return [Finding("SPF", WRONG, text, (line,))]
    words = found[0].lower().split()
    if words[-1] in ("+all", "all"):
        text = "Everybody may send for it: end the record with -all."
        return [Finding("SPF", WRONG, text, (line,))]
    if wanted.sends and not await _may_send(wanted, words, resolver):
        text = f"It does not name {wanted.host}, which sends: add mx to it."
        return [Finding("SPF", WRONG, text, (line,))]
    return [Finding("SPF", GOOD, f"{found[0]}")]


async def _may_send(wanted: Expected, words: list[str], resolver: Resolver) -> bool:
    """Tell whether *words* may stand for this machine: what others include is taken as that."""
    addresses = await _addresses(resolver, wanted.host)
    bare = [word.lstrip("+") for word in words[1:]]
    if any(word.split(":")[0] in ("include", "exists") or "redirect=" in word for word in bare):
        return True
    if "mx" in bare:
        return True
    if f"a:{wanted.host.lower()}" in bare or ("a" in bare and wanted.host == wanted.domain):
        return True
    return any(f"ip{6 if ':' in each else 4}:{each}" in bare for each in addresses)


async def dkim(wanted: Expected, resolver: Resolver) -> list[Finding]:
    """Look whether the keys that sign are published."""
    if not wanted.keys:
        cure = f"No key signs for it: communicate mail dkim-key {wanted.domain} makes one."
        return [Finding("DKIM", WRONG, cure)]
    findings = []
    for name, text in wanted.keys:
        found = await _texts(resolver, name, "")
        line = signing.line(name, text)
        if not found:
            findings.append(Finding("DKIM", WRONG, f"There is no {name}.", (line,)))
        elif len(found) > 1 or tags(found[0]).get("p") != tags(text)["p"]:
            findings.append(Finding("DKIM", WRONG, f"{name} holds another key.", (line,)))
        else:
            findings.append(Finding("DKIM", GOOD, f"{name} holds the key that signs."))
    return findings


async def dmarc(wanted: Expected, resolver: Resolver) -> list[Finding]:
    """Look what others do with mail that was not sent from here (RFC 7489)."""
    name = f"_dmarc.{wanted.domain}"
    line = signing.line(name, f"v=DMARC1; p=quarantine; rua=mailto:postmaster@{wanted.domain}")
    found = await _texts(resolver, name, "v=dmarc1")
    if not found:
        return [Finding("DMARC", WRONG, f"There is no {name}.", (line,))]
    policy = tags(found[0]).get("p", "").lower()
    if len(found) > 1 or policy not in ("none", "quarantine", "reject"):
        return [Finding("DMARC", WRONG, f"{name} cannot be read.", (line,))]
    if policy == "none":
        text = "Others let through what was forged: say p=quarantine once all is well."
        return [Finding("DMARC", ADVICE, text, (line,))]
    return [Finding("DMARC", GOOD, found[0])]


async def ptr(wanted: Expected, resolver: Resolver) -> list[Finding]:
    """Look whether the addresses of this machine have its name, as many servers ask."""
    addresses = await _addresses(resolver, wanted.host)
    if not addresses:
        return [Finding("PTR", WRONG, f"{wanted.host} has no address.")]
    findings = []
    for address in addresses:
        try:
            names = [each.lower() for each in await resolver.names(address)]
        except NoSuchDomain:
            names = []
        if wanted.host.lower() in names:
            findings.append(Finding("PTR", GOOD, f"{address} is {wanted.host}."))
            continue
        said = f"is called {', '.join(names)}" if names else "has no name"
        cure = f"{address} {said}: ask whoever gave you the address to call it {wanted.host}."
        findings.append(Finding("PTR", WRONG if wanted.sends else ADVICE, cure))
    return findings


async def mta_sts(wanted: Expected, resolver: Resolver) -> list[Finding]:
    """Look whether others are told to encrypt (RFC 8461)."""
    if await _texts(resolver, f"_mta-sts.{wanted.domain}", "v=stsv1"):
        return [Finding("MTA-STS", GOOD, "Others are told to encrypt what they send here.")]
    text = "Others may send here without encryption. Nothing is missing; it can be asked for."
    line = signing.line(f"_mta-sts.{wanted.domain}", "v=STSv1; id=1")
    return [Finding("MTA-STS", ADVICE, text, (line,))]


async def tls_reports(wanted: Expected, resolver: Resolver) -> list[Finding]:
    """Look whether others report where encryption fails (RFC 8460)."""
    name = f"_smtp._tls.{wanted.domain}"
    if await _texts(resolver, name, "v=tlsrptv1"):
        return [Finding("TLSRPT", GOOD, "Others report where encryption fails.")]
    line = signing.line(name, f"v=TLSRPTv1; rua=mailto:postmaster@{wanted.domain}")
    text = "Nobody reports where encryption fails. Nothing is missing; it can be asked for."
    return [Finding("TLSRPT", ADVICE, text, (line,))]


async def programs(wanted: Expected, resolver: Resolver) -> list[Finding]:
    """Look whether mail programs find the servers of this site (RFC 6186)."""
    return await records.examine(wanted.domain, wanted.programs, wanted.web, resolver)


async def _texts(resolver: Resolver, name: str, begins: str) -> list[str]:
    try:
        found = await resolver.txt(name)
    except NoSuchDomain:
        return []
    return [each for each in found if each.lower().startswith(begins)]


async def _addresses(resolver: Resolver, host: str) -> list[str]:
    try:
        return await resolver.addresses(host)
    except NoSuchDomain:
        return []


def tags(text: str) -> dict[str, str]:
    """Return the tags of a record such as ``v=DKIM1; p=…``; blanks in values do not count."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {key.strip().lower(): "".join(value.split()) for key, _equals, value in pairs}

"""Links between servers: what crosses a network does so encrypted, to a host that proved its name.

A plugin states its own when it is configured::

    from communicate.links import Link

    def communicate_configure(config):
        config.add_link(Link("antispam.url", "rspamd", host, verified=uses_tls, cure="Write …"))

In production a link that is neither on this machine nor verified keeps the plugin from being
used, and core from starting; ``communicate doctor`` names it everywhere.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from pyramid.config import Configurator

KEY = "communicate.links"
VERIFY = "verify-full"  # of libpq: encrypted, by a trusted authority, for the host that was named
STORES = ("communicate.database", "communicate.catalog", "communicate.keyring")


class LinkUnprotected(Exception):
    """What goes over a link could be read or answered by somebody in between."""


@dataclass(frozen=True)
class Link:
    """A connection to the server *what* on *host*, as the setting *setting* says.

    *host* may be several, parted by commas; *verified* says that TLS is required and the name in
    the certificate is checked; *cure* is what to write otherwise.
    """

    setting: str
    what: str
    host: str
    verified: bool
    cure: str

    @property
    def fault(self) -> str | None:
        """What is wrong, in a sentence, or None."""
        if self.verified or all(is_local(host) for host in self.host.split(",")):
            return None
        return f"the link to {self.what} on {self.host} is not protected by verified TLS."


def is_local(host: str) -> bool:
    """Tell whether *host* is this machine: its loopback, or a socket in its file system.

    >>> [is_local(host) for host in ("", "/run/db", "localhost", "127.0.0.9", "::1")]
    [True, True, True, True, True]
    >>> [is_local(host) for host in ("10.0.0.1", "db.example.org", "localhost.example.org")]
    [False, False, False]
    """
    name = host.strip().strip("[]").lower()
    if not name or name.startswith(("/", "@")) or name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def links_of(values: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Iterator[Link]:
    """Yield the links of core that the settings *values* make."""
    for setting in STORES:
        url = values.get(setting) or ""
        if url.startswith(("postgres:", "postgresql:", "postgresql+", "postgres+")):
            yield postgresql(setting, url, environ)
    if values.get("communicate.mail") == "smtp":
        yield Link(
            "communicate.smtp_security",
            "the mail relay",
            values.get("communicate.smtp_host") or "",
            values.get("communicate.smtp_security") in ("starttls", "tls"),
            "Write starttls or tls, or hand mail to a relay on this machine.",
        )


def postgresql(setting: str, url: str, environ: Mapping[str, str] = os.environ) -> Link:
    """Return the link that *url* makes, read as libpq reads it together with *environ*."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    named = query.get("hostaddr") or query.get("host") or unquote(hosts_in(parts.netloc))
    host = named or environ.get("PGHOSTADDR") or environ.get("PGHOST") or ""
    if not host and (query.get("service") or environ.get("PGSERVICE")):
        host = "a host that a service file names"
    mode = query.get("sslmode") or environ.get("PGSSLMODE")
    cure = f"Add sslmode={VERIFY} (and sslrootcert=…) to the address."
    return Link(setting, "PostgreSQL", host, mode == VERIFY, cure)


def hosts_in(netloc: str) -> str:
    """Return the hosts of *netloc* without account and ports.

    >>> hosts_in("ada:secret@db1:5432,[::1]:5433")
    'db1,[::1]'
    """
    hosts = netloc.rpartition("@")[2].split(",")
    return ",".join(h if h.endswith("]") else h.rpartition(":")[0] or h for h in hosts)


def add_link(config: "Configurator", link: Link) -> None:
    """Make *link* known; in production raise LinkUnprotected where it is not protected."""
    if link.fault and config.registry.settings.get("communicate.mode") == "production":
        raise LinkUnprotected(f"{link.setting}: {link.fault} {link.cure}")
    config.registry.setdefault(KEY, []).append(link)


def faults(registry: Any) -> Iterator[str]:
    """Yield a sentence, with its cure, for each link that is not protected."""
    for link in (*links_of(registry.settings), *registry.get(KEY, ())):
        if link.fault:
            yield f"{link.setting}: {link.fault} {link.cure}"


def includeme(config: "Configurator") -> None:
    """Let plugins state their links."""
    config.add_directive("add_link", add_link)

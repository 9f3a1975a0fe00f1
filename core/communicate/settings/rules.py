"""State the rules that bind several settings together, most of them for production."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from communicate.links import links_of
from communicate.settings.errors import Problem
from communicate.settings.site import production

MASTER_KEY = "COMMUNICATE_MASTER_KEY"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def broken_rules(read: dict[str, Any], environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield every rule that the settings *read* break."""
    if production(read):
        yield from required_in_production(read, environ)
        yield from unprotected_links(read, environ)
    yield from outside_var(read)
    yield from password_in_clear(read)
    yield from live_in_clear(read)
    yield from live_on_the_same(read)


def required_in_production(read: dict[str, Any], environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what a production site has to state, and what it may not."""
    if read.get("communicate.url") is None:
        cure = "Write the address that people type, such as https://example.org."
        yield Problem("communicate.url", "required in production.", cure)
    if read.get("communicate.ledger_file") is None:
        cure = "Write the path of the ledger of erasures, outside communicate.var."
        yield Problem("communicate.ledger_file", "required in production.", cure)
    if read.get("communicate.master_key_file") is None and not environ.get(MASTER_KEY):
        cure = f"Write the path of the key's file, outside communicate.var, or set {MASTER_KEY}."
        yield Problem("communicate.master_key_file", "required in production.", cure)
    if read.get("communicate.clock_offset"):
        yield Problem("communicate.clock_offset", "refused in production.", "Remove it.")


def outside_var(read: dict[str, Any]) -> Iterator[Problem]:
    """Yield a secret that lies where the data lies and would be backed up with it."""
    var = read.get("communicate.var")
    for key in ("communicate.master_key_file", "communicate.ledger_file"):
        path = read.get(key)
        if isinstance(var, Path) and isinstance(path, Path) and path.is_relative_to(var):
            cure = "Write a path outside communicate.var."
            yield Problem(key, f"{path} lies under communicate.var.", cure)


def password_in_clear(read: dict[str, Any]) -> Iterator[Problem]:
    """Yield a password for the mail server that would cross the network unprotected."""
    host = read.get("communicate.smtp_host")
    unprotected = read.get("communicate.smtp_security") == "none"
    if read.get("communicate.smtp_user") and unprotected and host not in LOOPBACK:
        cure = "Write starttls or tls, or leave communicate.smtp_user out."
        fault = f"the password would reach {host} in clear."
        yield Problem("communicate.smtp_security", fault, cure)


def unprotected_links(read: dict[str, Any], environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the links to other machines that are not protected."""
    for link in links_of(read, environ):
        if link.fault:
            yield Problem(link.setting, link.fault, link.cure)


def live_in_clear(read: dict[str, Any]) -> Iterator[Problem]:
    """Yield an address for news that browsers would not open from pages that came by TLS."""
    secure = str(read.get("communicate.url") or "").startswith("https:")
    live = str(read.get("communicate.live_url") or "")
    if live.startswith("ws:") and (secure or production(read)):
        cure = "Write an address that begins with wss://, or let the proxy map /live."
        yield Problem("communicate.live_url", "it is not protected by TLS.", cure)


def live_on_the_same(read: dict[str, Any]) -> Iterator[Problem]:
    """Yield an address to listen on that is already that of the pages."""
    listen = str(read.get("communicate.live_listen") or "")
    if listen == read.get("communicate.listen") and not listen.endswith(":0"):
        cure = "Write another port; the proxy maps /live to it."
        yield Problem("communicate.live_listen", f"{listen} is communicate.listen.", cure)

"""By which machines a letter leaves: the one that carries mail on, or those of its domain."""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from contextlib import AbstractContextManager
from ipaddress import ip_address
from typing import Any

from communicate.outbox.gate import Gate, Leaving
from communicate_email.receiving.settings import host_of
from communicate_email.sending.queue import Errand
from communicate_email.sending.resolving import (
    IResolver,
    NoMail,
    NoSuchDomain,
    Resolver,
    Unanswered,
    exchangers,
)
from communicate_email.sending.results import Refusal, Result
from communicate_email.sending.session import Machine, NotReached, Patience, hand_over

RELAY, SERVERS, DNS = "email.relay", "email.servers", "email.dns"
PURPOSE = "letter"
MOST_HOSTS, MOST_ADDRESSES = 5, 4


class Ways:
    """How letters of one application leave."""

    def __init__(self, registry: Any, patience: Patience | None = None) -> None:
        self.registry = registry
        self.settings: Mapping[str, Any] = registry.settings
        self.own = host_of(self.settings)
        self.patience = patience or Patience()

    @property
    def resolver(self) -> Resolver:
        """What asks the DNS."""
        found: Resolver = self.registry.getUtility(IResolver)
        return found

    async def send(self, errand: Errand, left: list[Leaving]) -> Result:
        """Hand the letter of *errand* over; add to *left* what leaves by that."""
        if self.settings["email.out"] == "relay":
            return await self._by_relay(errand, left)
        if self.settings["email.out"] == "direct":
            return await self._directly(errand, left)
        why = "no mail leaves: see the setting email.out"
        return Result.all_later(errand.recipients, Refusal("4.3.0", why))

    def _pass(
        self,
        errand: Errand,
        recipient: str,
        purpose: str,
        fields: Mapping[str, Any],
        left: list[Leaving],
    ) -> AbstractContextManager[Leaving]:
        found = Gate(self).pass_apart(recipient, purpose, fields, about=errand.letter.author)
        return _noted(found, left)

    async def _by_relay(self, errand: Errand, left: list[Leaving]) -> Result:
        host: str = self.settings["email.relay_host"]
        with self._pass(errand, RELAY, PURPOSE, _fields(errand), left) as leaving:
            try:
                machine = Machine(
                    host,
                    await _numeric(host, self.settings["email.relay_port"]),
                    self.settings["email.relay_port"],
                    self.settings["email.relay_security"],
                    self._relay_trust,
                    self.settings["email.relay_user"],
                    self.settings["email.relay_password"],
                )
                return await self._hand_over(machine, errand, leaving)
            except NotReached as missed:
                return Result.all_later(errand.recipients, missed.refusal)

    async def _directly(self, errand: Errand, left: list[Leaving]) -> Result:
        try:
            with self._pass(errand, DNS, PURPOSE, {"domain": errand.domain}, left) as asking:
                asking.begin()
                hosts = await exchangers(self.resolver, errand.domain, self.own)
        except NoMail as none:
            return Result.all_failed(errand.recipients, Refusal(none.status, none.text))
        except Unanswered:
            why = "the name servers cannot say where its mail goes"
            return Result.all_later(errand.recipients, Refusal("4.4.3", why))
        refusal = Refusal("4.4.1", "none of its machines has an address")
        for host in hosts[:MOST_HOSTS]:
            try:
                return await self._by_host(host, errand, left)
            except NotReached as missed:
                refusal = missed.refusal
        return Result.all_later(errand.recipients, refusal)

    async def _by_host(self, host: str, errand: Errand, left: list[Leaving]) -> Result:
        with self._pass(errand, DNS, PURPOSE, {"domain": errand.domain}, left):
            addresses = await self._allowed(host)
        machine = Machine(
            host,
            addresses,
            self.settings["email.direct_port"],
            "starttls" if self._strict else "opportunistic",
            self._direct_trust,
        )
        with self._pass(errand, SERVERS, PURPOSE, _fields(errand), left) as leaving:
            return await self._hand_over(machine, errand, leaving)

    async def _allowed(self, host: str) -> tuple[str, ...]:
        """Return the addresses of *host* to which mail may go; raise NotReached without any."""
        try:
            found = await self.resolver.addresses(host)
        except (NoSuchDomain, Unanswered):
            raise NotReached(Refusal("4.4.3", f"{host} has no address now", host=host)) from None
        private: bool = self.settings["email.direct_private"]
        allowed = tuple(each for each in found if private or ip_address(each).is_global)
        if not allowed:
            why = f"{host} has no address that is reached through the internet"
            raise NotReached(Refusal("4.4.4", why, host=host))
        return allowed[:MOST_ADDRESSES]

    async def _hand_over(self, machine: Machine, errand: Errand, leaving: Leaving) -> Result:
        return await hand_over(
            machine, self.own, errand.letter, errand.recipients, leaving.begin, self.patience
        )

    @property
    def _strict(self) -> bool:
        return bool(self.settings["email.direct_tls"] == "required")

    def _relay_trust(self) -> ssl.SSLContext:
        authority = self.settings["email.relay_ca"]
        return ssl.create_default_context(cafile=str(authority) if authority else None)

    def _direct_trust(self) -> ssl.SSLContext:
        """Return a context that asks for a certificate only where encryption is required.

        Where a machine may be talked to without encryption at all, whoever is in between need
        not forge a certificate (RFC 7435).
        """
        context = ssl.create_default_context()
        if not self._strict:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


class _noted(AbstractContextManager[Leaving]):
    """The context *found*, whose leaving is kept in *left*."""

    def __init__(self, found: AbstractContextManager[Leaving], left: list[Leaving]) -> None:
        self.found, self.left = found, left

    def __enter__(self) -> Leaving:
        leaving = self.found.__enter__()
        self.left.append(leaving)
        return leaving

    def __exit__(self, *failed: Any) -> bool | None:
        return self.found.__exit__(*failed)


def _fields(errand: Errand) -> dict[str, Any]:
    letter = errand.letter
    return {"address": errand.recipients, "sender": letter.sender, "message": letter.raw}


async def _numeric(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of *host* as this machine knows it; raise NotReached."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotReached(Refusal("4.4.1", f"{host} has no address", host=host)) from None
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))

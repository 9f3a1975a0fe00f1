"""Joining: asked for on a form, confirmed by mail; by invitation, confirmed by its link.

The page that answers a stranger does the same work whoever has an account: it stores one job.
The job looks whether the address is known, and writes to its owner or to the newcomer.
"""

from collections.abc import Mapping
from typing import Any

from communicate.accounts.addresses import normal
from communicate.accounts.consent import consent
from communicate.accounts.content import Member
from communicate.accounts.letters import send, write
from communicate.accounts.limits import TooMany
from communicate.accounts.logins import BadLogin
from communicate.accounts.services import AddressTaken
from communicate.accounts.tokens import INVITATION, JOIN, OPERATOR, BadToken, Tokens, has_operator
from communicate.interfaces import ILimits, IMembers, IOutbox, ISeals
from communicate.outbox.running import once

JOIN_JOB = "communicate.join"


class LoginGone(BadLogin):
    """The login was given to somebody else between asking and confirming."""


def ask(request: Any, login: str, address: str, password: str) -> None:
    """Ask for an account; whoever reads mail at *address* is written to, within moments."""
    members = request.find_service(IMembers)
    payload = {
        "login": login,
        "address": address,
        "password": members.passwords.hash(password),
        "language": request.locale_name,
        "consent": consent("join", members.now, request.registry),
    }
    request.find_service(IOutbox).add(JOIN_JOB, payload)


def begin(request: Any, payload: Mapping[str, Any]) -> None:
    """Write to the address of *payload*: the link that confirms, or that an account exists.

    Whoever fills in somebody else's address again and again reaches that person a few times only,
    and is told nothing of it.
    """
    limits, key = request.find_service(ILimits), address_key(request, payload["address"])
    try:
        once(request, "count", lambda: limits.hit("join_letter", key))
    except TooMany:
        return
    known = request.find_service(IMembers).by_address(payload["address"])
    if known is not None:
        send(request, "exists", known)
        return
    secret = Tokens(request).make(JOIN, payload)
    words = {"login": payload["login"], "link": f"/confirm?token={secret}"}
    write(request, "join", payload["address"], payload["language"], words)


def address_key(request: Any, address: str) -> str:
    """Return what letters to *address* are counted under, however it is written."""
    name = normal(address).encode()
    key: bytes = request.find_service(ISeals).hmac("communicate.limits", b"letter " + name)
    return key.hex()


def confirm(request: Any, secret: Any) -> Member:
    """Make the account that the link of *secret* confirms; raise BadToken or LoginGone."""
    payload = Tokens(request).use(JOIN, secret)
    try:
        member = request.find_service(IMembers).add(
            payload["login"],
            payload["address"],
            payload["password"],
            hashed=True,
            consent=payload["consent"],
        )
    except BadLogin as error:
        raise LoginGone(error.reason) from error
    except AddressTaken as error:
        # Confirmed by another of its links: the account is there.
        raise BadToken(str(error)) from error
    return _settle(request, member)


def invite(request: Any, address: str) -> None:
    """Queue a mail to *address* with a link that lets its reader join once, within two weeks."""
    secret = Tokens(request).make(INVITATION, {"address": address})
    write(request, "invitation", address, None, {"link": f"/join?invitation={secret}"})


def accept(request: Any, secret: Any, login: str, password: str) -> Member:
    """Make the account of an invited person; raise BadToken, BadLogin or AddressTaken."""
    address = Tokens(request).use(INVITATION, secret)["address"]
    members = request.find_service(IMembers)
    member = members.add(login, address, password, consent=members.given("invitation"))
    return _settle(request, member)


def make_first_operator(
    request: Any, secret: Any, login: str, address: str, password: str
) -> Member:
    """Make the site's first operator; raise BadToken where there is one, BadLogin, BadAddress."""
    Tokens(request).use(OPERATOR, secret)
    if has_operator(request):
        raise BadToken("the site has an operator: ask that person")
    members = request.find_service(IMembers)
    member = members.add(
        login, address, password, groups=("operators",), consent=members.given("first operator")
    )
    return _settle(request, member)


def _settle(request: Any, member: Any) -> Member:
    """Have *member* read pages in the language in which the account was asked for."""
    member.language = request.locale_name
    found: Member = member
    return found

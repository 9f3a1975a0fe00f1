"""Who may sign in: the login or address, the password, and how often one may be wrong."""

from typing import Any

from communicate.accounts import logins
from communicate.accounts.content import Member
from communicate.accounts.letters import send
from communicate.accounts.limits import TooMany, network
from communicate.accounts.tokens import RESET, BadToken, Tokens
from communicate.interfaces import ILimits, IMembers, IOutbox, ISeals, ISessions

RESET_JOB = "communicate.reset"
NARROW = "/suspended"  # the page of those who are suspended


class Refused(Exception):
    """Login or password is wrong: which of them is not said."""


def find(request: Any, name: str) -> Member | None:
    """Return the member whose login or e-mail address *name* is."""
    members = request.find_service(IMembers)
    found: Member | None = members.by_address(name) if "@" in name else members.by_login(name)
    return found


def name_key(request: Any, name: str) -> str:
    """Return what tries are counted under that were made with *name*, whoever has it or not."""
    return _key(request, f"name {logins.normal(name)}")


def member_key(request: Any, member: Member) -> str:
    """Return what all tries against one account are counted under."""
    return _key(request, f"member {member.uid}")


def _key(request: Any, text: str) -> str:
    key: bytes = request.find_service(ISeals).hmac("communicate.limits", text.encode())
    return key.hex()


def is_within(request: Any, limit: str, member: Member) -> bool:
    """Count one more try against *member*, by whatever name, and tell whether it is allowed.

    Nobody is told that it is not: a login and an address that were locked together would belong
    to one person.
    """
    try:
        request.find_service(ILimits).hit(limit, member_key(request, member))
    except TooMany:
        return False
    return True


def verify(request: Any, name: str, password: str) -> Member:
    """Return the member who signs in as *name*; raise Refused or `limits.TooMany`.

    A suspended member is let in too, to a narrow page: see `landing`.  Only failures count against
    the limits.  A try is counted before the password is looked at, so that many at once cannot
    slip through, and is taken back when it turns out right.
    """
    counts = (("sign_in_account", name_key(request, name)), ("sign_in_address", network(request)))
    limits = request.find_service(ILimits)
    for count, key in counts:
        limits.check(count, key)
    for count, key in counts:
        limits.hit(count, key)
    member = find(request, name)
    allowed = member is not None and is_within(request, "sign_in_account", member)
    members = request.find_service(IMembers)
    verdict = members.passwords.verify(None if member is None else member.password, password)
    if member is None or not allowed or not verdict.right:
        raise Refused("login or password is wrong")
    limits.forget("sign_in_account", name_key(request, name), member_key(request, member))
    limits.give_back(*counts[1])
    if verdict.rehashed:
        member.password = verdict.rehashed
    return member


def landing(member: Member, came_from: str) -> str:
    """Return where *member* is led after signing in: who is suspended has one page only."""
    return came_from if member.may_sign_in else NARROW


def ask_reset(request: Any, name: str) -> None:
    """Store one job, whether the account *name* exists or not: the answer takes the same work.

    Raise `limits.TooMany`.  One account is written to only so often, by whatever name.
    """
    request.find_service(ILimits).hit("reset_account", name_key(request, name))
    member = find(request, name)
    wanted = member is None or is_within(request, "reset_account", member)
    request.find_service(IOutbox).add(RESET_JOB, {"name": name if wanted else ""})


def begin_reset(request: Any, payload: Any) -> None:
    """Write to the member that the job names, if there is one."""
    member = find(request, payload["name"])
    if member is not None:
        secret = Tokens(request).make(RESET, {}, member.uid)
        send(request, "reset", member, f"/new-password?token={secret}")


def reset(request: Any, secret: Any, password: str) -> Member:
    """Give the member of the link a new password, end every session and series, and tell by mail.

    Raise `tokens.BadToken`.
    """
    tokens = Tokens(request)
    uid = tokens.look(RESET, secret).uid or 0
    tokens.use(RESET, secret)
    tokens.drop_all(RESET, uid)
    members = request.find_service(IMembers)
    member = members.by_uid(uid)
    if member is None:
        raise BadToken("the account of this link is gone")
    members.set_password(member, password)
    request.find_service(ISessions).end_all(uid)
    send(request, "changed", member)
    found: Member = member
    return found


def change_password(request: Any, password: str) -> None:
    """Give the signed-in member a new password, end every other session, and tell by mail.

    This browser gets new cookies: who has a copy of the old ones is out too.
    """
    member = request.member
    request.find_service(IMembers).set_password(member, password)
    Tokens(request).drop_all(RESET, member.uid)
    request.find_service(ISessions).renew(member)
    send(request, "changed", member)

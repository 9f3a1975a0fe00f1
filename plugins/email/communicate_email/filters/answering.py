"""Whether an absent member's answer may be sent (RFC 5230, 4.5 and 4.6; RFC 3834, 2)."""

from collections.abc import Iterable

from communicate_email import mime
from communicate_email.filters.facts import Facts

_ROBOTS = ("mailer-daemon", "listserv", "majordomo", "postmaster", "noreply", "no-reply",
           "donotreply", "do-not-reply")  # fmt: skip
_TO = (b"to", b"cc", b"bcc", b"resent-to", b"resent-cc", b"resent-bcc")


def may_answer(facts: Facts, own: Iterable[str]) -> bool:
    """Tell whether the message of *facts* is one person's to a member whose addresses are *own*.

    Not answered are notices, lists, robots, bulk, oneself, and what is not addressed to one.
    """
    mine = {address.lower() for address in own}
    sender = facts.sender.lower()
    if not sender or sender in mine or _is_robot(sender) or _is_automatic(facts.message):
        return False
    named = {address.lower() for name in _TO for address in facts.addresses(name.decode())}
    return bool(named & mine)


def _is_robot(sender: str) -> bool:
    local = sender.rpartition("@")[0].partition("+")[0]
    silent = local.replace("-", "").replace("_", "").replace(".", "")
    return (
        local in _ROBOTS
        or silent.startswith(("noreply", "donotreply", "nepasrepondre", "bounce"))
        or silent.endswith(("noreply", "donotreply"))
        or local.startswith("owner-")
        or local.endswith(("-request", "-owner", "-bounces"))
    )


def _is_automatic(message: mime.Part) -> bool:
    first = message.fields.first
    said = (first(b"auto-submitted") or b"no").split(b";")[0].strip().lower()
    lists = any(name.lower().startswith(b"list-") for _, name, _ in message.fields.lines)
    precedence = (first(b"precedence") or b"").strip().lower()
    suppressed = first(b"x-auto-response-suppress") is not None
    return said != b"no" or lists or suppressed or precedence in (b"bulk", b"junk", b"list")

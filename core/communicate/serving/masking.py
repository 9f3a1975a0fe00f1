"""What a log never says: who, from where exactly, and with which values something failed."""

import ipaddress
import re
import traceback
from collections.abc import Iterator

# An e-mail address; what follows /members/; then whatever could be a network address.
ADDRESS = re.compile(r"[^\s@<>\"'(),;:\[\]]{1,64}@[^\s@<>\"'(),;:\[\]]{1,255}")
MEMBER = re.compile(r"(/members/)[^/\s?#\"']+")
TELEPHONE = re.compile(r"(?<![\w+.])\+\d{7,15}(?!\w)")  # E.164
QUERY = re.compile(r"(?<=[\w/])\?[^\s\"']+")
NUMERIC = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*:[\w:.]*)"
)
KEPT = {4: 24, 6: 48}  # bits of a network address that stay


def masked(text: str) -> str:
    """Return *text* without e-mail addresses, logins in addresses, queries, full IP addresses.

    Nor has it telephone numbers in the international form.

    >>> masked("rose@example.org from 203.0.113.77 at /members/rose/disk?after=x")
    '[address] from 203.0.113.0/24 at /members/[login]/disk?[query]'
    >>> masked("+33612345678 at 2026-11-30T16:00:00+00:00")
    '[number] at 2026-11-30T16:00:00+00:00'
    """
    text = TELEPHONE.sub("[number]", text)
    text = ADDRESS.sub("[address]", text)
    text = MEMBER.sub(r"\1[login]", text)
    text = QUERY.sub("?[query]", text)
    return NUMERIC.sub(lambda found: network(found.group()), text)


def network(text: str) -> str:
    """Return the network of the IP address *text* (IPv4 /24, IPv6 /48), or *text* if it is none.

    This machine's own addresses say nothing about anybody, and stay.
    """
    bare, dot = text.rstrip(".:"), text[len(text.rstrip(".:")) :]
    try:
        address = ipaddress.ip_address(bare if text != "::" else text)
    except ValueError:
        return text
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback or address.is_unspecified:
        return text
    return f"{ipaddress.ip_network((address, KEPT[address.version]), strict=False)}{dot}"


def trace(error: BaseException | None) -> str:
    """Return the kind of *error*, where it was raised, and what led to it, as one line each.

    Its words are left out unless they are our own: those of others may quote what a member typed.
    """
    return "\n".join(lines(error)) if error is not None else ""


def lines(error: BaseException) -> Iterator[str]:
    """Yield the lines of `trace`, the outermost call first."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from lines(cause)
        yield "which led to:"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    yield kind(error)


def kind(error: BaseException) -> str:
    """Return the class of *error*; with its number where the machine refused something."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    reason = error.strerror if isinstance(error, OSError) else None
    return f"{name}: {reason}" if reason else name

"""DMARC (RFC 7489): whether SPF or DKIM speak for the domain that people see in ``From``.

authheaders, which has the list of public suffixes, reads ``@my-bank.example`` as ``my`` and takes
several authors one by one; here whoever names none, or several, is not vouched for.
"""

import importlib.resources
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from publicsuffix2 import PublicSuffixList

from communicate_email.receiving import trace
from communicate_email.receiving.dkim_check import name_of
from communicate_email.receiving.lookups import Questions, Unanswered

POLICIES = ("none", "quarantine", "reject")
LONGEST = 2048  # octets of From
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]\\]+@([^\s<>@,;:\"()\[\]\\]+)\Z")


class Said(NamedTuple):
    """The result, the domain of ``From``, and what that one asks for where it fails."""

    result: str
    domain: str
    policy: str = "none"


def check(
    questions: Questions, raw: bytes, spf: str | None, signed: Iterable[tuple[str, bool]]
) -> Said:
    """Return whether the author of *raw* is vouched for.

    *spf* is the domain for which SPF passed, None for none; *signed* are domains of signatures
    that hold.
    """
    domain = author(raw)
    if not domain:
        return Said("permerror", "")
    try:
        record, own = record_of(questions, domain)
    except Unanswered:
        return Said("temperror", domain)
    if record is None:
        return Said("none", domain)
    policy = policy_of(record, own=own)
    by_spf = spf is not None and aligned(domain, spf, strict=record.get("aspf") == "s")
    strict = record.get("adkim") == "s"
    by_dkim = any(counts and aligned(domain, each, strict=strict) for each, counts in signed)
    return Said("pass" if by_spf or by_dkim else "fail", domain, policy)


def author(raw: bytes) -> str:
    r"""Return the domain of the one author of *raw*, empty where that is not one.

    >>> author(b'From: "Ada, at home" <ada@my-bank.example>\r\n\r\n')
    'my-bank.example'
    >>> author(b"From: ada@bank.example, <eve@example.net>\r\n\r\n")
    ''
    """
    fields, _rest = trace.fields_of(raw)
    found = [each for each in fields if name_of(each) == b"from"]
    if len(found) != 1 or len(found[0]) > LONGEST:
        return ""
    text = plain(trace.value(found[0]))
    if text.count("@") != 1:
        return ""
    if "<" in text or ">" in text:
        _name, _open, text = text.partition("<")
        text, close, after = text.partition(">")
        if not close or after.strip():
            return ""
    address = _ADDRESS.match(text.strip())
    if address is None:
        return ""
    try:
        return address[1].encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        return ""


def plain(text: str) -> str:
    """Return *text* without what is quoted and without comments."""
    kept, depth = [], 0
    for part in re.split(r"([()])", _QUOTED.sub("x", text)):
        if part in ("(", ")"):
            depth = depth + 1 if part == "(" else max(0, depth - 1)
        elif not depth:
            kept.append(part)
    return "".join(kept)


def record_of(questions: Questions, domain: str) -> tuple[dict[str, str] | None, bool]:
    """Return what *domain*, or the one it belongs to, publishes, and whether it is its own."""
    found = published(questions, domain)
    if found is not None:
        return found, True
    above = organization(domain)
    return (None, False) if above == domain else (published(questions, above), False)


def published(questions: Questions, domain: str) -> dict[str, str] | None:
    """Return the record of *domain*; None where there is none, or several."""
    texts = [each for each in questions.texts(f"_dmarc.{domain}") if each.startswith(b"v=DMARC1")]
    if len(texts) != 1:
        return None
    tags: dict[str, str] = {}
    for part in texts[0].decode("ascii", "replace").split(";"):
        name, _equals, what = part.partition("=")
        tags.setdefault(name.strip().lower(), what.strip().lower())
    return tags


def policy_of(record: dict[str, str], *, own: bool) -> str:
    """Return what is asked for; nothing where it is being tried out."""
    found = record.get("p", "none") if own else record.get("sp", record.get("p", "none"))
    return found if found in POLICIES and record.get("t") != "y" else "none"


def aligned(domain: str, other: str, *, strict: bool) -> bool:
    """Tell whether *other* speaks for *domain*."""
    if domain == other:
        return True
    return not strict and organization(domain) == organization(other)


def organization(domain: str) -> str:
    """Return the domain that was registered, to which *domain* belongs.

    >>> organization("mail.my-bank.co.uk"), organization("a.b.example")
    ('my-bank.co.uk', 'b.example')
    """
    found: str = suffixes().get_public_suffix(domain) or domain
    return found if "." in found else ".".join(domain.split(".")[-2:])


@cache
def suffixes() -> Any:
    """Return the list of public suffixes, read once."""
    path = importlib.resources.files("authheaders") / "public_suffix_list.txt"
    with path.open(encoding="utf-8") as lines:
        return PublicSuffixList(lines)

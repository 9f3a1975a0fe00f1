"""What was found out about who a message is from, as ``Authentication-Results`` (RFC 8601)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from communicate_email.receiving import trace

_WORD = re.compile(r"[A-Za-z0-9._\-]{1,253}\Z")
_METHOD = re.compile(r"\b(spf|dkim|dmarc)=([a-z]+)")
_DOMAIN = re.compile(r"\bheader\.from=([A-Za-z0-9._\-]+)")
_PROPERTY = re.compile(r"\b(smtp\.mailfrom|smtp\.helo|header\.d)=([A-Za-z0-9._\-]+)")
_POLICY = re.compile(r"\(p=([a-z]+)\)")
_SPAM = re.compile(r"(yes|no), score=(-?\d{1,6}\.\d)\Z")


@dataclass(frozen=True)
class Signed:
    """One DKIM signature: the domain that signed, the name of its key, and the result."""

    domain: str
    selector: str
    result: str
    counts: bool = True  # for DMARC: it covers the whole body


@dataclass(frozen=True)
class Checked:
    """Results of SPF, DKIM and DMARC, each a word of RFC 8601: ``pass``, ``fail``, ``none``….

    *domain* is that of ``From``, *identity* that of the return path, or of the greeting where
    there is none (*by* says which); *policy* is what *domain* asks for where DMARC fails.
    """

    spf: str = "none"
    identity: str = ""
    by: str = "smtp.mailfrom"
    signatures: tuple[Signed, ...] = field(default=())
    dmarc: str = "none"
    domain: str = ""
    policy: str = "none"

    @property
    def dkim(self) -> str:
        """The best result of the signatures."""
        found = {each.result for each in self.signatures}
        return next((word for word in ("pass", "temperror", "fail") if word in found), "none")

    @property
    def is_doubtful(self) -> bool:
        """Whether nobody vouches for the author, though the author's domain asks for that.

        Or whether there is no one author to ask about.
        """
        return (self.dmarc == "fail" and self.policy != "none") or self.dmarc == "permerror"

    def header(self, authserv: str) -> bytes:
        """Return the line that says it, in the name of *authserv*."""
        parts = [f"spf={self.spf}{told(self.by, self.identity)}"]
        parts += [
            f"dkim={each.result}{told('header.d', each.domain)}{told('header.s', each.selector)}"
            for each in self.signatures
        ] or ["dkim=none"]
        policy = f" (p={self.policy})" if self.dmarc not in ("none", "permerror") else ""
        parts.append(f"dmarc={self.dmarc}{policy}{told('header.from', self.domain)}")
        return line(authserv, parts)


def line(authserv: str, parts: Iterable[str]) -> bytes:
    """Return the header field that holds *parts*."""
    words = ";\r\n\t".join([authserv, *parts])
    return f"Authentication-Results: {words}\r\n".encode("ascii")


def told(name: str, what: str) -> str:
    """Return *what* as the property *name*, nothing where it is no plain word."""
    return f" {name}={what}" if _WORD.match(what) else ""


@dataclass(frozen=True)
class Shown:
    """What a page can say of a message that came in: words of RFC 8601, empty where not looked."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    domain: str = ""


def read(raw: bytes, authserv: str) -> Shown:
    """Return what this machine, *authserv*, found out about the message *raw* when it came in.

    Only what we wrote ourselves is read: it lies on top, and others' lines in our name were taken
    away.
    """
    fields, _rest = trace.fields_of(raw)
    for text in trace.results_of(fields):
        if trace.identifier(text) != authserv.lower():
            continue
        found: dict[str, str] = {}
        for method, result in _METHOD.findall(text):
            if found.get(method) != "pass":
                found[method] = result
        domain = _DOMAIN.search(text)
        return Shown(**found, domain=domain[1] if domain else "")
    return Shown()


@dataclass(frozen=True)
class Looked:
    """What this machine found out when a message came in, as its own lines on top tell.

    *checked* are results of SPF, DKIM and DMARC, None where nobody looked; *unchecked* names what
    did not answer: ``senders``, ``junk``, ``viruses``; *spam* is whether the junk filter took it
    for junk, None where it was not asked; *scanned* whether a scanner looked for viruses, and
    found none: what holds one is not taken in.
    """

    checked: Checked | None = None
    unchecked: frozenset[str] = frozenset()
    spam: bool | None = None
    scanned: bool = False


def looked(raw: bytes) -> Looked:
    """Return what was found out about *raw*, which our servers took in and kept.

    What stands above the first line ``Received``, the one that we put there ourselves, is ours,
    however this machine was called then; nothing below it is read.
    """
    checked, unchecked, marks = None, [], {}
    for each in trace.own_of(raw):
        name, said = each.partition(b":")[0].strip().lower(), trace.value(each)
        if name == trace.AUTHENTICATION:
            checked = _checked(said)
        elif name == trace.MARKS + b"unchecked":
            unchecked.append(said)
        elif name.startswith(trace.MARKS):
            marks[name.removeprefix(trace.MARKS)] = said
    spam = _SPAM.match(marks.get(b"spam", ""))
    return Looked(
        checked,
        frozenset(unchecked),
        spam[1] == "yes" if spam else None,
        b"viruses" in marks,
    )


def _checked(said: str) -> Checked:
    """Return what `Checked.header` wrote."""
    found: dict[str, str] = {"spf": "none", "dmarc": "none"}
    by, identity, domain, policy, signatures = "smtp.mailfrom", "", "", "none", []
    for part in said.split(";")[1:]:
        method = _METHOD.search(part)
        if method is None:
            continue
        who = _PROPERTY.search(part)
        if method[1] == "dkim":
            if who is not None:
                signatures.append(Signed(who[2], "", method[2]))
            continue
        found[method[1]] = method[2]
        if method[1] == "spf" and who is not None:
            by, identity = who[1], who[2]
        elif method[1] == "dmarc":
            author, asks = _DOMAIN.search(part), _POLICY.search(part)
            domain, policy = author[1] if author else "", asks[1] if asks else "none"
    return Checked(found["spf"], identity, by, tuple(signatures), found["dmarc"], domain, policy)

"""What was found out about who a message is from, as ``Authentication-Results`` (RFC 8601)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from communicate_email.receiving import trace

_WORD = re.compile(r"[A-Za-z0-9._\-]{1,253}\Z")
_METHOD = re.compile(r"\b(spf|dkim|dmarc)=([a-z]+)")
_DOMAIN = re.compile(r"\bheader\.from=([A-Za-z0-9._\-]+)")


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

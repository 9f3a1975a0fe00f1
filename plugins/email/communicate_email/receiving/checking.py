"""What is found out about a message before it is kept: who it is from, viruses, junk.

Whatever cannot look, because it is away or slow, lets the message through, marked.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from communicate.clamav import INFECTED, Unavailable, scan
from communicate.outbox.gate import Gate
from communicate.workers import Workers
from communicate_email.receiving import dkim_check, dmarc_check, rspamd, spf_check, trace
from communicate_email.receiving.lookups import Asking, Questions
from communicate_email.receiving.results import Checked

log = logging.getLogger(__name__)

THREADS = 12
PATIENCE = 40.0  # seconds for all of it
SCANNING = 30.0  # for clamd
UNCHECKED = "X-Communicate-Unchecked"
SPAM = "X-Communicate-Spam"
VIRUSES = "X-Communicate-Viruses"
VIRUS = "554 5.7.1 This message holds a virus"
FORGED = "550 5.7.1 The domain of its author does not vouch for this message (DMARC)"
_BROUGHT = re.compile(r"from (\S+) .*?\[(?:IPv6:)?([0-9A-Fa-f.:]+)\]")


@dataclass(frozen=True)
class Facts:
    """A message as it came: *raw* with all it says, for whom, and who brought it, how greeting."""

    raw: bytes
    sender: str
    recipients: tuple[str, ...]
    peer: str
    helo: str


@dataclass
class Verdict:
    """What was found: lines for its top, whether it is junk, the reply where it is refused.

    *doubtful* is whether its return path may be forged.
    *left* is what left the machine meanwhile, to be recorded.
    """

    headers: list[bytes] = field(default_factory=list)
    junk: bool = False
    doubtful: bool = False
    refusal: str = ""
    left: list[Any] = field(default_factory=list)

    def mark(self, name: str, what: str) -> None:
        """Add a line."""
        self.headers.append(f"{name}: {what}\r\n".encode("ascii", "replace"))


class Checker:
    """Looks at messages, some at a time."""

    def __init__(self, registry: Any, host: str) -> None:
        self.settings = registry.settings
        self.host = host
        self.asking = Asking(registry)
        self._threads = Workers(THREADS, "mail-checks")
        self.looks: list[tuple[str, Callable[[Facts, Verdict], None]]] = []
        if self.settings["email.senders"] != "off":
            self.looks.append(("senders", self._senders))
        if self.settings["email.clamav"]:
            self.looks.append(("viruses", self._viruses))
        if self.settings["email.rspamd"]:
            self.looks.append(("junk", self._junk))

    def stop(self) -> None:
        """End the threads."""
        self._threads.shutdown(cancel_futures=True)

    async def check(self, facts: Facts) -> Verdict:
        """Return what is found out about a message; raise nothing."""
        verdict = Verdict()
        loop = self.asking.loop = asyncio.get_running_loop()
        for name, look in self.looks:
            found = Verdict()
            try:
                async with asyncio.timeout(PATIENCE):
                    await loop.run_in_executor(self._threads, look, facts, found)
            except Exception as error:  # away, slow, or surprised by a message: it comes through
                if not isinstance(error, TimeoutError | OSError):
                    log.exception("a look at a message failed: %s", name)
                    found.junk = self.settings["email.senders"] in ("junk", "refuse")
                verdict.mark(UNCHECKED, name)
            verdict.left += found.left
            verdict.headers += found.headers
            verdict.junk |= found.junk
            verdict.doubtful |= found.doubtful
            verdict.refusal = verdict.refusal or found.refusal
            if verdict.refusal:
                break
        return verdict

    def _senders(self, facts: Facts, verdict: Verdict) -> None:
        questions = Questions(self.asking)
        verdict.left = questions.left
        checked = checked_of(questions, facts)
        verdict.headers.append(checked.header(self.host))
        verdict.doubtful = checked.spf in ("fail", "softfail") and checked.dmarc != "pass"
        if not checked.is_doubtful:
            return
        verdict.junk = self.settings["email.senders"] != "mark"
        if self.settings["email.senders"] == "refuse" and checked.policy == "reject":
            verdict.refusal = FORGED

    def _viruses(self, facts: Facts, verdict: Verdict) -> None:
        try:
            said = scan(self.settings["email.clamav"], pieces(facts.raw), patience=SCANNING)
        except Unavailable as error:
            raise OSError from error
        if said.state == INFECTED:
            verdict.refusal = VIRUS
        else:
            verdict.mark(VIRUSES, "none found")

    def _junk(self, facts: Facts, verdict: Verdict) -> None:
        told = {
            "message": facts.raw,
            "sender": facts.sender,
            "address": facts.recipients[0],
            "machine": facts.peer,
        }
        with Gate(self.asking).pass_apart(rspamd.RECIPIENT, "junk", told) as leaving:
            leaving.begin()
            verdict.left.append(leaving)
            said = rspamd.check(self.settings["email.rspamd"], facts)
        verdict.mark(SPAM, f"{'yes' if said.junk else 'no'}, score={said.score:.1f}")
        verdict.junk = said.junk


def pieces(raw: bytes, size: int = 64 * 1024) -> list[bytes]:
    """Return *raw* in pieces."""
    return [raw[start : start + size] for start in range(0, len(raw), size)]


def checked_of(questions: Questions, facts: Facts) -> Checked:
    """Return the results of SPF, DKIM and DMARC."""
    spf = spf_check.check(questions, facts.peer, facts.sender, facts.helo)
    domain = facts.sender.rpartition("@")[2] if facts.sender else facts.helo
    identity = domain.encode("idna").decode("ascii").lower() if is_idna(domain) else ""
    signatures = dkim_check.check(questions, facts.raw)
    said = dmarc_check.check(
        questions,
        facts.raw,
        identity if spf == "pass" and identity else None,
        [(each.domain, each.counts) for each in signatures if each.result == "pass"],
    )
    return Checked(
        spf=spf,
        identity=identity,
        by="smtp.mailfrom" if facts.sender else "smtp.helo",
        signatures=signatures,
        dmarc=said.result,
        domain=said.domain,
        policy=said.policy,
    )


def is_idna(domain: str) -> bool:
    """Tell whether *domain* can be written in the DNS."""
    try:
        return bool(domain.encode("idna"))
    except UnicodeError:
        return False


def brought_by(raw: bytes) -> tuple[str, str]:
    """Return how who brought *raw* to the mail server of this machine greeted, and its address.

    That is what the line says which that server put on top (as Postfix and Exim write it).
    """
    fields, _rest = trace.fields_of(raw)
    for each in fields:
        if each[:9].lower() == b"received:":
            found = _BROUGHT.match(trace.value(each)[:1000])
            return (found[1], found[2]) if found else ("", "")
    return "", ""

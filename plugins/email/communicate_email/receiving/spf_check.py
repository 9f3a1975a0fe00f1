"""SPF (RFC 7208), by pyspf, with questions that are counted."""

import ipaddress
import logging
from typing import Any

import spf

from communicate_email.receiving.lookups import Questions, Unanswered

log = logging.getLogger(__name__)
RESULTS = frozenset({"pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"})
VOID = 2  # questions without an answer (RFC 7208, 4.6.4)


class Query(spf.query):
    """pyspf's evaluation, asking where we ask."""

    def __init__(self, questions: Questions, peer: str, sender: str, helo: str) -> None:
        super().__init__(i=peer, s=sender, h=helo)
        self.questions = questions

    def dns(
        self, name: Any, qtype: str, cnames: Any = None, ignore_void: bool = False
    ) -> list[Any]:
        """Return the answers, as pyspf knows them."""
        try:
            asked = self.c if qtype == "PTR" else str(name)  # pyspf asks by the reversed name
            found = list(self.questions.ask(asked, qtype))
        except Unanswered as error:
            raise spf.TempError("DNS") from error
        if qtype == "TXT":
            found = [(text,) for text in found]
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > VOID:
                raise spf.PermError("too many questions without an answer")
        return found

    def get_explanation(self, _spec: str) -> str:
        """Return nothing: what the domain has to say is told to nobody."""
        return ""


def check(questions: Questions, peer: str, sender: str, helo: str) -> str:
    """Return whether a machine at *peer* may send for *sender* (or *helo*): a word of RFC 8601.

    Nothing can be said of addresses that are not of the Internet.
    """
    try:
        if not ipaddress.ip_address(peer).is_global:
            return "none"
    except ValueError:
        return "none"
    try:
        result, _code, _words = Query(questions, peer, sender, helo).check()
    except Exception:  # whatever a record makes of the library
        log.debug("SPF failed", exc_info=True)
        return "permerror"
    return result if result in RESULTS else "none"

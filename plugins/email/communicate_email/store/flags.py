"""Flags by name: those of RFC 9051, 2.3.2, and a member's own keywords, whose names are sealed."""

import json
import re
from collections.abc import Iterable
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import ISeals
from communicate_email.content import Account
from communicate_email.errors import Refused
from communicate_email.store import rows as rowing

_ = TranslationStringFactory("communicate_email")

KEYWORDS = "email.keywords"
KNOWN = {
    "\\seen": ("\\Seen", rowing.SEEN),
    "\\answered": ("\\Answered", rowing.ANSWERED),
    "\\flagged": ("\\Flagged", rowing.FLAGGED),
    "\\deleted": ("\\Deleted", rowing.DELETED),
    "\\draft": ("\\Draft", rowing.DRAFT),
    "$forwarded": ("$Forwarded", rowing.FORWARDED),
    "$junk": ("$Junk", rowing.JUNK),
    "$notjunk": ("$NotJunk", rowing.NOT_JUNK),
    "$mdnsent": ("$MDNSent", rowing.MDN_SENT),
}
SYSTEM = tuple(KNOWN.values())
MOST = rowing.LAST_KEYWORD - rowing.FIRST_KEYWORD + 1
_ATOM = re.compile(r"[^\x00-\x20\x7f-\uffff(){%*\"\\\]]{1,64}")


class Flags:
    """The flags of one *account*: names and bits."""

    def __init__(self, request: Any, account: Account) -> None:
        self.account = account
        self.uid = int(account.owner or 0)
        self.seals: Any = request.find_service(ISeals)
        self._own: list[str] | None = None

    @property
    def own(self) -> list[str]:
        """The member's own keywords, in the order of their bits; empty: that bit is free."""
        if self._own is None:
            sealed = self.account.keywords
            self._own = [] if sealed is None else json.loads(self.seals.text(sealed) or "[]")
        return self._own

    def names(self, bits: int) -> list[str]:
        """Return the names of the flags that are set in *bits*."""
        found = [name for name, bit in SYSTEM if bits & bit]
        if bits >> rowing.FIRST_KEYWORD:
            found += [one for at, one in enumerate(self.own) if one and bits & _bit(at)]
        return found

    def bits(self, names: Iterable[str], *, make: bool = True) -> int:
        """Return *names* as bits; keywords that are new are kept, unless *make* is False.

        Raise Refused for what cannot be a keyword, and where there are too many.
        """
        found = 0
        for name in names:
            known = KNOWN.get(name.lower())
            found |= known[1] if known else self._keyword(name, make)
        return found

    def check(self, name: str) -> None:
        """Raise Refused where *name* can be no flag here, or would be one too many."""
        if name.lower() in KNOWN or (name and name.lower() in map(str.lower, self.own)):
            return
        if not _ATOM.fullmatch(name):
            raise Refused(_("A label's name for programs is of letters, digits and signs only."))
        if len(self.own) >= MOST and "" not in self.own:
            raise Refused(_("You have as many labels as there may be."))

    def _keyword(self, name: str, make: bool) -> int:
        for at, one in enumerate(self.own):
            if one and one.lower() == name.lower():
                return _bit(at)
        if not make:
            return 0
        self.check(name)
        own = list(self.own)
        if "" in own:
            at = own.index("")
            own[at] = name
        else:
            at = len(own)
            own.append(name)
        self._keep(own)
        return _bit(at)

    def forget(self, name: str) -> int:
        """Let nothing be called *name* any more; return its bit, which no message may have."""
        own = list(self.own)
        at = own.index(name)
        own[at] = ""
        self._keep(own)
        return _bit(at)

    def _keep(self, own: list[str]) -> None:
        self._own = own
        self.account.keywords = self.seals.seal(self.uid, KEYWORDS, json.dumps(own))


def _bit(at: int) -> int:
    return 1 << (rowing.FIRST_KEYWORD + at)

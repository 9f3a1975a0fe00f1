"""Of whom a member wants to see the pictures that messages load from elsewhere, unasked."""

import json
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import ISeals
from communicate_email.content import Account
from communicate_email.errors import Refused

_ = TranslationStringFactory("communicate_email")

PICTURES = "email.pictures"
MOST = 500  # senders
LONGEST = 320  # characters of an address


class Pictures:
    """The senders that the member of *account* chose, sealed."""

    def __init__(self, request: Any, account: Account) -> None:
        self.account = account
        self.uid = int(account.owner or 0)
        self.seals: Any = request.find_service(ISeals)

    def senders(self) -> list[str]:
        """Return their addresses, in order."""
        sealed = self.account.pictures
        return [] if sealed is None else json.loads(self.seals.text(sealed) or "[]")

    def shows(self, address: str) -> bool:
        """Tell whether *address* is one of them."""
        return address.lower() in self.senders()

    def allow(self, address: str) -> None:
        """Put *address* among them; raise Refused where there are too many, or it is none."""
        senders = self.senders()
        if not 0 < len(address) <= LONGEST or not address.isprintable() or "@" not in address:
            raise Refused(_("This is not the address of a sender."))
        if address.lower() not in senders and len(senders) >= MOST:
            raise Refused(_("You have chosen as many senders as there may be: take one away."))
        self._keep({*senders, address.lower()})

    def withdraw(self, address: str) -> None:
        """Take *address* away."""
        self._keep({*self.senders()} - {address.lower()})

    def _keep(self, senders: set[str]) -> None:
        said = json.dumps(sorted(senders), ensure_ascii=False).encode("utf-8", "surrogatepass")
        self.account.pictures = self.seals.seal(self.uid, PICTURES, said) if senders else None

"""What the transaction that takes messages asks of each: is there money, is it too often."""

from typing import Any, NamedTuple

from communicate_sms import alarms
from communicate_sms.content import Exchange, Message
from communicate_sms.errors import Declined
from communicate_sms.interfaces import INumbers
from communicate_sms.numbers import country
from communicate_sms.pace import Pacing, keys
from communicate_sms.prices import price
from communicate_sms.settings_abuse import countries
from communicate_sms.spending import ledger_of

PACED = frozenset({"message", "code"})  # purposes of what members cause
ABROAD = "no way goes there"
NO_PRICE = "its price is not known"
TOO_DEAR = "it costs more than a ceiling"


class Verdict(NamedTuple):
    """Whether a message is sent now, or fails and *why*, or waits *until* (ms), or where it is."""

    admitted: bool = False
    why: str = ""
    until: int = 0


class Till:
    """What is spent, and how often numbers are written to, in one transaction that takes."""

    def __init__(self, request: Any, tree: Exchange, seals: Any) -> None:
        self.request = request
        self.tree = tree
        self.seals = seals
        self.settings = request.registry.settings
        self.ledger = ledger_of(request)
        self.pacing = Pacing(tree, self.settings, self.ledger.present)
        self.countries = countries(self.settings)
        self.closed = False  # whether a ceiling is reached

    def admit(self, message: Message, e164: str, number_key: bytes) -> Verdict:
        """Have *message* to *e164* paid, and tell whether it is sent now.

        Which countries are served may be another matter than when it was written, or proven.
        """
        try:
            cost = price(self.settings, e164, message.parts)
        except Declined:
            return Verdict(why=NO_PRICE)
        if self.countries is not None and country(e164) not in self.countries:
            return Verdict(why=ABROAD)
        if cost > min(self.settings["sms.hour_ceiling"], self.settings["sms.day_ceiling"]):
            return Verdict(why=TOO_DEAR)
        marks = self._marks(message, e164, number_key)
        wait = self.pacing.wait(marks) if marks else 0
        if wait > 0:
            return Verdict(until=self.ledger.present + wait)
        if not self._paid(message, cost):
            return Verdict()
        if marks:
            self.pacing.mark(marks)
        return Verdict(admitted=True)

    def _paid(self, message: Message, cost: int) -> bool:
        spending = self.ledger.state()
        if spending.has_room(cost):
            self.ledger.pay(message, cost)
            return True
        self.closed = True
        alarms.reached(self.request, self.ledger.day, spending.limit(cost))
        return False

    def _marks(self, message: Message, e164: str, number_key: bytes) -> Any:
        """Return under what *message* is marked; None where it does not count.

        That is where it was let through before, or is a code to its author's own proven number:
        nobody else can use up what signing in takes.
        """
        if message.purpose not in PACED or message.tries:
            return None
        if message.purpose == "code" and self._owner(e164) == message.author:
            return None
        return keys(self.seals, number_key, e164)

    def _owner(self, e164: str) -> int | None:
        found: int | None = self.request.find_service(INumbers).owner(e164)
        return found

"""`IBrakes`: in its first days an account does a few things a day only, more if it is vouched for.

A hundred accounts made in one night then flood nothing.  Counts lie where other limits lie: in
the memory of the process (see `communicate.accounts.limits`).
"""

from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory
from zope.interface import implementer

from communicate.accounts.limits import TooMany
from communicate.clock import milliseconds, now
from communicate.interfaces import IBrakes, ILimits, IMembers
from communicate.web.advice import Advice

_ = TranslationStringFactory("communicate")

DAY = 86_400_000  # milliseconds
LOOKED_AT = 20  # contacts among whom somebody who vouches is looked for
CURE = _(
    "What you wrote is below. Wait until tomorrow, or have a member who has been here for longer "
    "accept you as a contact: then you can do more."
)
SAID = {
    "topics": Advice(_("A new account opens a few topics a day"), CURE),
    "posts": Advice(_("A new account writes a few messages a day"), CURE),
    "links": Advice(_("A new account posts a few links a day"), CURE),
    "requests": Advice(_("A new account asks a few people a day"), CURE),
}


class Braked(TooMany):
    """A new account has done enough for a day; ``advice`` says so, with the cure."""

    def __init__(self, act: str, seconds: int) -> None:
        super().__init__(seconds)
        self.advice = SAID[act]


@implementer(IBrakes)
class Brakes:
    """The brakes on the member who made one request."""

    def __init__(self, request: Any) -> None:
        self.request = request

    def hit(self, act: str, cost: int = 1) -> None:
        """Count *cost* more of *act*; raise Braked. A request tried again counts once."""
        member = self.request.member
        if cost < 1 or not self.is_new(member) or self.request.environ.get("retry.attempt"):
            return
        limits: Any = self.request.find_service(ILimits)
        name = f"vouched_{act}" if self.is_vouched(member) else f"new_{act}"
        if cost > limits.item(name).amount:
            raise Braked(act, DAY // 1000)
        try:
            limits.hit(name, str(member.uid), cost=cost)
        except TooMany as error:
            raise Braked(act, error.seconds) from error

    def is_new(self, member: Any) -> bool:
        """Tell whether *member* has joined lately, and has no role."""
        days: int = self.request.registry.settings["communicate.new_account_days"]
        return not member.groups and member.created > milliseconds(now(self.request)) - days * DAY

    def is_vouched(self, member: Any) -> bool:
        """Tell whether *member* was invited, or is a contact of somebody who is not new."""
        if any(consent.get("how") == "invitation" for consent in member.consents):
            return True
        members = self.request.find_service(IMembers)
        known = (members.by_uid(uid) for uid in islice(member.contacts, LOOKED_AT))
        return any(one is not None and one.may_sign_in and not self.is_new(one) for one in known)


def brakes(_context: Any, request: Any) -> Brakes:
    """Return the service for one request."""
    return Brakes(request)

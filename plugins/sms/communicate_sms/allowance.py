"""`IAllowance`: to which countries messages go, and how many of them for whom.

What a member has had sent in the last day, or is to have sent later, is one object of that
member's, so that what several pages of one member do at once is counted one after the other, and
nobody else waits for it.  It is counted in the transaction that queues the message, at the moment
at which it is to leave: both happen, or neither.  To others it tells nothing, and what others do
it does not tell: a limit that all members reach together holds messages back when they are taken
(`communicate_sms.pace`), nobody is refused because of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory
from zope.interface import implementer

from communicate.accounts.limits import TooMany, network
from communicate.clock import milliseconds, moment, now
from communicate.declarations import Job, PersonalData
from communicate.interfaces import IBrakes, ILimits, IMembers, ISeals
from communicate_sms import pace
from communicate_sms.content import Spent
from communicate_sms.errors import Declined
from communicate_sms.interfaces import IAllowance
from communicate_sms.numbers import country
from communicate_sms.prices import price
from communicate_sms.queue import exchange_of
from communicate_sms.settings_abuse import Window, countries

_ = TranslationStringFactory("communicate_sms")

DAY = 86_400_000  # milliseconds
LABEL = "sms.spent"
MESSAGE, CODE = "message", "code"
FREE = frozenset({"notice", "test", "answer"})  # purposes that the site has by itself
Event = tuple[int, bytes, int]  # when (ms), the HMAC of a number, parts

ABROAD = _("Messages to this country are not sent from here.")
TOO_DEAR = _("This message costs too much: make it shorter.")
UNPROVEN = _("Prove first that a number is yours: then you can send messages.")
AGAIN = _("You have written to this number often enough for now: wait for an answer, or a while.")
QUOTA = _("You have sent what you may send in a day: wait until tomorrow, or write less.")
CODES = _("You have asked for several codes: wait a while before you ask for another one.")
ADDRESS = _("Many messages were sent from where you are: wait a while.")


@implementer(IAllowance)
class Allowance:
    """What may be sent at the moment of one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.settings: Mapping[str, Any] = request.registry.settings
        self.tree = exchange_of(request)

    @property
    def now(self) -> int:
        """The present, in milliseconds."""
        return milliseconds(now(self.request))

    def check(
        self,
        author: int,
        e164: str,
        parts: int,
        purpose: str = MESSAGE,
        *,
        to: int | None = None,
        at: int = 0,
    ) -> None:
        """Raise Declined where *author* may not send now, or *at* then (ms); count nothing."""
        self._check_site(e164, parts)
        if purpose in FREE:
            return
        if purpose == CODE:
            self._check_codes(author)
        else:
            self._check_member(author, self._key(e164, to), parts, max(at, self.now))

    def hit(
        self,
        author: int,
        e164: str,
        parts: int,
        purpose: str = MESSAGE,
        *,
        to: int | None = None,
        at: int = 0,
    ) -> None:
        """Do as `check` does, and count it with this transaction."""
        self.check(author, e164, parts, purpose, to=to, at=at)
        if purpose in FREE:
            return
        self._count_address(purpose)
        spent = self.tree.spent.get(author)
        if spent is None:
            spent = self.tree.spent[author] = Spent()
        event = (max(at, self.now), self._key(e164, to), parts)
        if purpose == CODE:
            spent.codes = (*self._recent(spent.codes), event)
        else:
            kept = self._recent(spent.messages)
            is_last = not kept or kept[-1][0] <= event[0]
            spent.messages = (*kept, event) if is_last else tuple(sorted((*kept, event)))

    def left(self, author: int) -> int:
        """Return how many parts *author* may still send at present."""
        most: int = self.settings["sms.member_parts"]
        return max(0, most - self._crowd(self._messages(author), self.now))

    def answered(self, author: int, e164: str, *, to: int | None = None) -> None:
        """Let *author* write again to a number that has answered, as if it were the first time.

        What was sent still counts among the parts of the day.
        """
        spent, key = self.tree.spent.get(author), self._key(e164, to)
        if spent is not None and any(one == key for _when, one, _parts in spent.messages):
            spent.messages = tuple(
                (when, b"" if one == key else one, parts) for when, one, parts in spent.messages
            )

    def give_back(
        self, author: int, e164: str, parts: int, *, to: int | None = None, at: int = 0
    ) -> None:
        """Count a message of so many *parts* to that number no more: it has not left.

        It is the one that was to leave next to *at* (ms).
        """
        spent, key = self.tree.spent.get(author), self._key(e164, to)
        if spent is None:
            return
        found = [one for one in spent.messages if one[1:] == (key, parts)]
        if found:
            event = min(reversed(found), key=lambda one: abs(one[0] - (at or self.now)))
            spent.messages = tuple(one for one in spent.messages if one is not event)

    def may_begin(self, author: int) -> bool:
        """Tell whether *author* need not prove a number first."""
        member = self.request.find_service(IMembers).by_uid(author)
        if member is None:
            return False
        book = member.get("sms")
        if book is not None and book.number is not None:
            return True
        if self.settings["sms.proven_first"] == "all":
            return False
        return not self.request.find_service(IBrakes).is_new(member)

    # Each rule

    def _check_site(self, e164: str, parts: int) -> None:
        """Raise Declined for a country that is not served, and for what no ceiling admits."""
        allowed = countries(self.settings)
        if allowed is not None and country(e164) not in allowed:
            raise Declined(ABROAD)
        ceiling = min(self.settings["sms.hour_ceiling"], self.settings["sms.day_ceiling"])
        if price(self.settings, e164, parts) > ceiling:
            raise Declined(TOO_DEAR)

    def _check_member(self, author: int, key: bytes, parts: int, when: int) -> None:
        if not self.may_begin(author):
            raise Declined(UNPROVEN)
        events = self._messages(author)
        times = [each for each, one, _parts in events if one == key]
        if wait := waits(times, self.settings["sms.number_limits"], when):
            raise Declined(AGAIN, seconds(wait))
        left = self.settings["sms.member_parts"] - self._crowd(events, when)
        if parts > left:
            raise Declined(QUOTA, seconds(self._room(events, parts - left)))

    def _check_codes(self, author: int) -> None:
        spent = self.tree.spent.get(author)
        times = [] if spent is None else [when for when, _key, _parts in spent.codes]
        if wait := waits(times, self.settings["sms.code_limits"], self.now):
            raise Declined(CODES, seconds(wait))

    def _count_address(self, purpose: str) -> None:
        """Count the network address that asks, if one does; a request tried again counts once."""
        request = self.request
        if not request.remote_addr or request.environ.get("retry.attempt"):
            return
        name = "sms.address_codes" if purpose == CODE else "sms.address_messages"
        try:
            request.find_service(ILimits).hit(name, network(request))
        except TooMany as error:
            raise Declined(ADDRESS, error.seconds) from error

    # What is kept

    def _key(self, e164: str, to: int | None) -> bytes:
        """Return under what a number is counted; that of member *to* is not told, so apart."""
        what = e164 if to is None else f"member {to}"
        found: bytes = self.request.find_service(ISeals).hmac(LABEL, what.encode())
        return found[:16]

    def _messages(self, author: int) -> tuple[Event, ...]:
        spent = self.tree.spent.get(author)
        return () if spent is None else self._recent(spent.messages)

    def _recent(self, events: Iterable[Event]) -> tuple[Event, ...]:
        return tuple(event for event in events if event[0] > self.now - DAY)

    def _crowd(self, events: Iterable[Event], when: int) -> int:
        """Return how many parts leave in the fullest 24 hours around *when* (ms)."""
        return crowd([(each, parts) for each, _key, parts in events], when, DAY)

    def _room(self, events: Iterable[Event], missing: int) -> int:
        """Return in how many milliseconds *missing* parts more are free; 0 if never."""
        for when, _key, parts in events:
            missing -= parts
            if missing <= 0:
                return when + DAY - self.now
        return 0


def waits(times: list[int], windows: Iterable[Window], present: int) -> int:
    """Return for how many milliseconds one more than *times*, in order, has to wait; 0: not.

    What is for later than the *present* counts, too.
    """
    wait = 0
    for amount, span in windows:
        within = [when for when in times if present - span < when <= present]
        if len(within) >= amount:
            wait = max(wait, within[-amount] + span - present)
        elif crowd([(when, 1) for when in times], present, span) >= amount:
            wait = max(wait, span)
    return wait


def crowd(amounts: list[tuple[int, int]], present: int, span: int) -> int:
    """Return the most of *amounts*, by time, that come within a *span* that has the *present*."""
    near = [one for one in amounts if abs(one[0] - present) < span]
    if not near or near[-1][0] <= present:
        return sum(amount for _when, amount in near)
    most = sum(amount for when, amount in near if when >= present)
    end = total = 0
    for when, amount in near:
        if when > present:
            break
        while end < len(near) and near[end][0] < when + span:
            total += near[end][1]
            end += 1
        most, total = max(most, total), total - amount
    return most


def seconds(wait: int) -> int:
    """Return *wait* (ms) in whole seconds, rounded up."""
    return -(-wait // 1000)


def allowance_service(_context: Any, request: Any) -> Allowance:
    """Return the service for one request."""
    return Allowance(request)


def sweep(request: Any, _payload: Mapping[str, Any]) -> None:
    """Forget what was counted more than a day ago."""
    spent, limit = exchange_of(request).spent, milliseconds(now(request)) - DAY
    for uid, one in list(spent.items()):
        if not any(event[0] > limit for event in (*one.messages, *one.codes)):
            del spent[uid]
    paces = exchange_of(request).paces
    for hour in list(paces.keys(None, limit // pace.HOUR - 1)):
        del paces[hour]


# What the contract asks for

KIND = "sms.spent"
JOBS = (Job("sms.forget_spent", sweep, timedelta(hours=1)),)
PERSONAL_DATA = (
    PersonalData(
        kind=KIND,
        what=_(
            "When you had messages and codes sent in the last day, or to be sent later, in how "
            "many parts, and to which number as a hash"
        ),
        why=_("Nobody sends more than the site can pay, or floods a telephone."),
        audience="private",
        retention=_("A day and an hour at most after they leave."),
        stored=("communicate_sms.content:Spent", "communicate_sms.content:Pace"),
    ),
)


def export(member: Any, archive: Any) -> None:
    """Write what counts among what the member may send."""
    archive.records(
        "spent",
        _records(member),
        restored=False,
        title=_("Text messages of the last day"),
        fields={"sent": _("Sent"), "kind": _("Kind"), "parts": _("Parts")},
    )


def _records(member: Any) -> Iterator[dict[str, Any]]:
    spent = exchange_of(member.request).spent.get(member.uid) or Spent()
    for kind, events in ((MESSAGE, spent.messages), (CODE, spent.codes)):
        for when, _key, parts in events:
            yield {"sent": moment(when), "kind": kind, "parts": parts}


def erase(member: Any, receipt: Any) -> None:
    """Forget what was counted of the member."""
    spent = exchange_of(member.request).spent
    receipt.erased(KIND, 0 if spent.pop(member.uid, None) is None else 1)

"""What is spent in an hour and a day, UTC, below which ceilings.

Messages are paid when they are taken to be sent, in the transaction that takes them: all such
transactions of a day change one object, so that one of them at a time commits, and no ceiling is
ever overshot.  What certainly was not sent is paid back.
"""

from dataclasses import dataclass
from typing import Any

from communicate.bells import ring_after_commit
from communicate.clock import milliseconds, now
from communicate_sms.content import NAME, Day, Exchange, Message

HOUR = 3_600_000  # milliseconds
HOURS = 24
WHOLE = -1  # in the place of an hour: the whole day


class Ledger:
    """The ledger of what is spent, at *present* (ms)."""

    def __init__(self, tree: Exchange, settings: Any, present: int) -> None:
        self.tree = tree
        self.settings = settings
        self.present = present
        self.number = present // HOUR  # hours since 1970
        self.hour = self.number % HOURS

    @property
    def day(self) -> Day:
        """The day that is now."""
        return self.day_of(self.number)

    def day_of(self, number: int) -> Day:
        """Return the day of the hour *number*, made where there is none."""
        found: Day | None = self.tree.days.get(number // HOURS)
        if found is None:
            found = self.tree.days[number // HOURS] = Day()
        return found

    def state(self) -> "Spending":
        """Return what is spent; nothing is written."""
        day = self.tree.days.get(self.number // HOURS) or Day()
        more = sum(amount for hour, amount in day.more if hour == self.hour)
        return Spending(
            self.hour,
            day.hours[self.hour],
            self.settings["sms.hour_ceiling"] + more,
            sum(day.hours),
            self.settings["sms.day_ceiling"] + sum(amount for _hour, amount in day.more),
            day.stopped,
        )

    def pay(self, message: Message, cost: int) -> None:
        """Count *message*, which is about to be sent."""
        day = self.day
        hours = list(day.hours)
        hours[self.hour] += cost
        day.hours = hours
        day.messages += 1
        day.parts += message.parts
        message.cost, message.paid = cost, self.number

    def pay_back(self, message: Message) -> None:
        """Count *message* no more: it certainly was not sent."""
        if not message.paid:
            return
        day, hour = self.day_of(message.paid), message.paid % HOURS
        hours = list(day.hours)
        hours[hour] = max(0, hours[hour] - message.cost)
        day.hours = hours
        day.messages -= 1
        day.parts -= message.parts
        message.cost = message.paid = 0


@dataclass(frozen=True)
class Spending:
    """What is spent, in thousandths of the currency, and what may be."""

    now: int  # the hour of the day
    hour: int
    hour_ceiling: int
    day: int
    day_ceiling: int
    stopped: tuple[tuple[int, int], ...] = ()  # ceilings that were reached on this day

    def has_room(self, cost: int) -> bool:
        """Tell whether *cost* more is below both ceilings."""
        return self.hour + cost <= self.hour_ceiling and self.day + cost <= self.day_ceiling

    def limit(self, cost: int) -> tuple[int, int]:
        """Return the ceiling under which *cost* does not fit: of which hour, -1 for the day."""
        return self._of_day if self.day + cost > self.day_ceiling else self._of_hour

    @property
    def stops_hour(self) -> bool:
        """Whether messages wait for the next hour."""
        return self._of_hour in self.stopped

    @property
    def stops_day(self) -> bool:
        """Whether messages wait for the next day."""
        return self._of_day in self.stopped

    @property
    def _of_day(self) -> tuple[int, int]:
        return WHOLE, self.day_ceiling

    @property
    def _of_hour(self) -> tuple[int, int]:
        return self.now, self.hour_ceiling


def ledger_of(request: Any) -> Ledger:
    """Return the ledger of the site that *request* sees."""
    tree: Exchange = request.site[NAME]
    return Ledger(tree, request.registry.settings, milliseconds(now(request)))


def spending(request: Any) -> Spending:
    """Return what is spent in this hour and on this day, and what may be."""
    return ledger_of(request).state()


def let_more(request: Any, amount: int) -> None:
    """Let *amount* (thousandths) more be spent in this hour and on this day: operators may."""
    ledger = ledger_of(request)
    day = ledger.day
    day.more = (*day.more, (ledger.hour, amount))
    ring_after_commit(request, NAME)


def count(request: Any, **more: int) -> None:
    """Count *more* of what a day counts: see `Day.COUNTS`."""
    day = ledger_of(request).day
    for name, number in more.items():
        setattr(day, name, getattr(day, name) + number)

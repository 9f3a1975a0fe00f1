"""Whether text messages leave: what `communicate doctor` and operators are told, with the cure."""

from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, now
from communicate.declarations import HealthCheck
from communicate.storage.work import work
from communicate_sms import operating
from communicate_sms.queue import Queue

_ = TranslationStringFactory("communicate_sms")

STUCK = timedelta(minutes=15)
SOME = 1000  # messages looked at


def ways_work(registry: Any) -> str | None:
    """Return which ways are out of order, or None."""
    rows = work(registry, operating.ways)
    ill = [row for row in rows if row.state in (operating.BROKEN, operating.UNBOUND)]
    if not ill:
        return None
    said: str = _(
        "These ways to operators of telephones are out of order: ${names}. /operate/sms says why; "
        "look at sms.ways, then send a test message at /operate/sms/test.",
        mapping={"names": ", ".join(row.name for row in ill)},
    )
    return said


def queue_moves(registry: Any) -> str | None:
    """Return what is wrong where messages that are due are not taken, or None."""
    count = 0 if not registry.settings["sms.ways"] else work(registry, _stuck)
    if not count:
        return None
    said: str = _(
        "Text messages that should have left 15 minutes ago or more: ${count}. Look at "
        "/operate/sms whether a ceiling is reached, and whether what sends them is running.",
        mapping={"count": count},
    )
    return said


def _stuck(request: Any) -> int:
    """Return how many messages are due for a while and nobody has taken them."""
    queue, limit = Queue(request), milliseconds(now(request) - STUCK)
    first = islice(queue.tree.due.keys((1,), (limit,)), SOME)
    found = (queue.tree.messages[number] for _due, number in first)
    # What is urgent stands before everything, whenever it was written.
    return sum(
        max(message.due, message.queued) < limit for message in found if not message.is_gone
    )


def doubts_wait(registry: Any) -> str | None:
    """Return that messages wait for an operator to decide, or None."""
    count = work(registry, operating.needed)
    if not count:
        return None
    said: str = _(
        "Text messages that may have been sent or not: ${count}. Decide at /operate/sms.",
        mapping={"count": count},
    )
    return said


HEALTH = (
    HealthCheck("sms.ways", _("Ways to operators of telephones"), ways_work),
    HealthCheck("sms.queue", _("Text messages leave"), queue_moves),
    HealthCheck("sms.doubts", _("No text message is in doubt"), doubts_wait),
)

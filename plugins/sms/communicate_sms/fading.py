"""Codes, notices and tests are forgotten once they are of no use, with what they say."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from communicate_sms import states
from communicate_sms.content import Message
from communicate_sms.queue import Queue

FADE = "sms.fade"
EVERY = timedelta(minutes=15)
HOUR = timedelta(hours=1) // timedelta(milliseconds=1)
DAY = 24 * HOUR
BATCH = 500  # messages in one transaction; the rest has its turn next time


def fade_job(request: Any, _payload: Mapping[str, Any]) -> None:
    """Forget codes, notices and tests whose time is over."""
    fade(request)


def fade(request: Any) -> int:
    """Forget a batch of those; return how many.

    What is done is kept for an hour, for receipts to find it; what is not, until it would not be
    sent any more.  What is just being sent is left to who sends it.
    """
    queue = Queue(request)
    found = (queue.tree.messages.get(number) for number in queue.tree.fleeting.keys(1))
    over = islice((one for one in found if one is not None and _is_over(queue.now, one)), BATCH)
    gone = list(over)
    for message in gone:
        queue.forget(message)
    return len(gone)


def _is_over(moment: int, message: Message) -> bool:
    if message.state == states.SENDING:
        return False
    if message.state > states.UNCERTAIN:
        return moment >= message.queued + HOUR
    return moment >= (message.until or message.queued + DAY)

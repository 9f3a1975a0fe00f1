"""Erasing what a member was told, and what others were told of that member."""

from itertools import islice
from typing import Any

from communicate.notifications.content import Inbox, Notices
from communicate.notifications.services import notices_of

BATCH = 200  # inboxes in one transaction
KIND = "communicate.notices"


def erase_batch(member: Any, receipt: Any) -> bool:
    """Forget the inbox of *member* and a batch of notices that *member* caused; tell of more."""
    notices = notices_of(member.request)
    if notices is None:
        return False
    own = notices.inboxes.pop(member.uid, None)
    if own is not None:
        receipt.erased(KIND, int(own.total()))
        if own.door is not None:
            notices.doors.pop(own.door, None)
        for caused in {notice.by for _number, notice in own.newest() if notice.by is not None}:
            discard(notices, (caused, member.uid))
    return _erase_caused(notices, member.uid, receipt)


def _erase_caused(notices: Notices, uid: int, receipt: Any) -> bool:
    pairs = list(islice(notices.caused.keys((uid,), (uid + 1,)), BATCH))
    for pair in pairs:
        inbox = notices.inboxes.get(pair[1])
        if inbox is not None:
            receipt.erased(KIND, drop_by(inbox, uid))
        notices.caused.remove(pair)
    return len(pairs) == BATCH


def drop_by(inbox: Inbox, uid: int) -> int:
    """Forget what *uid* caused in *inbox*; return how many notices that were."""
    numbers = [number for number, notice in inbox.newest() if notice.by == uid]
    for number in numbers:
        inbox.drop(number)
    return len(numbers)


def discard(notices: Notices, pair: tuple[int, int]) -> None:
    """Forget that *pair*, where it is there."""
    if pair in notices.caused:
        notices.caused.remove(pair)

"""What follows where a message goes further: its author sees it, and who gets it reads it here.

What was written to a member stands with that member, too, once it has left for the telephone:
there it is read again, answered and, if need be, reported.
"""

from typing import Any

from communicate.interfaces import IAuthored, IMembers
from communicate.live.interfaces import ILive
from communicate_sms import states
from communicate_sms.content import Message, Received
from communicate_sms.queue import TEXT
from communicate_sms.reach import ToMember
from communicate_sms.talks import CHANGED, RECEIVED, Talks


def follow(request: Any, message: Message, before: int) -> None:
    """Do what is to be done where *message*, which was *before*, is in another state."""
    talk = message.__parent__
    if talk is not None:
        request.find_service(ILive).tell((talk.owner,), CHANGED, talk.id)
    if message.to is not None and before <= states.UNCERTAIN < message.state != states.FAILED:
        _copy(Talks(request), message, message.to)


def _copy(kept: Talks, message: Message, uid: int) -> None:
    """Keep *message* with member *uid*, who has it on the telephone; nothing is told of it."""
    request, book, named = kept.request, kept.book_of(uid), kept.queue.tree.named
    if book is None or request.find_service(IMembers).by_uid(uid) is None or message.id in named:
        return
    text, present = kept.line(message).text, kept.queue.now
    if text is None:
        return  # its author is erased: nothing is kept of that one any more
    by = ToMember(message.author)
    talk = kept.with_(book, by) or kept.begin(book, by)
    copy = Received(kept.seals.seal(message.author, TEXT, text), present, present)
    copy.id, copy.owner, copy.is_copy = message.id, message.author, True
    copy.withdrawn = bool(message.deleted)
    named[copy.id] = copy
    request.find_service(IAuthored).add(message.author, RECEIVED, copy.id)
    talk.keep(copy)
    kept.lift(talk, present)
    request.find_service(ILive).tell((uid,), CHANGED, talk.id)


def copy_of(kept: Talks, message: Message) -> Received | None:
    """Return what the member has of *message* to whom it went, or None."""
    found = None if message.to is None else kept.queue.tree.named.get(message.id)
    return found if isinstance(found, Received) else None


__all__ = ["copy_of", "follow"]

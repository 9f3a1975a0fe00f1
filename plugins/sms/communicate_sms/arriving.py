"""What came to a member from a telephone: where it is kept, and who is told."""

from typing import Any

from communicate.interfaces import IAuthored, IContacts, IMembers, INotifications
from communicate.live.interfaces import ILive
from communicate_sms import parts, reach
from communicate_sms.content import Received
from communicate_sms.queue import TEXT
from communicate_sms.reach import To, ToMember
from communicate_sms.talks import CHANGED, RECEIVED, Talks

CAME = "sms.came"


def receive(kept: Talks, uid: int, by: To, text: str, came: int) -> Received | None:
    """Keep *text* that came at *came* (ms) to *uid*; return it, None where a block is between.

    What comes by a number stands under that number, whosever it is, and what comes by a member
    under that member: neither tells the other.
    """
    request = kept.request
    member = by.uid if isinstance(by, ToMember) else reach.owner_of(request, by.e164)
    if request.find_service(IMembers).by_uid(uid) is None:
        return None
    if member is not None and _kept_apart(request, uid, by, member):
        return None
    book = kept.book(uid)
    talk = kept.with_(book, by) or kept.begin(book, by)
    author = talk.member
    text = parts.tidy(text)
    sealed = kept.seals.seal(uid if author is None else author, TEXT, text)
    line = Received(sealed, min(came, kept.queue.now), kept.queue.now)
    line.id = talk.follow(line.id)  # of two in one millisecond the later one stands below
    if author is not None:
        line.owner = author
        kept.queue.tree.named[line.id] = line
        request.find_service(IAuthored).add(author, RECEIVED, line.id)
    talk.keep(line)
    talk.unread += 1
    book.unread += 1
    kept.lift(talk, kept.queue.now)
    request.find_service(INotifications).send(
        CAME, uid, about=talk, by=author, path=request.page.url(talk)
    )
    request.find_service(ILive).tell((uid,), CHANGED, talk.id)
    return line


def _kept_apart(request: Any, uid: int, by: To, member: int) -> bool:
    """Tell whether a block keeps what *member* sends by *by* from *uid*.

    Of a number it is the block of *member* alone: if that of *uid* counted, *uid* could block
    people one after the other, and see whose number it is.
    """
    contacts = request.find_service(IContacts)
    if isinstance(by, ToMember):
        return bool(contacts.blocked(uid, member))
    return bool(contacts.has_blocked(member, uid))

"""Telling people of comments: the owner of the thing, who is answered, who is mentioned.

They are few, so that they are told at once.  `INotifications` leaves out who may not read the
comment, and who has nothing to do with its author.
"""

from collections.abc import Iterable
from typing import Any

from communicate.interfaces import IMembers, INotifications
from communicate.notifications.rights import viewer_for
from communicate.permissions import VIEW
from communicate.security import decide
from communicate.writing.mentions import members_of
from communicate_spaces.content import Comment

NEW, WAITS, APPROVED = "spaces.new", "spaces.waits", "spaces.approved"
REPLIED, MENTIONED, HIDDEN = "spaces.reply", "spaces.mention", "spaces.hidden"


def shown(request: Any, comment: Comment, mentions: Iterable[str]) -> None:
    """Tell of a *comment* that can be read from now on, each person once."""
    told = {comment.owner}
    for uid in members_of(request, mentions):
        if uid not in told:
            told.add(uid)
            send(request, MENTIONED, uid, comment, about=comment)
    answered = comment.__parent__.owner if comment.is_reply else None
    if answered not in told and reads(request, answered, comment):
        told.add(answered)
        send(request, REPLIED, answered, comment, about=comment.__parent__)
    owner = comment.thread.owner
    if owner not in told:
        send(request, NEW, owner, comment, about=comment.thread)


def reads(request: Any, uid: int | None, comment: Comment) -> bool:
    """Tell whether member *uid* may read *comment*: own words one reads where nothing else is."""
    member = None if uid is None else request.find_service(IMembers).by_uid(uid)
    return member is not None and bool(decide(viewer_for(request, member), comment, VIEW))


def mentioned(request: Any, comment: Comment, mentions: Iterable[str]) -> None:
    """Tell those of *mentions*, whom a change of *comment* added."""
    for uid in members_of(request, mentions):
        send(request, MENTIONED, uid, comment, about=comment)


def waits(request: Any, comment: Comment) -> None:
    """Tell the owner of the thing that *comment* waits; the notice leads to all that do."""
    thread = comment.thread
    path = f"{request.page.url(thread.__parent__)}/waiting"
    _send(request, WAITS, thread.owner, about=thread.__parent__, by=comment.owner, path=path)


def approved(request: Any, comment: Comment) -> None:
    """Tell the author that *comment* is shown."""
    _send(request, APPROVED, comment.owner, about=comment, by=comment.thread.owner)


def hidden(request: Any, comment: Comment, by: int | None) -> None:
    """Tell the author that a moderator hid *comment*, and where the reason is.

    It names no moderator: it comes from the site, whomever the author has blocked.
    """
    if comment.owner not in (None, by):
        path = f"{request.page.url(comment)}/reason"
        _send(request, HIDDEN, comment.owner, path=path)


def send(request: Any, kind: str, to: int | None, comment: Comment, *, about: Any) -> None:
    """Tell member *to* of *comment*: several *about* one thing are one notice."""
    path = str(request.page.url(comment))
    _send(request, kind, to, about=about, by=comment.owner, path=path)


def _send(request: Any, kind: str, to: int | None, **more: Any) -> None:
    if to is None:
        return
    try:
        notices = request.find_service(INotifications)
    except LookupError:
        return
    notices.send(kind, to, **more)

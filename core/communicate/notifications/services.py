"""`INotifications`: tell members, and know what they have not read."""

from datetime import timedelta
from itertools import islice
from typing import Any

from zope.interface import implementer

from communicate.clock import now
from communicate.ids import new_id
from communicate.interfaces import IMembers, INotifications
from communicate.live.interfaces import ILive
from communicate.notifications import places, plans
from communicate.notifications.content import Inbox, Notice, Notices
from communicate.notifications.kinds import kind_named
from communicate.notifications.rights import Judge

NEWEST = 1_000  # notices that one member keeps
KEPT = timedelta(days=90)
PRUNED = 20  # old notices that go when a new one comes


def notices_of(request: Any) -> Notices | None:
    """Return the inboxes in the tree that *request* sees, None before the first notice."""
    found: Notices | None = request.root_map.get("notices")
    return found


def inbox_of(request: Any, uid: int) -> Inbox | None:
    """Return the inbox of member *uid*, or None where nothing was ever sent there."""
    notices = notices_of(request)
    return None if notices is None else notices.inboxes.get(uid)


def make_inbox(request: Any, uid: int) -> Inbox:
    """Return the inbox of member *uid*, made where there is none."""
    notices = notices_of(request)
    if notices is None:  # a site that was made before there were any
        notices = request.root_map["notices"] = Notices()
    inbox: Inbox | None = notices.inboxes.get(uid)
    if inbox is None:
        inbox = notices.inboxes[uid] = Inbox()
    return inbox


@implementer(INotifications)
class NotificationService:
    """The notices of the site, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request

    def send(
        self,
        kind: str,
        to: int,
        *,
        about: Any = None,
        by: int | None = None,
        path: str | None = None,
    ) -> None:
        """Tell member *to* of it, unless that may not be; see `INotifications`.

        Raise LookupError for a kind that nobody declares, ValueError without *about* and *path*.
        """
        declared = kind_named(self.request.registry, kind)
        receiver = self.request.find_service(IMembers).by_uid(to)
        if receiver is None or by == to or not declared.is_for(receiver.groups):
            return
        judge = Judge(self.request, receiver)
        if not judge.allows_person(by) or (about is not None and not judge.allows_thing(about)):
            return
        inbox = make_inbox(self.request, to)
        when = plans.choice(inbox, declared)
        self._keep(to, inbox, self._notice(kind, by, about, path), once=when == plans.NOW)
        plans.plan(self.request, inbox, receiver, when)
        if by is not None:
            self.request.root_map["notices"].caused.insert((by, to))

    def unread(self, uid: int) -> int:
        """Return how many notices of member *uid* were not read."""
        inbox = inbox_of(self.request, uid)
        return 0 if inbox is None else max(0, int(inbox.unread()))

    def seen(self, uid: int, *about: Any) -> None:
        """Mark what member *uid* was told about the things *about* as read: they saw them."""
        inbox = inbox_of(self.request, uid)
        if inbox is None or inbox.unread() <= 0:
            return
        for thing in about:
            for number in inbox.unread_about(places.target_of(self.request, thing)):
                inbox.read(number)
                self.request.find_service(ILive).tell((uid,), "notices", number)

    def _notice(self, kind: str, by: int | None, about: Any, path: str | None) -> Notice:
        leads = "" if path is None else places.path_kept(self.request, path)
        if about is not None:
            target = places.target_of(self.request, about)
            return Notice(kind, by, target, about.id, leads)
        if not leads:
            raise ValueError(f"notice {kind!r}: name what it is about, or a path")
        return Notice(kind, by, leads)

    def _keep(self, uid: int, inbox: Inbox, notice: Notice, *, once: bool) -> None:
        """Put *notice* into the *inbox* of member *uid*, in place of an unread one about the same.

        With *once*, what a mail has told of is not told by mail again before it is read.
        """
        number = inbox.open.get(notice.key)
        old = None if number is None else inbox.get(number)
        if old is not None:
            inbox.drop(number)
            # The first address stays: it leads to the first of them that is new.
            notice = notice._replace(
                times=old.times + 1, path=old.path, mailed=old.mailed and once
            )
        self._prune(inbox)
        number = self._new_id(inbox)
        inbox.put(number, notice)
        self.request.find_service(ILive).tell((uid,), "notices", number)

    def _new_id(self, inbox: Inbox) -> int:
        """Return an id after all that are there: within one millisecond, too."""
        last: int = inbox.notices.maxKey() if inbox.notices else 0
        return max(new_id(now(self.request)), last + 1)

    def _prune(self, inbox: Inbox) -> None:
        """Make room: what is too old goes, and what is beyond the newest thousand."""
        oldest = new_id(now(self.request) - KEPT)
        for number in list(islice(inbox.notices.keys(None, oldest), PRUNED)):
            inbox.drop(number)
        while inbox.notices and inbox.total() >= NEWEST:
            inbox.drop(inbox.notices.minKey())


def notification_service(_context: Any, request: Any) -> NotificationService:
    """Return the service for one request."""
    return NotificationService(request)

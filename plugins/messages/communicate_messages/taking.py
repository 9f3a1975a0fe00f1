"""Who takes part in a conversation, and what it is to each: `ITaking`."""

from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import now
from communicate.ids import new_id
from communicate.interfaces import IAuthored, ICatalog, IOutbox
from communicate_messages import boxes, reach
from communicate_messages.content import PUT_AWAY, Box, Conversation, Event, Message, Part
from communicate_messages.errors import Refused
from communicate_messages.indexing import principals, set_rights
from communicate_messages.interfaces import ILife, IMessages, ITaking
from communicate_messages.removal import EMPTY, WITHDRAW
from communicate_messages.services import TOO_MANY, TRACE, WAITING
from communicate_messages.telling import ADDED, tell, update

_ = TranslationStringFactory("communicate_messages")

EVENT = "messages.event"
MANY = 100  # unread messages that are counted where one has read on an earlier page
STRETCHES = 200  # times that somebody can come later
LEFT, CAME, NAMED, KEPT = "left", "came", "named", "kept"  # what events tell

HERE = _("${login} takes part already.")
OF_TWO = _("This conversation is between the two of you: begin another one with more people.")
FULL = _("Too many people have come and gone here: begin another conversation.")


@implementer(ITaking)
class Taking:
    """Who takes part, on the site of one request."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.words = request.find_service(IMessages)

    def _box(self, conversation: Conversation, uid: int) -> Box:
        found: Box = conversation.__parent__.box(uid)
        return found

    def tell_all(
        self,
        conversation: Conversation,
        uid: int | None,
        what: str,
        whom: int | None = None,
        value: int = 0,
    ) -> Event:
        """Put a line into *conversation* that says what *uid* did; return it."""
        event = Event(conversation.follow(new_id(now(self.request))), uid, what)
        event.whom, event.value = whom, value
        conversation.add(event)
        listed = self.request.find_service(IAuthored)
        for named in {uid, event.whom} - {None}:
            listed.add(named, EVENT, event.id)
        if conversation.life:
            self.request.find_service(ILife).schedule(conversation)
        update(self.request, conversation, conversation.readers(event.id))
        return event

    def add(self, conversation: Conversation, uid: int, whom: int) -> None:
        """Let *whom* in, as *uid* asks; what was written before stays closed.  Raise Refused."""
        if conversation.pair is not None:
            raise Refused(OF_TWO)
        if whom in conversation.parts:
            login = self.request.page.login_of(whom) or "?"
            raise Refused(_("${login} takes part already.", mapping={"login": login}))
        if len(conversation.parts) >= self.request.registry.settings["messages.people"]:
            raise Refused(TOO_MANY)
        if len(conversation.stretches) >= STRETCHES:
            raise Refused(FULL)
        reach.check(self.request, uid, whom)
        event = self.tell_all(conversation, uid, CAME, whom=whom)
        strange = reach.is_stranger(self.request, uid, whom)
        since = event.id - 1
        part = self.words.admit(conversation, whom, "asked" if strange else "listed", since)
        part.agreed = None
        rights = new_id(now(self.request))
        conversation.stretches[event.id] = rights
        catalog = self.request.find_service(ICatalog)
        catalog.set_rights(rights, principals(conversation, event.id))
        tell(self.request, ADDED, conversation, uid, [whom])

    def leave(self, conversation: Conversation, uid: int, words: bool = False) -> None:
        """Take *uid* out; a line says so.  With *words*, what *uid* wrote there goes too."""
        part = conversation.part(uid)
        if part is None:
            return
        self.take_out(conversation, uid)
        if conversation.parts:
            self.tell_all(conversation, uid, LEFT)
            self.request.find_service(ILife).settle(conversation)
        if words:
            if conversation.title is not None and conversation.title.uid == uid:
                conversation.title = None
            payload = {"conversation": conversation.id, "uid": uid, "before": 0}
            self.request.find_service(IOutbox).add(WITHDRAW, payload, owner=uid)

    def take_out(self, conversation: Conversation, uid: int) -> None:
        """Let *conversation* be nothing to *uid* any more; one that nobody reads is destroyed."""
        part, box = conversation.parts.pop(uid, None), self._box(conversation, uid)
        conversation.changes += 1  # of two who leave at the same moment, one is the last
        if part is not None:
            boxes.take_out(box, part)
        if conversation.pair is not None and uid in conversation.pair:
            self._unpair(conversation, uid)
        if conversation.starter == uid:
            conversation.starter = None
        if conversation.wisher == uid:
            conversation.wisher = None
        set_rights(self.request, conversation)
        self._end(conversation)

    def _end(self, conversation: Conversation) -> None:
        """Have *conversation* destroyed where nobody takes part any more."""
        if not conversation.parts:
            payload = {"conversation": conversation.id}
            self.request.find_service(IOutbox).add(EMPTY, payload)

    def _unpair(self, conversation: Conversation, uid: int) -> None:
        """Let the two begin anew, unless *uid* leaves a request that waits: that is sent once.

        So is one that was declined: else whoever leaves it would find that out, and ask again.
        """
        if any(not other.accepted for other in conversation.parts.values()):
            return
        one, two = conversation.pair or (0, 0)
        other, held = two if uid == one else one, conversation.__parent__.boxes
        own, theirs = (held[each].pairs if each in held else {} for each in (uid, other))
        if other not in conversation.parts and theirs.get(uid) == conversation.id:
            own[other] = PUT_AWAY
            return
        for pairs, peer in ((own, other), (theirs, uid)):
            if pairs.get(peer) == conversation.id:
                del pairs[peer]

    def accept(self, conversation: Conversation, uid: int) -> None:
        """Let a stranger's request be a conversation like others."""
        part = conversation.part(uid)
        if part is not None and not part.accepted:
            conversation.changes += 1  # what is said at the same moment is new, and counts
            boxes.accepted(conversation, uid)
            left = self._left(conversation, uid, part.seen)
            boxes.read(self._box(conversation, uid), part, part.seen, left)
            set_rights(self.request, conversation)

    def decline(self, conversation: Conversation, uid: int) -> None:
        """Put a stranger's request away; who wrote is not told: it goes on waiting."""
        part = conversation.part(uid)
        if part is None or part.accepted:
            return
        if conversation.pair is None:
            self.leave(conversation, uid)
            return
        boxes.take_out(self._box(conversation, uid), part)
        del conversation.parts[uid]
        conversation.changes += 1
        set_rights(self.request, conversation)
        self._end(conversation)

    def mute(self, conversation: Conversation, uid: int, muted: bool) -> None:
        """Count and tell what comes in *conversation*, or do not."""
        part = conversation.part(uid)
        if part is not None:
            boxes.set_muted(self._box(conversation, uid), part, muted)

    def archive(self, conversation: Conversation, uid: int, archived: bool) -> None:
        """Put *conversation* away until something new comes, or back into the list."""
        part = conversation.part(uid)
        if part is not None and part.accepted:
            place = "archived" if archived else "listed"
            boxes.put(self._box(conversation, uid), conversation, part, place)

    def rename(self, conversation: Conversation, uid: int, title: str) -> None:
        """Give *conversation*, of several, the *title* that *uid* chooses.  Raise Refused."""
        if conversation.pair is not None:
            raise Refused(OF_TWO)
        if not conversation.is_shaped_by(uid):
            raise Refused(WAITING)
        if title != (self.words.title(conversation) or ""):
            self.words.entitle(conversation, uid, title)
            self.tell_all(conversation, uid, NAMED)

    def see(self, conversation: Conversation, uid: int, number: int) -> None:
        """Count what is there for *uid* as read, up to id *number*."""
        part: Part | None = conversation.part(uid)
        if part is None or part.seen >= number:
            return
        left = self._left(conversation, uid, number) if part.unread() else 0
        boxes.read(self._box(conversation, uid), part, number, left)

    def _left(self, conversation: Conversation, uid: int, number: int) -> int:
        """Return how many messages after id *number* are new to *uid*, up to MANY."""
        later = conversation.lines.values(number, excludemin=True)
        return sum(1 for _found in islice(filter(_is_new(uid), later), MANY))


def _is_new(uid: int) -> Any:
    def is_new(line: Any) -> bool:
        shown = isinstance(line, Message) and not line.deleted and not line.hidden
        return shown and line.owner != uid

    return is_new


def taking_service(_context: Any, request: Request) -> Taking:
    """Return the service for one request."""
    return Taking(request)


__all__ = ["EVENT", "TRACE", "Taking", "taking_service"]

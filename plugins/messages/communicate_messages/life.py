"""For how long messages are kept, as all who take part have agreed: `ILife`."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import moment, present
from communicate.ids import RANDOM_BITS
from communicate.interfaces import IOutbox
from communicate_messages.boxes import messages_in
from communicate_messages.content import Conversation
from communicate_messages.errors import Refused
from communicate_messages.interfaces import ILife, IRemovals, ITaking
from communicate_messages.telling import PROPOSED, tell

_ = TranslationStringFactory("communicate_messages")

FADE, SWEEP = "messages.fade", "messages.sweep"
EVERY = timedelta(hours=1)
BATCH = 200  # lines destroyed in one transaction
DAY = 86_400
LIVES: dict[int | None, Any] = {
    DAY: _("One day"),
    7 * DAY: _("One week"),
    30 * DAY: _("One month"),
    365 * DAY: _("One year"),
    0: _("For ever"),
}
NO_SUCH = _("Choose one of the answers.")


def in_words(page: Any, seconds: int | None) -> str:
    """Return how long *seconds* are, as it stands within a sentence; empty for what is no life."""
    title = str(page.say(LIVES.get(seconds, "")))
    return title[:1].lower() + title[1:]


@implementer(ILife)
class Life:
    """How long messages live, on the site of one request."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def propose(self, conversation: Conversation, uid: int, seconds: int) -> None:
        """Propose *seconds*, which *uid* agrees to by that; raise Refused."""
        if seconds not in LIVES:
            raise Refused(NO_SUCH)
        if seconds == conversation.life:
            self.refuse(conversation, uid)
            return
        conversation.wish, conversation.wisher = seconds, uid
        for other, part in conversation.parts.items():
            part.agreed = seconds if other == uid else None
        self.settle(conversation)
        if conversation.wish is not None:
            tell(self.request, PROPOSED, conversation, uid, conversation.others(uid))

    def agree(self, conversation: Conversation, uid: int) -> None:
        """Agree with what was proposed; it holds once everybody has."""
        part = conversation.part(uid)
        if part is not None and conversation.wish is not None:
            part.agreed = conversation.wish
            conversation.changes += 1  # of two who agree at the same moment, one is the last
            self.settle(conversation)

    def refuse(self, conversation: Conversation, uid: int) -> None:
        """Let nothing be proposed any more."""
        conversation.wish = conversation.wisher = None
        for part in conversation.parts.values():
            part.agreed = None

    def settle(self, conversation: Conversation) -> None:
        """Let what was proposed hold where all who have accepted to take part agree with it."""
        wish = conversation.wish
        taking = [part for part in conversation.parts.values() if part.accepted]
        if wish is None or not taking or any(part.agreed != wish for part in taking):
            return
        wisher = conversation.wisher
        conversation.over = conversation.ended()  # stays over, whatever comes
        conversation.life = wish
        self.refuse(conversation, 0)
        fading = conversation.__parent__.fading
        if wish:
            fading.add(conversation.id)
        elif conversation.id in fading:
            fading.remove(conversation.id)
        taking_part: Any = self.request.find_service(ITaking)
        taking_part.tell_all(conversation, wisher, "kept", value=wish)
        conversation.due = 0
        self.schedule(conversation)

    def schedule(self, conversation: Conversation) -> None:
        """Have a job destroy the oldest line when its time is up, where none is queued yet."""
        if conversation.due or not conversation.lines:
            return
        oldest: int = conversation.lines.minKey()
        if oldest <= conversation.over:
            conversation.due = present()
        elif conversation.life:
            conversation.due = (oldest >> RANDOM_BITS) + conversation.life * 1000 + 1
        else:
            return
        self.request.find_service(IOutbox).add(
            FADE, {"conversation": conversation.id}, due=moment(conversation.due)
        )

    def fade(self, conversation: Conversation, most: int = BATCH) -> int:
        """Destroy up to *most* lines whose time is up; return how many that was."""
        removals = self.request.find_service(IRemovals)
        ended = conversation.ended()
        lines = list(islice(conversation.lines.values(None, ended), most)) if ended else []
        for line in lines:
            removals.drop(line)
        conversation.due = 0
        self.schedule(conversation)
        return len(lines)


def fade_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy a batch of what has come to its end, and ask for the next: the handler of FADE."""
    held = messages_in(request)
    found = None if held is None else held.conversations.get(payload["conversation"])
    if found is not None:
        request.find_service(ILife).fade(found)


def sweep_job(request: Any, _payload: Mapping[str, Any]) -> None:
    """See that every conversation whose messages end has a job for that: the handler of SWEEP."""
    held = messages_in(request)
    life: Any = request.find_service(ILife)
    for number in held.fading if held is not None else ():
        found: Conversation | None = held.conversations.get(number) if held else None
        if found is not None and found.ended() and found.lines:
            if found.lines.minKey() <= found.ended():
                found.due = 0
            life.schedule(found)


def life_service(_context: Any, request: Request) -> Life:
    """Return the service for one request."""
    return Life(request)

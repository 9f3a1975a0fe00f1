"""What conversations hold of members, and whom they tell."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Job, Moderable, Notification, Path, PersonalData
from communicate.interfaces import IAuthored, ISeals
from communicate.permissions import DELETE, VIEW
from communicate.security import permits
from communicate_sms import removal
from communicate_sms.arriving import CAME
from communicate_sms.content import Message, Received, Talk
from communicate_sms.queue import exchange_of
from communicate_sms.removal import Removals
from communicate_sms.talks import RECEIVED, TALK, Talks

_ = TranslationStringFactory("communicate_sms")

CONTENT = "communicate_sms.content"


def kept(settings: Mapping[str, Any]) -> Any:
    """Return for how long messages are kept."""
    if settings.get("sms.days"):
        days = {"days": settings["sms.days"]}
        return _("${days} days; less if you delete them or erase your account.", mapping=days)
    return _("Until you delete them or erase your account.")


PERSONAL_DATA = (
    PersonalData(
        kind=RECEIVED,
        what=_("Text messages that came to you, and those with which you answered (sealed)"),
        why=_("You read them here."),
        audience="private",
        retention=kept,
        stored=(f"{CONTENT}:Received", f"{CONTENT}:Exchange"),
    ),
    PersonalData(
        kind=TALK,
        what=_("Your conversations: with which number (sealed) or member, and when"),
        why=_("Your pages list conversations, and answers find their way."),
        audience="private",
        retention=_("Until you delete the conversation or erase your account."),
        stored=(f"{CONTENT}:Talk", f"{CONTENT}:Book", f"{CONTENT}:Writers"),
    ),
)

NOTIFICATIONS = (
    Notification(
        kind=CAME,
        title=_("A text message"),
        sentence=_("A text message has come."),
        several=_("${n} text messages have come."),
        icon="phone",
    ),
)

JOBS = (
    Job(removal.DESTROY, removal.destroy_job),
    Job(removal.SWEEP, removal.sweep_job, every=removal.EVERY),
)
BATCH = 200  # messages in one transaction
LINES = 5_000  # looked through in one


def erase(member: Any, receipt: Any) -> bool:
    """Erase a batch of the member's conversations, and of what others have of the member.

    Return True where there is more.  What the member's telephone answered is destroyed where it
    came; who wrote to the member keeps what they wrote, to nobody.
    """
    kept = Talks(member.request)
    steps = ((RECEIVED, _erase_answer), (TALK, _erase_name))
    for kind, step in steps:
        listed = member.request.find_service(IAuthored)
        numbers = listed.items(member.uid, kind, most=BATCH)
        for number in numbers:
            if not step(kept, member.uid, number):
                return True
            listed.remove(member.uid, kind, number)
        if numbers:
            receipt.erased(kind, len(numbers))
            return True
    return _erase_own(kept, member.uid, receipt)


def _erase_answer(kept: Talks, uid: int, number: int) -> bool:
    """Destroy a message that *uid* wrote from a telephone; return True: it is done."""
    line = kept.queue.tree.named.pop(number, None)
    if isinstance(line, Received) and line.owner == uid:
        Removals(kept).destroy(line)
    return True


def _erase_name(kept: Talks, uid: int, number: int) -> bool:
    """Have the conversation *number* name *uid* nowhere; tell whether it is done."""
    talk = kept.queue.tree.named.get(number)
    if not isinstance(talk, Talk) or talk.member != uid:
        return True
    named = (one for one in talk.lines.values() if isinstance(one, Message) and one.to == uid)
    found = list(islice(named, LINES))
    for message in found:
        message.to = None
    if len(found) == LINES:
        return False
    talk.__parent__.peers.pop(uid.to_bytes(8, "big"), None)
    talk.member = None
    del kept.queue.tree.named[number]
    return True


def _erase_own(kept: Talks, uid: int, receipt: Any) -> bool:
    """Destroy a batch of the conversations of *uid*; tell whether there is more."""
    book, removals, done = kept.book_of(uid), Removals(kept), 0
    for talk in [] if book is None else list(book.talks.values()):
        count = removals.clear(talk, most=BATCH - done)
        receipt.erased("sms.message", count)
        done += count
        if done >= BATCH:
            return True
        removals.forget(talk)
    return False


# Moderation: what one member has received from another


def find(request: Any, number: int) -> Received | None:
    """Return what some member has received from another one under that id, or None."""
    found = exchange_of(request).named.get(number)
    return found if isinstance(found, Received) else None


def words_of(request: Any, line: Received) -> str:
    """Return what *line* says, empty where it is deleted."""
    if line.deleted or line.withdrawn:
        return ""
    return request.find_service(ISeals).text(line.text) or ""


def hide(request: Any, line: Received, _reason: str) -> None:
    """Hide *line*, which whoever reads it has reported."""
    Removals(Talks(request)).set_hidden(line, True)


def restore(request: Any, line: Received) -> None:
    """Show a hidden *line* again."""
    Removals(Talks(request)).set_hidden(line, False)


def delete(request: Any, line: Received) -> None:
    """Destroy *line*."""
    Removals(Talks(request)).destroy(line)


def forget(request: Any, line: Received, uid: int) -> None:
    """Destroy *line* for member *uid* who wrote it."""
    if line.owner == uid:
        delete(request, line)


MODERABLES = (
    Moderable(
        RECEIVED, _("Text message"), find, words_of, hide, delete, restore=restore, forget=forget
    ),
)


def _reaches(permission: str) -> Any:
    return lambda request, thing: bool(permits(request, thing, permission))


PATHS = (
    Path("text messages", "read", _reaches(VIEW)),
    Path("text messages", "delete", _reaches(DELETE)),
)

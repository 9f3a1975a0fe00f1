"""What comments hold of a member, and what erasing and moderating mean here."""

from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Moderable, Notification, Path, PersonalData
from communicate.interfaces import IAuthored, IMembers
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_spaces import telling
from communicate_spaces.content import NAME, Comment, Wall
from communicate_spaces.indexing import KIND
from communicate_spaces.interfaces import ICommenting, ICommentRemovals
from communicate_spaces.places import find_comment, threads_of

_ = TranslationStringFactory("communicate_spaces")

BATCH = 50  # comments, or threads, in one transaction
RULES, REASON = "spaces.rules", "spaces.reason"

PERSONAL_DATA = (
    PersonalData(
        kind=KIND,
        what=_("Your comments, and when you wrote and edited them"),
        why=_("You wrote them for those who may read what they are about."),
        audience="private",
        retention=_(
            "Until you or the owner of what they are about delete them, that is deleted, "
            "or you erase your account."
        ),
        stored=("communicate_spaces.content:Comment",),
    ),
    PersonalData(
        kind=RULES,
        what=_("Who may comment what is yours, and whether you read it first"),
        why=_("So that only those comment whom you let."),
        audience="private",
        retention=_("Until you change it or erase your account."),
        stored=(
            "communicate_spaces.content:Wall",
            "communicate_spaces.content:Thread",
            "communicate_spaces.content:Comments",
        ),
    ),
    PersonalData(
        kind=REASON,
        what=_("Why a moderator hid a comment of yours"),
        why=_("So that you can read it."),
        audience="private",
        retention=_("Until it is shown again or deleted, or you erase your account."),
        stored=("communicate_spaces.content:Comment",),
    ),
)

NOTIFICATIONS = (
    Notification(
        kind=telling.NEW,
        title=_("Somebody comments something of yours"),
        sentence=_("${who} has commented something of yours."),
        several=_("${n} new comments on something of yours."),
        icon="chat-left",
    ),
    Notification(
        kind=telling.WAITS,
        title=_("A comment waits for your approval"),
        sentence=_("A comment of ${who} waits for your approval."),
        several=_("${n} comments wait for your approval."),
        icon="hourglass-split",
    ),
    Notification(
        kind=telling.APPROVED,
        title=_("A comment of yours is approved"),
        sentence=_("${who} shows your comment."),
        several=_("${n} comments of yours are shown."),
        icon="check2",
    ),
    Notification(
        kind=telling.REPLIED,
        title=_("Somebody replies to a comment of yours"),
        sentence=_("${who} has replied to your comment."),
        several=_("${n} replies to your comment."),
        icon="reply",
    ),
    Notification(
        kind=telling.MENTIONED,
        title=_("Somebody mentions you in a comment"),
        sentence=_("${who} mentions you in a comment."),
        several=_("${n} mentions of you in a comment."),
        icon="at",
    ),
    Notification(
        kind=telling.HIDDEN,
        title=_("A moderator hides a comment of yours"),
        sentence=_("A moderator has hidden a comment of yours."),
        several=_("Moderators have hidden ${n} comments of yours."),
        icon="eye-slash",
        mail="now",
    ),
)


def erase(member: Any, receipt: Any) -> bool:
    """Erase one batch: first what the member commented, then what was said on what was theirs.

    Return True where there is more.  A comment that others answered keeps its place, empty.
    """
    request, uid = member.request, member.uid
    removals, listed = request.find_service(ICommentRemovals), request.find_service(IAuthored)
    numbers = list(listed.items(uid, KIND, most=BATCH))
    for number in numbers:
        comment = find_comment(request, number)
        if comment is not None and comment.owner == uid:
            removals.destroy(comment)
        listed.remove(uid, KIND, number)
    if numbers:
        receipt.erased(KIND, len(numbers))
        return True
    account = request.find_service(IMembers).by_uid(uid, closed=True)
    wall = None if account is None else account.get(NAME)
    if not isinstance(wall, Wall):
        return False
    threads = list(islice(threads_of(wall), BATCH))
    for thread in threads:
        removals.forget_thread(thread)
    if not threads:
        del account[NAME]
        receipt.erased(RULES)
    return bool(threads)


def hide(request: Any, comment: Comment, reason: str) -> None:
    """Hide *comment* from all but moderators; its author reads the *reason*."""
    by = request.viewer.uid
    request.find_service(ICommentRemovals).set_hidden(comment, True, reason, by)


def restore(request: Any, comment: Comment) -> None:
    """Show a hidden comment again to its readers."""
    request.find_service(ICommentRemovals).set_hidden(comment, False)


def delete(request: Any, comment: Comment) -> None:
    """Destroy the words of *comment*."""
    request.find_service(ICommentRemovals).destroy(comment)


def forget(request: Any, comment: Comment, uid: int) -> None:
    """Destroy the words of *comment* for its author, member *uid*, if it still is the author."""
    if comment.owner == uid:
        request.find_service(ICommentRemovals).destroy(comment)


def words_of(request: Any, comment: Comment) -> str:
    """Return the Markdown of *comment*, empty where it is gone."""
    return request.find_service(ICommenting).body(comment) or ""


MODERABLES = (
    Moderable(
        KIND, _("Comment"), find_comment, words_of, hide, delete, restore=restore, forget=forget
    ),
)
PATHS = (
    Path("comments/page", "read", lambda request, thing: bool(permits(request, thing, VIEW))),
)

"""What the forums hold of a member, and what erasing, exporting and moderating mean here."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Moderable, Notification, Path, PersonalData
from communicate.interfaces import IAuthored
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_forums.content import Post, Topic
from communicate_forums.indexing import POST_KIND, TOPIC_KIND, forums_in
from communicate_forums.interfaces import IFollowing, IForums, IRemovals
from communicate_forums.telling import MENTIONED, OPENED, REPLIED

_ = TranslationStringFactory("communicate_forums")

BATCH = 50  # posts in one transaction: others wait for no more
READING, FOLLOWING, FEED = "forums.reading", "forums.following", "forums.feed"
HIDDEN = "forums.hidden"
AUTHOR = "forums.author"

PERSONAL_DATA = (
    PersonalData(
        kind=POST_KIND,
        what=_("Your posts in forums, and when you wrote and edited them"),
        why=_("You wrote them for the readers of a forum."),
        audience="public",
        retention=_("Until you delete them or erase your account."),
        stored=("communicate_forums.content:Post",),
    ),
    PersonalData(
        kind=TOPIC_KIND,
        what=_("The titles of topics that you opened"),
        why=_("They say what a topic is about."),
        audience="public",
        retention=_("Until you delete the topic or erase your account."),
        stored=("communicate_forums.content:Topic",),
    ),
    PersonalData(
        kind=READING,
        what=_("The last post that you were shown in each topic"),
        why=_("Your pages mark what is new to you."),
        audience="private",
        retention=_("Until you erase your account."),
        stored=("communicate_forums.content:Reader", "communicate_forums.content:Forums"),
    ),
    PersonalData(
        kind=AUTHOR,
        what=_("The names of people who wrote to a mailing list that was imported"),
        why=_("Their messages are shown under their names."),
        audience="public",
        retention=_("Until an operator erases them because somebody asked for it."),
        stored=("communicate_forums.content:Archive",),
    ),
    PersonalData(
        kind=FOLLOWING,
        what=_("The topics and forums that you follow"),
        why=_("You asked to be told what is new in them."),
        audience="private",
        retention=_("Until you unfollow them or erase your account."),
        stored=(
            "communicate_forums.content:Reader",
            "communicate_forums.content:Forum",
            "communicate_forums.content:Topic",
        ),
    ),
    PersonalData(
        kind=FEED,
        what=_("A fingerprint of the key in the address of your private feed"),
        why=_("A feed reader shows that key in place of a password."),
        audience="private",
        retention=_("Until you revoke the feed or erase your account."),
        stored=("communicate_forums.content:Reader",),
    ),
    PersonalData(
        kind="forums.reason",
        what=_("Why a moderator hid a post or a topic of yours"),
        why=_("So that you can read it."),
        audience="private",
        retention=_("Until it is shown again or deleted, or you erase your account."),
        stored=("communicate_forums.content:Post", "communicate_forums.content:Topic"),
    ),
)

NOTIFICATIONS = (
    Notification(
        kind=MENTIONED,
        title=_("Somebody mentions you in a forum"),
        sentence=_("${who} mentions you in a forum."),
        several=_("${n} mentions of you in a forum."),
        icon="at",
    ),
    Notification(
        kind=REPLIED,
        title=_("A reply in a topic that you follow"),
        sentence=_("${who} has replied in a topic that you follow."),
        several=_("${n} replies in a topic that you follow."),
        icon="chat-left-text",
    ),
    Notification(
        kind=OPENED,
        title=_("A new topic in a forum that you follow"),
        sentence=_("${who} has opened a topic in a forum that you follow."),
        several=_("${n} new topics in a forum that you follow."),
        icon="chat-square-text",
    ),
    Notification(
        kind=HIDDEN,
        title=_("A moderator hides a post or a topic of yours"),
        sentence=_("A moderator has hidden something that you wrote in a forum."),
        several=_("Moderators have hidden ${n} things that you wrote in a forum."),
        icon="eye-slash",
        mail="now",
    ),
)


def erase(member: Any, receipt: Any) -> bool:
    """Erase one batch of what the member wrote, then how far the member has read.

    Return True where there is more: a post keeps its place in the topic, without words or author.
    """
    request, uid = member.request, member.uid
    erased = _erase_posts(request, uid) or _erase_titles(request, uid)
    erased = erased or _erase_follows(request, uid)
    for kind, count in erased.items():
        receipt.erased(kind, count)
    if erased:
        return True
    forums = forums_in(request)
    if forums is not None and forums.readers.pop(uid, None) is not None:
        receipt.erased(READING)
    if forums is not None and forums.archive is not None and forums.archive.forget(uid):
        receipt.erased(AUTHOR)
    return False


def _erase_posts(request: Any, uid: int) -> dict[str, int]:
    removals, listed = request.find_service(IRemovals), request.find_service(IAuthored)
    numbers = authored(request, uid, POST_KIND, BATCH)
    for number in numbers:
        post = find_post(request, number)
        if post is not None and post.owner == uid:
            removals.destroy(post)
        listed.remove(uid, POST_KIND, number)
    return {POST_KIND: len(numbers)} if numbers else {}


def _erase_titles(request: Any, uid: int) -> dict[str, int]:
    removals, listed = request.find_service(IRemovals), request.find_service(IAuthored)
    numbers = authored(request, uid, TOPIC_KIND, BATCH)
    for number in numbers:
        topic = find_topic(request, number)
        if topic is not None:
            removals.forget_member(topic, uid)
        listed.remove(uid, TOPIC_KIND, number)
    return {TOPIC_KIND: len(numbers)} if numbers else {}


def _erase_follows(request: Any, uid: int) -> dict[str, int]:
    if forums_in(request) is None:
        return {}
    count = request.find_service(IFollowing).forget(uid, BATCH)
    return {FOLLOWING: count} if count else {}


def authored(request: Any, uid: int, kind: str, most: int | None = None) -> list[int]:
    """Return the ids of what member *uid* authored of that *kind*, the oldest first."""
    found: list[int] = list(request.find_service(IAuthored).items(uid, kind, most=most))
    return found


def find_topic(request: Any, number: int) -> Topic | None:
    """Return the topic with that id, or None."""
    forums = forums_in(request)
    return None if forums is None else forums.topic(number)


def find_post(request: Any, number: int) -> Post | None:
    """Return the post with that id, or None."""
    forums = forums_in(request)
    return None if forums is None else forums.post(number)


def hide(request: Any, thing: Post | Topic, reason: str) -> None:
    """Hide a topic or a post from all but moderators; its author reads the *reason*."""
    request.find_service(IRemovals).set_hidden(thing, True, reason, request.viewer.uid)


def restore(request: Any, thing: Post | Topic) -> None:
    """Show a hidden topic or post again to its readers."""
    request.find_service(IRemovals).set_hidden(thing, False)


def delete_post(request: Any, post: Post) -> None:
    """Destroy the words of *post*."""
    request.find_service(IRemovals).destroy(post)


def delete_topic(request: Any, topic: Topic) -> None:
    """Hide *topic*, and destroy its title and its first post: others wrote the rest."""
    removals = request.find_service(IRemovals)
    removals.set_hidden(topic, True)
    removals.forget_title(topic)
    first = topic.posts.get(topic.id)
    if first is not None:
        removals.destroy(first)


def forget_post(request: Any, post: Post, uid: int) -> None:
    """Destroy the words of *post* for its author, member *uid*, if it still is the author."""
    if post.owner == uid:
        request.find_service(IRemovals).destroy(post)


def forget_topic(request: Any, topic: Topic, uid: int) -> None:
    """Destroy the title that member *uid* gave to *topic*; what others wrote in it stays."""
    request.find_service(IRemovals).forget_member(topic, uid)
    request.find_service(IAuthored).remove(uid, TOPIC_KIND, topic.id)


def title_of(request: Any, topic: Topic) -> str:
    """Return the title of *topic*, empty where it is gone."""
    return request.find_service(IForums).title(topic) or ""


def words_of(request: Any, post: Post) -> str:
    """Return the Markdown of *post*, empty where it is gone."""
    return request.find_service(IForums).body(post) or ""


MODERABLES = (
    Moderable(
        TOPIC_KIND,
        _("Title of a topic"),
        find_topic,
        title_of,
        hide,
        delete_topic,
        restore=restore,
        forget=forget_topic,
    ),
    Moderable(
        POST_KIND,
        _("Post"),
        find_post,
        words_of,
        hide,
        delete_post,
        restore=restore,
        forget=forget_post,
    ),
)
PATHS = (
    Path("forums/topic page", "read", lambda request, thing: bool(permits(request, thing, VIEW))),
)

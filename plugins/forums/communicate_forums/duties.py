"""What the forums hold of a member, and what erasing, exporting and moderating mean here."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Job, Moderable, Path, PersonalData
from communicate.ids import encode, time_of
from communicate.interfaces import IAuthored
from communicate.permissions import VIEW
from communicate.security import permits

from communicate_forums.content import Forums, Post, Topic
from communicate_forums.indexing import POST_KIND, TOPIC_KIND, forums_in
from communicate_forums.interfaces import IForums, IRemovals

_ = TranslationStringFactory("communicate_forums")

BATCH = 200  # posts in one transaction

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
        kind="forums.reading",
        what=_("The last post that you were shown in each topic"),
        why=_("Your pages mark what is new to you."),
        audience="private",
        retention=_("Until you erase your account."),
        stored=("communicate_forums.content:Reader",),
    ),
)


def find_topic(request: Any, number: int) -> Topic | None:
    """Return the topic with that id, or None."""
    forums = forums_in(request)
    return None if forums is None else forums.topic(number)


def find_post(request: Any, number: int) -> Post | None:
    """Return the post with that id, or None."""
    forums = forums_in(request)
    return None if forums is None else forums.post(number)


def hide(request: Any, thing: Post | Topic, reason: str) -> None:
    """Hide a topic or a post from all but moderators."""
    request.find_service(IRemovals).set_hidden(thing, True)


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


MODERABLES = (
    Moderable(TOPIC_KIND, find_topic, hide, delete_topic),
    Moderable(POST_KIND, find_post, hide, delete_post),
)
PATHS = (
    Path("forums/topic page", "read", lambda request, thing: bool(permits(request, thing, VIEW))),
)
JOBS: tuple[Job, ...] = ()

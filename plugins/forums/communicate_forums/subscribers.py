"""What may not be known to exist answers as what does not exist."""

from typing import Any

from pyramid.events import ContextFound, subscriber
from pyramid.httpexceptions import HTTPNotFound

from communicate.permissions import MODERATE, OPERATE, VIEW
from communicate.security import permits
from communicate_forums.content import Forum, Post, Topic, id_in
from communicate_forums.permissions import REASON

# For its author: what is hidden can be deleted, and says why; what is deleted can be taken back.
STILL_THERE = ("delete", "undo", "reason")


@subscriber(ContextFound)
def keep_secrets(event: Any) -> None:
    """Answer 404 where the viewer may not know of the forum, the topic or the post.

    A forum for members says so to strangers, who may then sign in; one for chosen people tells
    nobody else that it exists.  What was deleted or hidden is not there.
    """
    request = event.request
    if is_secret(request, request.context) or came_through_a_secret(request, request.context):
        raise HTTPNotFound


def came_through_a_secret(request: Any, context: Any) -> bool:
    """Tell whether the address names a forum or a topic that the viewer may not know of.

    An address from before a move leads on, and must not tell that its forum exists.
    """
    if not isinstance(context, Topic | Post):
        return False
    topic = context if isinstance(context, Topic) else context.__parent__
    forums = topic.__parent__.__parent__
    elements = request.traversed[1:3]
    forum = forums.get(elements[0])
    passed = forums.topics.get(id_in(elements[1]))
    other_forum = forum is not topic.__parent__ and is_secret(request, forum)
    return other_forum or (passed is not topic and is_secret(request, passed))


def is_secret(request: Any, context: Any) -> bool:
    """Tell whether the viewer of *request* may not know that *context* exists.

    A topic with an audience of its own is known to that, whoever reads the forum.
    """
    if isinstance(context, Forum):
        return _is_narrow(request, context)
    if isinstance(context, Topic):
        gone = bool(context.deleted) or context.hidden
        if gone and request.view_name in STILL_THERE and _any(request, context, REASON):
            return False
        return _is_narrow(request, _judge(context)) or (gone and not _any(request, context, VIEW))
    if isinstance(context, Post):
        return _post_is_secret(request, context)
    return False


def _judge(topic: Topic) -> Forum | Topic:
    """Return what says who may know of *topic*: itself, or the forum whose audience it has."""
    forum: Forum = topic.__parent__
    return forum if topic.audience is None else topic


def _is_narrow(request: Any, context: Forum | Topic) -> bool:
    common = context.effective_audience().is_common
    return not common and not _any(request, context, VIEW, OPERATE)


def _post_is_secret(request: Any, post: Post) -> bool:
    if post.body is None or _is_narrow(request, _judge(post.__parent__)):
        return True
    topic = post.__parent__
    if not (post.deleted or post.hidden or topic.hidden or topic.deleted):
        return False
    own = post.owner is not None and post.owner == request.viewer.uid
    if own and request.view_name in STILL_THERE:
        return False
    return not _any(request, post, VIEW, MODERATE)


def _any(request: Any, context: Any, *permissions: str) -> bool:
    return any(permits(request, context, permission) for permission in permissions)

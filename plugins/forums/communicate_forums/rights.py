"""Who may do what with a topic or a post: the entries of their ACLs."""

from typing import Any

from pyramid.authorization import Allow

from communicate.content import Ace
from communicate.permissions import DELETE, EDIT, MODERATE, VIEW
from communicate.principals import MODERATORS, member
from communicate_forums.permissions import ANSWER, REASON, REPLY, UNDO


def of_topic(topic: Any, allowed: list[Ace]) -> list[Ace]:
    """Return who may do what with *topic*, given what any content would *allow*.

    The forum's readers read, members reply unless it is locked, moderators act.
    """
    if topic.deleted:
        return []
    common = topic.effective_audience().is_common
    if topic.hidden:
        return _of_hidden_topic(topic, allowed)
    if topic.locked:
        allowed = [ace for ace in allowed if REPLY not in ace[2] and EDIT not in ace[2]]
        if common:
            allowed.append((Allow, MODERATORS, (REPLY,)))
    if topic.owner is not None:
        allowed.append((Allow, member(topic.owner), (ANSWER,)))
    if common:
        allowed.append((Allow, MODERATORS, (ANSWER,)))
    return allowed


def _of_hidden_topic(topic: Any, allowed: list[Ace]) -> list[Ace]:
    kept = [ace for ace in allowed if ace[1] == MODERATORS]
    if kept:
        kept.append((Allow, MODERATORS, (VIEW,)))
    if topic.owner is not None:
        kept.append((Allow, member(topic.owner), (REASON,)))
    return kept


def of_post(post: Any) -> list[Ace]:
    """Return who may do what with *post*.

    Who may read the topic reads; its author changes and deletes it; moderators hide it.
    """
    topic, owner = post.__parent__, post.owner
    if post.body is None:
        return []
    if post.deleted:
        return [] if owner is None else [(Allow, member(owner), (DELETE, UNDO))]
    if post.hidden or topic.hidden or topic.deleted:
        return _of_hidden_post(post)
    reading = topic.effective_audience()
    allowed: list[Ace] = [(Allow, name, (VIEW,)) for name in reading.principals(owner)]
    if owner is not None:
        own = (DELETE, UNDO) if topic.locked else (EDIT, DELETE, UNDO)
        allowed.append((Allow, member(owner), own))
    if reading.is_common:
        allowed.append((Allow, MODERATORS, (MODERATE,)))
    return allowed


def _of_hidden_post(post: Any) -> list[Ace]:
    allowed: list[Ace] = []
    if post.owner is not None:
        own = (DELETE, REASON) if post.hidden else (DELETE,)
        allowed.append((Allow, member(post.owner), own))
    if post.__parent__.effective_audience().is_common:
        allowed.append((Allow, MODERATORS, (VIEW, MODERATE)))
    return allowed

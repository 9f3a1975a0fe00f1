"""Who may do what with a thread or a comment: the entries of their ACLs.

They are made of the ACL of the thing commented, each time anew: who may read it, and nobody else,
reads what was said about it.  Where that ACL cannot be derived, neither can these be.
"""

from typing import Any

from pyramid.authorization import ALL_PERMISSIONS, Allow, Deny
from pyramid.i18n import TranslationStringFactory

from communicate.content import Ace
from communicate.permissions import DELETE, EDIT, MODERATE, OPEN, VIEW
from communicate.principals import MEMBERS, MODERATORS, PUBLIC, blocked, member
from communicate_spaces.permissions import APPROVE, COMMENT, REASON, UNDO, WRITE

_ = TranslationStringFactory("communicate_spaces")

SPACE = _("The comments on your space")


def of_all() -> list[Ace]:
    """Return who may ask for comments, and send some, at all."""
    return [(Allow, PUBLIC, (OPEN,)), (Allow, MEMBERS, (WRITE,))]


def readers(thread: Any) -> list[Ace]:
    """Return what the thing's own ACL says of reading it, entry by entry, for reading comments."""
    return [
        (action, principal, (VIEW,))
        for action, principal, permissions in thread.thing.__acl__
        if VIEW in permissions and permissions is not ALL_PERMISSIONS
    ]


def of_thread(thread: Any, allowed: list[Ace]) -> list[Ace]:
    """Return who may do what with *thread*, given what any content would *allow*."""
    common = thread.effective_audience().is_common
    own = [ace for ace in allowed if COMMENT in ace[2]]
    own.append((Allow, member(thread.owner), (COMMENT, EDIT)))
    if common:
        own.append((Allow, MODERATORS, (MODERATE,)))
    return [*(ace for ace in readers(thread) if ace[0] == Allow), *own]


def kept_away(thread: Any) -> list[Ace]:
    """Return who may neither read *thread* nor comment: whom the thing or its owner keeps away."""
    denied = [ace for ace in readers(thread) if ace[0] == Deny]
    return [*denied, (Deny, blocked(thread.owner), (VIEW, COMMENT))]


def is_kept_out(comment: Any) -> bool:
    """Tell whether the author of *comment* and the owner of the thing have blocked each other.

    Neither is read by the other there, and nobody talks there behind the owner's back.
    """
    owner = comment.thread.__parent__.__parent__  # the member, below whom the wall is
    members = owner.__parent__
    one, other = owner.uid, comment.owner
    return bool(members.is_blocked(one, other) or members.is_blocked(other, one))


def of_comment(comment: Any) -> list[Ace]:
    """Return who may do what with *comment*."""
    if comment.body is None:
        return []
    if comment.deleted:
        return _of_deleted(comment)
    if comment.hidden:
        return _of_hidden(comment)
    thread = comment.thread
    seen = [ace for ace in readers(thread) if ace[0] == Allow]
    allowed: list[Ace] = [(Allow, member(comment.owner), (VIEW, EDIT, DELETE, UNDO))]
    allowed.append((Allow, member(thread.owner), (VIEW, DELETE, UNDO)))
    if comment.waits:
        return [*allowed, (Allow, member(thread.owner), (APPROVE,))]
    if is_kept_out(comment):
        return allowed
    if thread.effective_audience().is_common:
        allowed.append((Allow, MODERATORS, (MODERATE,)))
    return [*allowed, *seen]


def _of_deleted(comment: Any) -> list[Ace]:
    if comment.deleted_by is None:
        return []
    return [(Allow, member(comment.deleted_by), (DELETE, UNDO))]


def _of_hidden(comment: Any) -> list[Ace]:
    allowed: list[Ace] = [(Allow, member(comment.owner), (DELETE, REASON))]
    allowed.append((Allow, member(comment.thread.owner), (DELETE,)))
    if comment.effective_audience().is_common:
        allowed.append((Allow, MODERATORS, (VIEW, MODERATE)))
    return allowed


def kept_from_comment(comment: Any, blocks: list[Ace]) -> list[Ace]:
    """Return who may not read *comment*: whom its author blocked, and whom the thing keeps away.

    Its author may, wherever it is: those are words of one's own.
    """
    if comment.owner is None:
        return []
    own = (Allow, member(comment.owner), (VIEW,))
    readable = not (comment.deleted or comment.hidden)
    denied = [ace for ace in readers(comment.thread) if ace[0] == Deny]
    return [*((own,) if readable else ()), *blocks, *denied]

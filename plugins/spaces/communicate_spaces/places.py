"""Where comments are: the wall of a member, the thread on a thing, and their addresses."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from communicate.ids import encode
from communicate.interfaces import IMembers
from communicate.profile.content import Element
from communicate.reports.kinds import kinds_of
from communicate.web.slices import query, start_for
from communicate_spaces.content import NAME, Comment, Comments, Thread, Wall

SIZE = 50  # comments of a page, replies apart
REPLIES = 5  # to one comment that a page shows: the others have a page of their own
LEAD = 9  # older ones that a page shows before the one that was asked for


def all_in(request: Any) -> Comments | None:
    """Return what finds comments by id, or None where the site has none yet."""
    found: Comments | None = request.site.get(NAME)
    return found


def find_comment(request: Any, number: int) -> Comment | None:
    """Return the comment with that id, or None."""
    known = all_in(request)
    return None if known is None else known.all.get(number)


def find_thing(request: Any, number: int) -> Any:
    """Return the thing with that id, of any kind that can be reported and takes comments.

    None where there is none: a message, a post or a comment is answered where it stands.
    """
    for kind in kinds_of(request.registry).values():
        found = kind.find(request, number)
        if found is not None and getattr(found, "id", None) == number:
            return found if getattr(found, "takes_comments", False) else None
    return None


def wall_of(request: Any, uid: int | None) -> Wall | None:
    """Return the wall of member *uid*, one that is kept nowhere if need be; None without one."""
    member = None if uid is None else request.find_service(IMembers).by_uid(uid)
    if member is None:
        return None
    found: Wall | None = member.get(NAME)
    if found is None:
        found = Wall(member.uid)
        found.__parent__, found.__name__ = member, NAME
    return found


def kept(wall: Wall) -> Wall:
    """Return *wall*, hung under its member where it was not."""
    member = wall.__parent__
    if NAME not in member:
        member[NAME] = wall
    return wall


def thread_of(request: Any, thing: Any) -> Thread | None:
    """Return the thread on *thing*, one that is kept nowhere if need be; None without owner."""
    wall = wall_of(request, getattr(thing, "owner", None))
    if wall is None:
        return None
    return wall.thread(thing.id) or Thread(wall, thing)


def threads_of(wall: Wall) -> Iterator[Thread]:
    """Yield the threads on all that the owner of *wall* has."""
    for thread in wall.values():
        if isinstance(thread, Thread):
            yield thread


def has_page(thing: Any) -> bool:
    """Tell whether *thing* shows its comments on a page of its own."""
    return not isinstance(thing, Element)


def path_of(request: Any, thread: Thread) -> str:
    """Return the address of the page that shows the comments of *thread*."""
    thing = thread.thing
    return str(request.page.url(thing)) if has_page(thing) else f"/{NAME}/on/{encode(thing.id)}"


def base_of(request: Any, thread: Thread) -> str:
    """Return the address below which the comments of *thread* are."""
    return str(request.page.url(thread))


def place_of(request: Any, comment: Comment, **more: int | None) -> str:
    """Return the address of the page that shows *comment*, and of the comment on it."""
    thread, top = comment.thread, comment.__parent__ if comment.is_reply else comment
    start = start_for(thread.comments, top.id, LEAD) if top.id in thread.comments else None
    if comment.is_reply and is_further(comment):
        path = f"{base_of(request, thread)}/{top.__name__}/replies"
        start = start_for(top.replies, comment.id, LEAD)
    else:
        path = path_of(request, thread)
    return f"{path}{query(after=start, **more)}#{encode(comment.id)}"


def is_further(reply: Comment) -> bool:
    """Tell whether *reply* is not among the first ones that a page of comments shows."""
    first = islice(reply.__parent__.replies or (), REPLIES)
    return all(number != reply.id for number in first)

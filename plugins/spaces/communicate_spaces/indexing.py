"""What the catalog is told of comments: what is shown, as the thing commented is governed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from communicate.catalog import Entry, entry_for, governor, principals_for
from communicate.interfaces import ICatalog, ISeals
from communicate_spaces.content import Comment, Gone
from communicate_spaces.places import all_in

KIND = "spaces.comment"


def entry_of(request: Any, comment: Comment) -> Entry | None:
    """Return the entry of *comment*, or None where it is not to be found.

    Its rights are those of whatever governs the thing: they change with them.  All comments on one
    thing, replies too, have one container.
    """
    if not comment.is_plain:
        return None
    words = None if comment.body is None else request.find_service(ISeals).text(comment.body)
    if words is None:
        return None
    try:
        ruler = governor(comment.thread.thing)
        entry = entry_for(comment, KIND, words=words)
    except (Gone, AttributeError):  # the thing is gone, or its plugin is off
        return None
    entry = replace(entry, container=comment.thread.id)
    return replace(entry, acl=ruler.id, principals=principals_for(ruler))


def walk(request: Any) -> Iterator[Comment]:
    """Yield every comment of the site."""
    known = all_in(request)
    if known is not None:
        yield from known.all.values()


def settle(request: Any, comment: Comment) -> None:
    """Put the entry of *comment* into the catalog, or take it out, as its state says."""
    catalog, entry = request.find_service(ICatalog), entry_of(request, comment)
    if entry is None:
        catalog.remove(comment.id)
    else:
        catalog.put(entry)

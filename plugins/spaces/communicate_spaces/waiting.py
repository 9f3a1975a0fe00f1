"""Comments that wait for the owner of what they are about, and those that wait no more."""

from communicate_spaces.content import Comment, Thread, Wall


def put_aside(comment: Comment) -> None:
    """Have *comment* wait; where it was shown, its place stays."""
    thread = comment.thread
    wall: Wall = thread.__parent__
    if comment.id in comment.shelf and comment.is_plain:
        thread.count.change(-1)
    comment.waits = True
    thread.waiting[comment.id] = wall.waiting[comment.id] = comment
    wall.pending.change(1)


def take_in(comment: Comment) -> None:
    """Put *comment* in its place, and count it: it waits no more, or has never waited."""
    stop_waiting(comment)
    comment.shelf[comment.id] = comment
    if comment.is_plain:
        comment.thread.count.change(1)


def stop_waiting(comment: Comment) -> None:
    """Take *comment* off the lists of what waits; do nothing where it is on none."""
    thread: Thread = comment.thread
    wall: Wall = thread.__parent__
    comment.waits = False
    thread.waiting.pop(comment.id, None)
    if wall is not None and wall.waiting.pop(comment.id, None) is not None:
        wall.pending.change(-1)

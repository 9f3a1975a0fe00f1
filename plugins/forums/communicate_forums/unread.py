"""What is new to a member: by topic, by forum, and what is counted as read."""

from itertools import islice

from BTrees.LLBTree import LLBTree
from pyramid.request import Request

from communicate.ids import RANDOM_BITS
from communicate.web.slices import backwards
from communicate_forums.content import STEP, Forum, Forums, Post, Reader, Topic

LOOK_NEW = 9  # topics with news that are counted, more are "more than 9"
LOOK_BACK_NEW = 20  # topics looked at for that
MANY = 99  # unread posts of a topic that are counted


def is_new(topic: Topic, reader: Reader | None, uid: int | None) -> bool:
    """Tell whether *topic* ends with a post that its *reader* has not seen."""
    if reader is None or not topic.posts:
        return False
    number: int = topic.posts.maxKey()
    if number <= reader.last(topic):
        return False
    last: Post = topic.posts[number]
    return last.owner != uid and not last.imported


def count_unread(topic: Topic, reader: Reader) -> int:
    """Return how many posts of *topic* its *reader* has not seen, at most MANY."""
    unread = topic.posts.keys(reader.last(topic), excludemin=True)
    return sum(1 for _number in islice(unread, MANY))


def remember(request: Request, topic: Topic, shown: list[tuple[int, Post]]) -> int:
    """Keep that the viewer was shown the posts *shown*; return the last id read before.

    Nothing is written where nothing is new.
    """
    uid = request.viewer.uid
    if uid is None or not shown:
        return 0
    forums: Forums = topic.__parent__.__parent__
    reader, last = forums.reader(uid), shown[-1][0]
    before = reader.last(topic)
    if last > before:
        reader.see(topic, last)
    if reader.news and topic.id in reader.news and reader.news[topic.id] <= last:
        del reader.news[topic.id]
    return before


def all_read(thing: Forum | Forums, uid: int, number: int) -> None:
    """Count for member *uid* everything in a forum, or in all, as read up to id *number*."""
    if isinstance(thing, Forums):
        reader = thing.reader(uid)
        reader.since = number
        reader.seen.clear()
        reader.floors = reader.news = None
        return
    reader = thing.__parent__.reader(uid)
    if reader.floors is None:
        reader.floors = LLBTree()
    reader.floors[thing.id] = number


def count_new(forum: Forum, reader: Reader | None, uid: int | None) -> int:
    """Return how many topics of *forum* have news for its *reader*, LOOK_NEW + 1 for more.

    It ends at the first topic in which nothing can be new: topics are in the order of activity.
    """
    if reader is None:
        return 0
    floor = reader.floor(forum) - (STEP << RANDOM_BITS)
    found = 0
    for _place, (key, number) in zip(range(LOOK_BACK_NEW), backwards(forum.active), strict=False):
        topic = forum.__parent__.topic(number)
        if key < floor or found > LOOK_NEW:
            break
        found += topic is not None and is_new(topic, reader, uid)
    return found

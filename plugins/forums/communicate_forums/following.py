"""Following topics and forums: who does what; `telling` tells them."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from BTrees.LLBTree import LLTreeSet
from pyramid.request import Request
from zope.interface import implementer

from communicate_forums.content import Forum, Forums, Reader, Topic
from communicate_forums.interfaces import IFollowing

Thing = Topic | Forum


@implementer(IFollowing)
class Following:
    """Who follows what, on the site of one request."""

    def __init__(self, request: Request) -> None:
        self.request = request

    @property
    def forums(self) -> Forums:
        """The forums of the site."""
        found: Forums = self.request.site["forums"]
        return found

    def follow(self, thing: Thing, uid: int) -> None:
        """Let member *uid* be told of what is new in *thing*."""
        if thing.followers is None:
            thing.followers = LLTreeSet()
        thing.followers.add(uid)
        reader = self.forums.reader(uid)
        if reader.follows is None:
            reader.follows = LLTreeSet()
        reader.follows.add(thing.id)

    def unfollow(self, thing: Thing, uid: int) -> None:
        """Do not tell member *uid* of *thing* any more."""
        reader: Reader | None = self.forums.readers.get(uid)
        if thing.followers and uid in thing.followers:
            thing.followers.remove(uid)
        if reader is None or reader.follows is None:
            return
        for part in self._parts(thing):  # known so far by what it was split off only
            if follows(part, uid):
                reader.follows.add(part.id)
        for number in self._numbers(thing, reader):
            reader.follows.remove(number)
        if reader.news and thing.id in reader.news:
            del reader.news[thing.id]

    def followed(self, uid: int) -> Iterator[Thing]:
        """Yield what member *uid* follows, each once, the newest first."""
        reader: Reader | None = self.forums.readers.get(uid)
        seen: set[int] = set()
        for number in reversed(list(reader.follows or ()) if reader else []):
            thing = self.thing(number)
            for found in () if thing is None else (thing, *self._parts(thing)):
                if found.id not in seen and follows(found, uid):
                    seen.add(found.id)
                    yield found

    def forget(self, uid: int, most: int) -> int:
        """Let member *uid* follow *most* things less; return how many that was."""
        reader: Reader | None = self.forums.readers.get(uid)
        numbers = list(islice(reader.follows or (), most)) if reader else []
        for number in numbers:
            thing = self.thing(number)
            for found in () if thing is None else (thing, *self._parts(thing)):
                if found.followers and uid in found.followers:
                    found.followers.remove(uid)
            if reader is not None and reader.follows is not None:
                reader.follows.remove(number)
        return len(numbers)

    def thing(self, number: int) -> Thing | None:
        """Return the topic or the forum with that id, or None."""
        topic = self.forums.topic(number)
        if topic is not None:
            return topic
        return next((forum for forum in self.forums.values() if forum.id == number), None)

    def _parts(self, thing: Thing) -> Iterator[Topic]:
        """Yield the topics that were split off *thing*, and off those, each once."""
        seen, waiting = {thing.id}, list(getattr(thing, "parted", ()))
        while waiting:
            part = self.forums.topic(waiting.pop())
            if part is not None and part.id not in seen:
                seen.add(part.id)
                waiting.extend(part.parted)
                yield part

    def _numbers(self, thing: Thing, reader: Reader) -> list[int]:
        """Return the ids by which *reader* knows *thing*: topics merged into it have theirs."""
        known = {thing.id, *(number for number, *_rest in getattr(thing, "merged", ()))}
        return [number for number in known if reader.follows and number in reader.follows]


def follows(thing: Thing, uid: int | None) -> bool:
    """Tell whether member *uid* is told of what is new in *thing*."""
    return bool(thing.followers) and uid in (thing.followers or ())


def following_service(_context: Any, request: Request) -> Following:
    """Return the service for one request."""
    return Following(request)

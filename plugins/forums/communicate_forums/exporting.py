"""What forums write into a member's archive: own words, what is followed, how far one has read.

A post stands in a place of others, so that it is for reading only.
"""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.ids import encode, time_of
from communicate.interfaces import IAuthored
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_forums.content import Forum, Forums, Post, Topic
from communicate_forums.indexing import POST_KIND, TOPIC_KIND, forums_in
from communicate_forums.interfaces import IFollowing, IForums

_ = TranslationStringFactory("communicate_forums")

Row = dict[str, Any]
POST = {
    "title": _("Topic"),
    "written": _("Written"),
    "edited": _("Edited"),
    "hidden": _("Hidden by a moderator"),
    "text": _("Text"),
}
TOPIC = {"title": _("Title"), "opened": _("Opened"), "hidden": _("Hidden by a moderator")}
BATCH = 500
MOST = 20_000  # things that an archive has followed again


def export(member: Any, archive: Any) -> None:
    """Write what the forums keep of *member* into *archive*."""
    forums = forums_in(member.request)
    if forums is None:
        return
    writer = Writer(member, forums)
    archive.records("topic", writer.topics(), owned=False, title=_("Topics"), fields=TOPIC)
    archive.records("post", writer.posts(), owned=False, title=_("Posts"), fields=POST)
    archive.records(
        "followed", writer.followed(), title=_("What you follow"), fields={"path": _("Address")}
    )
    archive.records(
        "read", writer.read(), restored=False, title=_("How far you have read"), fields={}
    )
    archive.records(
        "feed", writer.feed(), restored=False, title=_("Private feed"),
        fields={"address": _("Has an address")},
    )  # fmt: skip


class Writer:
    """The records of one member."""

    def __init__(self, member: Any, forums: Forums) -> None:
        self.uid, self.request, self.forums = member.uid, member.request, forums
        self.words = member.request.find_service(IForums)

    def _authored(self, kind: str) -> Iterator[int]:
        listed, last = self.request.find_service(IAuthored), 0
        while numbers := listed.items(self.uid, kind, after=last, most=BATCH):
            yield from numbers
            last = numbers[-1]

    def topics(self) -> Iterator[Row]:
        """Yield the topics whose title is the member's."""
        for number in self._authored(TOPIC_KIND):
            topic = self.forums.topic(number)
            if topic is not None and self._is_own_title(topic) and not topic.deleted:
                yield {
                    "id": encode(number),
                    "path": address(topic),
                    "title": self.words.title(topic),
                    "opened": time_of(topic.id),
                    "hidden": self._hidden(topic),
                }

    def posts(self) -> Iterator[Row]:
        """Yield the posts that the member wrote, the oldest first."""
        for number in self._authored(POST_KIND):
            post = self.forums.post(number)
            if post is None or post.owner != self.uid or post.deleted:
                continue
            text = self.words.body(post)
            if text is not None:
                yield self._post(post, text)

    def _post(self, post: Post, text: str) -> Row:
        topic: Topic = post.__parent__
        return {
            "id": encode(post.id),
            "path": f"{address(topic)}/{post.__name__}",
            "title": self._title(topic),
            "written": time_of(post.id),
            "edited": moment(post.edited) if post.edited else None,
            "hidden": self._hidden(post),
            "text": text,
        }

    def _title(self, topic: Topic) -> str | None:
        """Return the title of *topic* where it is the member's, or the member may read it now."""
        if self._is_own_title(topic) or permits(self.request, topic, VIEW):
            found: str | None = self.words.title(topic)
            return found
        return None

    def _is_own_title(self, topic: Topic) -> bool:
        return topic.title is not None and topic.title.uid == self.uid

    def _hidden(self, thing: Post | Topic) -> str | bool:
        """Return why a moderator hid *thing*, which is the member's; True without a reason."""
        return (self.words.reason(thing) or True) if thing.hidden else False

    def followed(self) -> Iterator[Row]:
        """Yield what the member follows and may read, by address."""
        things = self.request.find_service(IFollowing).followed(self.uid)
        paths = [address(thing) for thing in things if permits(self.request, thing, VIEW)]
        yield from ({"path": path} for path in sorted(paths))

    def read(self) -> Iterator[Row]:
        """Yield the last post that the member was shown, by topic that is still there to read."""
        reader = self.forums.readers.get(self.uid)
        for number, last in reader.seen.items() if reader is not None else ():
            topic = self.forums.topic(number) if number > 0 else None
            if topic is not None and permits(self.request, topic, VIEW):
                yield {"path": address(topic), "last": encode(last)}

    def feed(self) -> Iterator[Row]:
        """Yield whether the member has a private feed; its key is not known here either."""
        reader = self.forums.readers.get(self.uid)
        if reader is not None and reader.feed is not None:
            yield {"address": True}


def address(thing: Topic | Forum) -> str:
    """Return the address of *thing* without the words of its title."""
    if isinstance(thing, Topic):
        return f"/forums/{thing.__parent__.__name__}/{thing.__name__}"
    return f"/forums/{thing.__name__}"


def bring_back(member: Any, archive: Any) -> None:
    """Follow again what *member* may read of what was followed, on the site that wrote *archive*.

    Posts stay where they are: nobody can say in a forum that somebody wrote something once.
    """
    forums = forums_in(member.request)
    if forums is None or not archive.here:
        return
    following = member.request.find_service(IFollowing)
    found = [
        thing_at(forums, archive.text(row.get("path"), 300))
        for row in archive.records("followed", most=MOST)
    ]
    for thing in found:
        if thing is not None and permits(member.request, thing, VIEW):
            following.follow(thing, member.uid)


def thing_at(forums: Forums, path: str) -> Topic | Forum | None:
    """Return the topic or the forum at *path*, as `address` writes it, or None."""
    parts = path.split("/")
    forum = forums.get(parts[2]) if parts[:2] == ["", "forums"] and len(parts) in (3, 4) else None
    if not isinstance(forum, Forum) or len(parts) == 3:
        return forum
    try:
        return forum[parts[3]]
    except KeyError:
        return None

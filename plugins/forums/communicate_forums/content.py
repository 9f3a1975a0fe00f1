"""Forums, their topics and posts, as they lie in the tree; path and names are an on-disk contract.

What members write (titles, posts) is sealed under its author's key; what operators write (a
forum's title) is plain.  Each thing that changes on its own is an object of its own, and what
every post touches is made so that posts at the same moment merge: trees keyed by time-ordered
ids, `Length` counters, an index of activity that a topic moves in once a minute at most.
"""

import secrets
from collections.abc import Iterator
from typing import ClassVar

from BTrees.Length import Length
from BTrees.LLBTree import LLBTree, LLTreeSet
from BTrees.LOBTree import LOBTree
from persistent import Persistent
from pyramid.authorization import Allow, Everyone

from communicate import audience as audiences
from communicate.audience import Audience, narrower
from communicate.content import Ace, Content, Folder
from communicate.ids import LENGTH, RANDOM_BITS, decode, encode, first_id
from communicate.permissions import OPERATE
from communicate.principals import OPERATORS
from communicate.sealing.content import Sealed
from communicate.writing.content import Holder
from communicate_forums import rights
from communicate_forums.permissions import FEED, OPEN_TOPIC, REPLY

GENERAL = "general"
STEP = 60_000  # milliseconds between two moves of a topic in its forum's order
_TIME_BITS = 63 - RANDOM_BITS
_RANDOM = (1 << RANDOM_BITS) - 1


def scattered(number: int) -> int:
    """Return id *number* with its random bits first, so that new keys land all over a tree."""
    return ((number & _RANDOM) << _TIME_BITS) | (number >> RANDOM_BITS)


def id_in(segment: str) -> int:
    """Return the id at the start of the path element *segment*; raise KeyError without one."""
    if len(segment) > LENGTH and segment[LENGTH] != "-":
        raise KeyError(segment)
    try:
        return decode(segment[:LENGTH])
    except ValueError:
        raise KeyError(segment) from None


class Reader(Persistent):
    """What the forums know of one member: how far one has read, and what one follows.

    ``seen`` maps a topic's id to the id of the last post shown; ``-id`` says that what was read
    of a topic was counted into the one that it was merged into.
    """

    floors: LLBTree | None = None  # forum id -> id up to which all of it counts as read
    follows: LLTreeSet | None = None  # ids of topics and forums
    news: LLBTree | None = None  # id of a followed topic -> id of a post that came since
    feed: bytes | None = None  # SHA-256 of the secret in the address of the private feed

    def __init__(self) -> None:
        self.since = first_id()  # what comes in this millisecond is new
        self.seen = LLBTree()

    def floor(self, forum: "Forum") -> int:
        """Return the id up to which every post in *forum* counts as read."""
        floor: int = self.floors.get(forum.id, 0) if self.floors else 0
        return max(self.since, floor)

    def last(self, topic: "Topic") -> int:
        """Return the id of the last post of *topic* that counts as read."""
        floor = self.floor(topic.__parent__)
        seen: int = self.seen.get(topic.id, 0)
        if topic.origin and not seen:
            seen = self.seen.get(topic.origin, 0)
        for number, its_last, own_last in topic.merged:
            if -number not in self.seen:
                halves = [(max(floor, seen), own_last)]
                halves.append((max(floor, self.seen.get(number, 0)), its_last))
                unfinished = [read for read, last in halves if read < last]
                seen = min(unfinished) if unfinished else max(read for read, _last in halves)
        return max(floor, seen)

    def see(self, topic: "Topic", number: int) -> None:
        """Count *topic* as read up to post *number*, and what was split off it as it was."""
        before = self.last(topic)
        for part in topic.parted:
            if part not in self.seen:
                self.seen[part] = before
        for merged, *_rest in topic.merged:
            self.seen[-merged] = 1
        self.seen[topic.id] = max(before, number)


class Archive(Persistent):
    """What was imported of mailing lists: who wrote it, and which messages were.

    An author is a number with a key in the key ring, as a member is, but without an account; an
    address and a Message-ID are 63 bits of an HMAC under the site's key.  An author who was
    erased is 0: what comes of that address is left out.
    """

    def __init__(self) -> None:
        self.names = LOBTree()  # uid -> Sealed: the display name
        self.authors = LLBTree()  # HMAC of an address -> uid, or 0
        self.messages = LOBTree()  # forum id -> LLBTree of HMAC of a Message-ID -> post id

    def known(self, forum: "Forum") -> LLBTree:
        """Return the messages that were imported into *forum*."""
        found = self.messages.get(forum.id)
        if found is None:
            found = self.messages[forum.id] = LLBTree()
        return found

    def forget(self, uid: int) -> bool:
        """Forget the name of *uid*, let nothing more in from there; tell whether it was here."""
        if uid not in self.names:
            return False
        for address in [address for address, author in self.authors.items() if author == uid]:
            self.authors[address] = 0
        del self.names[uid]
        return True


class Forums(Folder):
    """The forums by name, and all topics by id."""

    default_audience: ClassVar[Audience] = audiences.PUBLIC
    archive: Archive | None = None  # made by the first import
    aliases: LLBTree | None = None  # id of a topic -> id of the one that it was merged into

    def __init__(self) -> None:
        super().__init__(audience=audiences.PUBLIC)
        self.topics = LOBTree()  # topic id -> Topic
        self.places = LLBTree()  # scattered post id -> topic id
        self.readers = LOBTree()  # uid -> Reader

    def allowances(self) -> list[Ace]:
        """Let operators make and change forums; a private feed asks for its key itself."""
        own: list[Ace] = [(Allow, OPERATORS, (OPERATE,)), (Allow, Everyone, (FEED,))]
        return [*super().allowances(), *own]

    def topic(self, number: int) -> "Topic | None":
        """Return the topic with that id, or the one that it was merged into, or None."""
        found: Topic | None = self.topics.get(number)
        while found is None and self.aliases and number in self.aliases:
            number = self.aliases[number]
            found = self.topics.get(number)
        return found

    def reader(self, uid: int) -> Reader:
        """Return what is known of member *uid*, made where there is nothing yet."""
        found: Reader | None = self.readers.get(uid)
        if found is None:
            found = self.readers[uid] = Reader()
        return found

    def post(self, number: int) -> "Post | None":
        """Return the post with that id, or None."""
        topic = self.topic(self.places.get(scattered(number), 0))
        return None if topic is None else topic.posts.get(number)


class Forum(Content):
    """One forum: who reads it (its audience), who opens topics and who replies (its grants)."""

    default_audience: ClassVar[Audience] = audiences.PUBLIC
    inherited_grants: ClassVar[tuple[str, ...]] = ()
    title = ""  # empty for the one that comes with the site: shown in the reader's language
    description = ""
    category = ""
    weight = 100
    followers: LLTreeSet | None = None  # uids

    def __init__(self, title: str = "", audience: Audience = audiences.PUBLIC) -> None:
        super().__init__(audience=audience)
        self.title = title
        self.grants = {OPEN_TOPIC: audiences.MEMBERS, REPLY: audiences.MEMBERS}
        self.active = LLBTree()  # id made at the last move -> topic id
        self.pinned = LLTreeSet()  # topic ids
        self.concealed = LLTreeSet()  # ids of topics that moderators hid
        self.count = Length()

    def __getitem__(self, segment: str) -> "Topic":
        """Return a topic that is here, or was here: what it shows leads to where it is now."""
        found: Topic | None = self.__parent__.topic(id_in(segment))
        if found is None or not (found.__parent__ is self or self.id in found.former):
            raise KeyError(segment)
        return found

    @property
    def is_bare(self) -> bool:
        """Whether there is no topic here, hidden ones among them."""
        return not self.active and not self.concealed

    def granted(self, permission: str) -> Audience | None:
        """Return who holds *permission*: members at most, and only those who may read here."""
        found = super().granted(permission)
        if found is None:
            return None
        return narrower(narrower(found, audiences.MEMBERS), self.effective_audience())

    def allowances(self) -> list[Ace]:
        """Let operators change the forum, besides what its audiences say."""
        return [*super().allowances(), (Allow, OPERATORS, (OPERATE,))]

    def add(self, topic: "Topic") -> None:
        """Put a new *topic* on top."""
        topic.__parent__ = self
        topic.__name__ = encode(topic.id)
        self.__parent__.topics[topic.id] = topic
        self.enlist(topic)

    def enlist(self, topic: "Topic") -> None:
        """Show *topic* in the order of activity, and count it; do nothing where it is there."""
        if topic.moved not in self.active:
            self.active[topic.moved] = topic.id
            self.count.change(1)

    def withdraw(self, topic: "Topic") -> None:
        """Take *topic* out of the order of activity and out of the count, where it is there."""
        if topic.moved in self.active:
            del self.active[topic.moved]
            self.count.change(-1)

    def move(self, topic: "Topic", number: int) -> None:
        """Bring *topic* to the top at the moment of id *number*, once in STEP at most."""
        if (number - topic.moved) >> RANDOM_BITS < STEP or topic.moved not in self.active:
            return
        del self.active[topic.moved]
        topic.moved = number
        self.active[number] = topic.id


class Topic(Content):
    """One topic: a sealed title, and posts by id."""

    inherited_grants: ClassVar[tuple[str, ...]] = (REPLY,)
    chooses_audience: ClassVar[bool] = False  # the forum does
    locked = False
    hidden = False  # by a moderator
    deleted = 0  # milliseconds since 1970 at which its only author took it back, else 0
    reason: Sealed | None = None  # why a moderator hid it
    answer = 0  # id of the post that answers it
    followers: LLTreeSet | None = None  # uids
    telling: "Telling | None" = None  # of its replies, once it has any
    former: tuple[int, ...] = ()  # ids of forums that it was in
    parted: tuple[int, ...] = ()  # ids of topics that were split off it
    origin = 0  # id of the topic that it was split off
    # Of each topic merged into it: its id, its last post then, and the last post here then.
    merged: tuple[tuple[int, int, int], ...] = ()

    def __init__(self, number: int, owner: int | None, title: Sealed) -> None:
        super().__init__(owner)
        self.id, self.created = number, number >> RANDOM_BITS
        self.title: Sealed | None = title
        self.posts = LOBTree()
        self.count = Length()  # posts that show their words
        self.moved = self.id

    def __getitem__(self, segment: str) -> "Post":
        """Return a post that is here, or perhaps was before a part was split off."""
        if len(segment) != LENGTH:
            raise KeyError(segment)
        number = id_in(segment)
        found: Post | None = self.posts.get(number)
        if found is None and self.parted:
            found = self.__parent__.__parent__.post(number)
        if found is None:
            raise KeyError(segment)
        return found

    @property
    def is_pinned(self) -> bool:
        """Whether the forum shows it before all others."""
        return self.id in self.__parent__.pinned

    def set_pinned(self, pinned: bool) -> None:
        """Show the topic before all others of its forum, or in its place."""
        if pinned != self.is_pinned:
            listed = self.__parent__.pinned
            listed.add(self.id) if pinned else listed.remove(self.id)

    def allowances(self) -> list[Ace]:
        """Let the forum's readers read, members reply unless it is locked, moderators act."""
        return rights.of_topic(self, super().allowances())

    def follow(self, number: int) -> int:
        """Return id *number*, or one a little later where the last post has it or a later one.

        That is so within one millisecond, or when the clock was put back.  Those who post at the
        same moment draw different ids: none waits for another.
        """
        last: int = self.posts.maxKey() if self.posts else 0
        return number if number > last else last + 1 + secrets.randbits(RANDOM_BITS)

    def add(self, post: "Post") -> None:
        """Put *post* at the end, and the topic on top of its forum."""
        self.insert(post)
        self.__parent__.move(self, post.id)

    def insert(self, post: "Post") -> None:
        """Put *post* where its id says, and leave the topic where it is in its forum."""
        post.__parent__ = self
        post.__name__ = encode(post.id)
        self.posts[post.id] = post
        self.count.change(1)
        self.__parent__.__parent__.places[scattered(post.id)] = self.id

    def newest(self, before: int | None = None) -> Iterator["Post"]:
        """Yield the posts from the last one, or from the one before id *before*, backwards."""
        number = before
        while True:
            try:
                number = self.posts.maxKey() if number is None else self.posts.maxKey(number - 1)
            except ValueError:
                return
            yield self.posts[number]


class Telling(Persistent):
    """How far followers of a topic were told of its replies: only jobs change it."""

    running = 0  # milliseconds since 1970 of the last batch of the job that is at it, else 0
    told = 0  # id of the last post of which they were told
    asked: Length | None = None  # how many jobs found another one at it, and left it to that


class Post(Holder, Content):
    """One post: its Markdown and the clean HTML made of it, both sealed; None once destroyed.

    Its author may delete it twice and take that back twice: a double click does it once, and is
    led to the same place.
    """

    chooses_audience: ClassVar[bool] = False  # the forum does
    edited = 0  # milliseconds since 1970 of the last change of its words
    hidden = False  # by a moderator
    deleted = 0  # milliseconds since 1970 at which its author deleted it
    made_by = ""  # version of the renderer that made the HTML
    imported = False  # its author is one of the archive's, and it is news to nobody
    reason: Sealed | None = None  # why a moderator hid it

    def __init__(self, number: int, owner: int) -> None:
        super().__init__(owner)
        self.id, self.created = number, number >> RANDOM_BITS
        self.body: Sealed | None = None
        self.html: Sealed | None = None

    @property
    def is_plain(self) -> bool:
        """Whether its topic alone says who may do what with it, of all that one author wrote."""
        return not (self.hidden or self.deleted or self.body is None)

    def write(self, body: Sealed, html: Sealed, made_by: str) -> None:
        """Hold these words in place of what was held before."""
        self.body, self.html, self.made_by = body, html, made_by

    def empty(self) -> None:
        """Hold neither words nor the name of their author any more; the place stays."""
        self.body = self.html = self.owner = self.reason = None
        self.edited = 0

    def allowances(self) -> list[Ace]:
        """Let read who may read the topic; its author change and delete it; moderators hide it."""
        return rights.of_post(self)


def new_forums() -> Forums:
    """Return the container of a new site, with one forum in it."""
    forums = Forums()
    forums[GENERAL] = Forum()
    return forums

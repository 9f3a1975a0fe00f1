"""Put messages into a forum, some hundreds in one transaction.

Whose words they are: each author of the archive is a number of its own with a key in the key
ring, so that erasing one (`communicate forum forget-author`) takes the same road as erasing an
account, backups included.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from secrets import randbits
from typing import Any

from communicate.catalog import entry_for
from communicate.ids import RANDOM_BITS, new_uid
from communicate.interfaces import IAuthored, ICatalog, IKeyRing, IMarkdown, ISeals
from communicate.sealing.services import Seals
from communicate.storage.work import work
from communicate_forums.content import Archive, Forum, Forums, Post, Topic
from communicate_forums.importing.letters import Letter
from communicate_forums.indexing import POST_KIND, TOPIC_KIND
from communicate_forums.services import BODY, HTML, TITLE, TOPIC, forums_of, renderer_of

LABEL = "forums.import"
NAME = "forums.author"


@dataclass(slots=True)
class Item:
    """A message to be put in its *thread*; *known* is one imported before that it belongs to."""

    thread: int
    known: int | None
    key: int
    moment: int  # milliseconds since 1970
    author: int
    letter: Letter


@dataclass(slots=True)
class Written:
    """What one transaction did: topics by thread, and how many messages it left out, and why."""

    topics: dict[int, int]
    written: int = 0
    again: int = 0
    erased: int = 0


def keyed(registry: Any) -> Callable[[bytes], int]:
    """Return what makes of a Message-ID or an address a number that cannot be turned back."""
    seals = Seals(registry.getUtility(IKeyRing))
    return lambda data: int.from_bytes(seals.hmac(LABEL, data)[:8], "big") >> 1


def author_key(key: Callable[[bytes], int], letter: Letter) -> int:
    """Return the number of the author of *letter*: of the address, else of the name."""
    return key(b"author\0" + (letter.address or f"\0{letter.name}").encode())


def known_messages(request: Any, forum: str) -> set[int]:
    """Return the numbers of the messages that were imported into *forum*."""
    forums = forums_of(request)
    return set() if forums.archive is None else set(forums.archive.known(forums[forum]))


def author_of(request: Any, number: int) -> int:
    """Return the uid of the author with that *number*, 0 where there is none."""
    archive = forums_of(request).archive
    return 0 if archive is None else archive.authors.get(number, 0)


class Writer:
    """Writes batches, and remembers between them which topic a thread is and who is known."""

    def __init__(self, registry: Any, forum: str) -> None:
        self.registry = registry
        self.forum = forum
        self.topics: dict[int, int] = {}
        self._authors: set[int] = set()

    def write(self, items: list[Item]) -> Written:
        """Put *items* into the tree and the catalog, all or none; tried again after a conflict."""
        fresh = self._new_authors(items)
        done = work(self.registry, partial(_write, self.forum, items, fresh, self.topics))
        self.topics.update(done.topics)
        self._authors.update(item.author for item in items)
        return done

    def _new_authors(self, items: Iterable[Item]) -> dict[int, int]:
        """Return a new uid for each author who may not be known yet, its key made.

        A key that turns out not to be needed is harmless.
        """
        asked = {item.author for item in items} - self._authors
        if not asked:
            return {}
        known = work(self.registry, lambda request: {a for a in asked if _has(request, a)})
        fresh = {author: new_uid() for author in sorted(asked - known)}
        if fresh:
            self.registry.getUtility(IKeyRing).create_all(fresh.values())
        return fresh


def _has(request: Any, author: int) -> bool:
    archive = forums_of(request).archive
    return archive is not None and author in archive.authors


def _write(
    forum: str, items: list[Item], fresh: dict[int, int], topics: dict[int, int], request: Any
) -> Written:
    batch = Batch(request, forum, fresh, topics)
    for item in items:
        batch.add(item)
    return batch.end()


class Batch:
    """What one transaction writes."""

    def __init__(
        self, request: Any, forum: str, fresh: dict[int, int], topics: dict[int, int]
    ) -> None:
        self.forums: Forums = forums_of(request)
        self.forum: Forum = self.forums[forum]
        if self.forums.archive is None:
            self.forums.archive = Archive()
        self.archive: Archive = self.forums.archive
        self.known = self.archive.known(self.forum)
        self.fresh = fresh
        self.topics = dict(topics)
        self.seal = request.find_service(ISeals).seal
        self.catalog = request.find_service(ICatalog)
        self.authored = request.find_service(IAuthored)
        self.renderer = renderer_of(request.find_service(IMarkdown))
        self.latest: dict[int, tuple[Topic, int]] = {}
        self.done = Written({})

    def add(self, item: Item) -> None:
        """Put one message where it belongs, unless it is here or its author wants it gone."""
        if item.key in self.known:
            self.done.again += 1
            return
        uid = self._author(item)
        if not uid:
            self.done.erased += 1
            return
        topic = self._topic(item)
        number = self._number(item, topic)
        title = "" if topic is not None else item.letter.title
        if topic is None:
            topic = Topic(number, uid, self.seal(uid, TITLE, title))
            self.forum.add(topic)
            self.authored.add(uid, TOPIC, number)
        self._post(topic, number, uid, item.letter, title)
        self.known[item.key] = number
        self.topics[item.thread] = self.done.topics[item.thread] = topic.id
        self.done.written += 1

    def end(self) -> Written:
        """Give each topic its place in the forum, by its last post; return what was done."""
        for topic, last in self.latest.values():
            topic.__parent__.move(topic, last)
        return self.done

    def _post(self, topic: Topic, number: int, uid: int, letter: Letter, title: str) -> None:
        post = Post(number, uid)
        post.imported = True
        body, html = self.seal(uid, BODY, letter.body), self.seal(uid, HTML, letter.html)
        post.write(body, html, self.renderer)
        topic.insert(post)
        self.authored.add(uid, BODY, number)
        self.latest[topic.id] = (topic, max(number, self.latest.get(topic.id, (None, 0))[1]))
        if number == topic.id:
            words = f"{title}\n{letter.words}"
            self.catalog.put(entry_for(topic, TOPIC_KIND, title=title, words=words))
        else:
            self.catalog.put(entry_for(post, POST_KIND, words=letter.words))

    def _author(self, item: Item) -> int:
        """Return the uid of the author, 0 for one who was erased."""
        uid: int | None = self.archive.authors.get(item.author)
        if uid is None:
            uid = self.archive.authors[item.author] = self.fresh[item.author]
            self.archive.names[uid] = self.seal(uid, NAME, item.letter.name)
        return uid

    def _topic(self, item: Item) -> Topic | None:
        """Return the topic of the thread, or that of a message known before, or None."""
        topic = self.forums.topic(self.topics.get(item.thread, 0))
        if topic is None and item.known is not None:
            post = self.forums.post(self.known.get(item.known, 0))
            topic = None if post is None else post.__parent__
        return topic

    def _number(self, item: Item, topic: Topic | None) -> int:
        """Return an id that tells the moment of the message, behind that of the topic."""
        moment = item.moment
        if topic is not None:
            moment = max(moment, (topic.id >> RANDOM_BITS) + 1)
        while True:
            number = (moment << RANDOM_BITS) | randbits(RANDOM_BITS)
            taken = self.forums.topics if topic is None else topic.posts
            if number not in taken and self.forums.post(number) is None:
                return number

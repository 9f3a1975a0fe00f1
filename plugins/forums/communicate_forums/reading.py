"""What pages show: posts and topics that the viewer may read, opened and ready for a template."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate.clock import milliseconds
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web import marks
from communicate.web.slices import backwards
from communicate.writing.interfaces import IAttachments
from communicate_forums.content import Forum, Forums, Post, Reader, Topic
from communicate_forums.interfaces import IForums
from communicate_forums.quotes import Quotes, name_of
from communicate_forums.slugs import topic_path
from communicate_forums.unread import count_unread, is_new

_ = TranslationStringFactory("communicate_forums")

NEVER = 2**63  # later than any change of a post
LOOK_BACK = 10  # deleted posts skipped in search of a last one to show


@dataclass(slots=True)
class Row:
    """One topic in a list."""

    title: str | None
    path: str
    author: Any
    count: int
    last_author: Any = ""
    last_avatar: Any = ""
    last_time: Any = ""
    pinned: bool = False
    locked: bool = False
    hidden: bool = False
    answered: bool = False
    new: bool = False
    unread: int = 0  # posts, counted up to MANY where a page shows it


class Last(NamedTuple):
    """Who wrote a post, and when."""

    number: str
    author: Any
    avatar: Any
    time: Any


class Reading:
    """What the viewer of one request sees of the forums; each author is looked up once."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.page = request.page
        self.words = request.find_service(IForums)
        self.uid: int | None = request.viewer.uid
        self._people: dict[int | None, tuple[Markup, Markup]] = {}

    @cached_property
    def attachments(self) -> Any:
        """The service that shows what is attached to posts."""
        return self.request.find_service(IAttachments)

    @cached_property
    def quotes(self) -> Quotes:
        """The quotes on this page."""
        return Quotes(self.request, self.words)

    def name_of(self, post: Post) -> str:
        """Return the login of who wrote *post*, or what stands for it."""
        return name_of(self.page, self.words, post)

    def person(self, uid: int | None) -> tuple[Markup, Markup]:
        """Return the name, a link, and the avatar of member *uid*."""
        found = self._people.get(uid)
        if found is None:
            person = self.page.person(uid)
            name = None if person else self.words.author(uid)
            # A name of the archive is no login: it shows nobody's picture.
            login = person.login if person else None
            avatar = self.page.avatar(login, "m") if login else marks.avatar(name or "", "m")
            found = self._people[uid] = (self._named(uid, name), avatar)
        return found

    def _named(self, uid: int | None, imported: str | None) -> Markup:
        """Return who member *uid* is, or the name of somebody who is none."""
        if imported is None:
            author: Markup = self.page.author(uid)
            return author
        name = imported or self.page.say(_("somebody"))
        return Markup('<span class="name">{}</span>').format(name)

    def preview(self, body: str) -> Markup:
        """Return the HTML of *body* as the viewer, who writes it, would read it."""
        return self.quotes.fill(self.words.preview(body), NEVER)

    # Topics

    def row(self, topic: Topic, reader: Reader | None) -> Row | None:
        """Return *topic* as a row, or None where the viewer may not read it."""
        if not permits(self.request, topic, VIEW):
            return None
        title = self.words.title(topic)
        author = self.person(topic.owner)[0]
        row = Row(title, topic_path(topic, title), author, topic.count())
        row.pinned, row.locked, row.hidden = topic.is_pinned, topic.locked, topic.hidden
        row.answered = self.answer(topic) is not None
        row.new = is_new(topic, reader, self.uid)
        last = self.last(topic)
        if last is not None:
            row.last_author, row.last_avatar = self.person(last.owner)
            row.last_time = self.page.time(last.created)
        return row

    def answer(self, topic: Topic) -> Post | None:
        """Return the post that answers *topic*, as far as it shows its words."""
        post: Post | None = topic.posts.get(topic.answer) if topic.answer else None
        shown = post is not None and not post.hidden and permits(self.request, post, VIEW)
        return post if shown else None

    def last(self, topic: Topic) -> Post | None:
        """Return the newest post of *topic* that the viewer may read, looking back a little."""
        newest: Iterator[tuple[int, Post]] = islice(backwards(topic.posts), LOOK_BACK)
        readable = (post for _number, post in newest if permits(self.request, post, VIEW))
        return next(readable, None)

    def last_line(self, topic: Topic, post: Post | None = None) -> Last | None:
        """Return who wrote *post*, or the newest of *topic*, and when, without its words."""
        post = post or self.last(topic)
        if post is None:
            return None
        author, avatar = self.person(post.owner)
        time = self.page.time(post.created)
        return Last(post.__name__ or "", author, avatar, time)

    def rows(self, topics: list[Topic]) -> list[Row]:
        """Return those *topics* that the viewer may read as rows."""
        if not topics:
            return []
        reader = self.reader(topics[0].__parent__.__parent__)
        found = [self.row(topic, reader) for topic in topics]
        return [row for row in found if row is not None]

    def news(self, reader: Reader, most: int) -> list[Row]:
        """Return at most *most* topics that the *reader* follows and that have something new."""
        rows: list[Row] = []
        forums: Forums = self.request.site["forums"]
        newest = sorted((reader.news or {}).items(), key=lambda pair: pair[1], reverse=True)
        for number, _post in newest:
            topic = forums.topic(number)
            if topic is None or not is_new(topic, reader, self.uid):
                continue
            row = self.row(topic, reader)
            if row is not None:
                row.unread = count_unread(topic, reader)
                rows.append(row)
            if len(rows) == most:
                break
        return rows

    def reader(self, forums: Forums) -> Reader | None:
        """Return how far the viewer has read, None for a stranger or a first visit."""
        found: Reader | None = None if self.uid is None else forums.readers.get(self.uid)
        return found

    def title_of(self, forum: Forum) -> str:
        """Return the title of *forum* in the reader's language."""
        return forum.title or self.page.say(_("General"))

    def newest(self, forum: Forum, most: int) -> Iterator[Topic]:
        """Yield at most *most* topics of *forum*, the one with the latest posts first."""
        for _key, number in islice(backwards(forum.active), most):
            topic = forum.__parent__.topic(number)
            if topic is not None:
                yield topic


def undoable(request: Request, post: Post | None, seconds: int) -> bool:
    """Tell whether the viewer deleted *post* less than *seconds* ago."""
    if post is None or not post.deleted or post.owner != request.viewer.uid:
        return False
    return bool(milliseconds(request.page.now) - post.deleted < seconds * 1000 and post.body)

"""What pages show: posts and topics that the viewer may read, opened and ready for a template."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate.clock import milliseconds
from communicate.permissions import EDIT, MODERATE, VIEW
from communicate.security import permits
from communicate.web.skeletons import Skeleton
from communicate_forums.content import Forum, Forums, Post, Reader, Topic
from communicate_forums.interfaces import IForums
from communicate_forums.paging import backwards
from communicate_forums.slugs import topic_path

_ = TranslationStringFactory("communicate_forums")

POST = "communicate_forums:templates/post.pt"
LOOK_BACK = 10  # deleted posts skipped in search of a last one to show
LOOK_NEW = 10  # topics looked at for a mark of what is new


@dataclass(slots=True)
class Line:
    """One post as a template shows it; *html* is None where there are no words to show."""

    number: str
    html: Markup | None = None
    author: Any = ""
    avatar: Any = ""
    time: Any = ""
    path: str = ""
    gone: str = ""  # "deleted" or "hidden" where the words are not for everybody
    edited: bool = False
    mine: bool = False
    may_edit: bool = False
    acts: bool = False  # whether the viewer can do anything with it
    first_new: bool = False


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
    new: bool = False


class Reading:
    """What the viewer of one request sees of the forums; each author is looked up once."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.page = request.page
        self.words = request.find_service(IForums)
        self.uid: int | None = request.viewer.uid
        self.post = Skeleton(request, POST)
        self._people: dict[int | None, tuple[Any, Any]] = {}

    # Posts

    def posts(self, topic: Topic, posts: list[tuple[int, Post]], read: int) -> Markup:
        """Return the HTML of the *posts* of *topic*, the first one after id *read* marked."""
        moderates = bool(permits(self.request, topic, MODERATE))
        csrf = self.page.csrf()
        lines = self.lines(topic, posts, read, moderates=moderates)
        shown = [self.shown(line, moderates=moderates, csrf=csrf) for line in lines]
        return Markup("").join(shown)

    def shown(self, line: Line, *, moderates: bool, csrf: Markup) -> Markup:
        """Return the HTML of one post."""
        kind = {
            "gone": line.gone,
            "mine": line.mine,
            "may_edit": line.may_edit,
            "acts": line.acts,
            "edited": line.edited,
            "first_new": line.first_new,
            "moderates": moderates,
            "shown": line.html is not None,
        }
        return self.post.fill(
            kind,
            number=line.number,
            path=line.path,
            author=line.author,
            avatar=line.avatar,
            time=line.time,
            html=line.html or "",
            csrf=csrf,
        )

    def lines(
        self, topic: Topic, posts: list[tuple[int, Post]], read: int, *, moderates: bool
    ) -> list[Line]:
        """Return the *posts* of *topic* as lines; the first one after id *read* is new."""
        start = f"/forums/{topic.__parent__.__name__}/{topic.__name__}/"
        found = [self.line(post, start, moderates=moderates) for _number, post in posts]
        for line, (number, post) in zip(found, posts, strict=True):
            own = post.owner == self.uid or number == topic.id
            if read and number > read and not own and not post.imported:
                line.first_new = True
                break
        return found

    def line(self, post: Post, start: str, *, moderates: bool) -> Line:
        """Return *post* as a line whose actions lie below the address *start*."""
        line = Line(post.__name__ or "", path=start + (post.__name__ or ""))
        line.time = self.page.time(post.created)
        if post.hidden and not post.deleted:
            line.gone = "hidden"
        line.html = self._html(post)
        if line.html is None:
            line.gone = line.gone or "deleted"
        if line.gone == "deleted":
            return line
        line.author, line.avatar = self.person(post.owner)
        if post.imported:
            mark = Markup(' <span class="tag">{}</span>')
            line.author += mark.format(self.page.say(_("imported")))
        line.mine = post.owner is not None and post.owner == self.uid
        line.may_edit = line.mine and bool(permits(self.request, post, EDIT))
        line.acts = line.mine or moderates
        line.edited = bool(post.edited)
        return line

    def _html(self, post: Post) -> Markup | None:
        if not permits(self.request, post, VIEW):
            return None
        html = self.words.html(post)
        return None if html is None else Markup(html)  # noqa: S704  # cleaned before it was sealed

    def person(self, uid: int | None) -> tuple[Any, Any]:
        """Return the name, a link, and the avatar of member *uid*."""
        found = self._people.get(uid)
        if found is None:
            person = self.page.person(uid)
            name = None if person else self.words.author(uid)
            avatar = self.page.avatar(person.login if person else name, "m")
            found = self._people[uid] = (self._named(uid, name), avatar)
        return found

    def _named(self, uid: int | None, imported: str | None) -> Markup:
        """Return who member *uid* is, or the name of somebody who is none."""
        if imported is None:
            author: Markup = self.page.author(uid)
            return author
        name = imported or self.page.say(_("somebody"))
        return Markup('<span class="name">{}</span>').format(name)

    # Topics

    def row(self, topic: Topic, reader: Reader | None) -> Row | None:
        """Return *topic* as a row, or None where the viewer may not read it."""
        if not permits(self.request, topic, VIEW):
            return None
        title = self.words.title(topic)
        author = self.person(topic.owner)[0]
        row = Row(title, topic_path(topic, title), author, topic.count())
        row.pinned, row.locked, row.hidden = topic.is_pinned, topic.locked, topic.hidden
        row.new = is_new(topic, reader, self.uid)
        last = self.last(topic)
        if last is not None:
            row.last_author, row.last_avatar = self.person(last.owner)
            row.last_time = self.page.time(last.created)
        return row

    def last(self, topic: Topic) -> Post | None:
        """Return the newest post of *topic* that the viewer may read, looking back a little."""
        newest: Iterator[tuple[int, Post]] = islice(backwards(topic.posts), LOOK_BACK)
        readable = (post for _number, post in newest if permits(self.request, post, VIEW))
        return next(readable, None)

    def last_line(self, topic: Topic) -> Line | None:
        """Return who wrote the newest post of *topic*, and when, without its words."""
        post = self.last(topic)
        if post is None:
            return None
        author, avatar = self.person(post.owner)
        time = self.page.time(post.created)
        return Line(post.__name__ or "", author=author, avatar=avatar, time=time)

    def rows(self, topics: list[Topic]) -> list[Row]:
        """Return those *topics* that the viewer may read as rows."""
        if not topics:
            return []
        reader = self.reader(topics[0].__parent__.__parent__)
        found = [self.row(topic, reader) for topic in topics]
        return [row for row in found if row is not None]

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


def is_new(topic: Topic, reader: Reader | None, uid: int | None) -> bool:
    """Tell whether *topic* ends with a post that its *reader* has not seen."""
    if reader is None or not topic.posts:
        return False
    number: int = topic.posts.maxKey()
    if number <= reader.last(topic):
        return False
    last: Post = topic.posts[number]
    return last.owner != uid and not last.imported


def remember(request: Request, topic: Topic, shown: list[tuple[int, Post]]) -> int:
    """Keep that the viewer was shown the posts *shown*; return the last id read before.

    Nothing is written where nothing is new.
    """
    uid = request.viewer.uid
    if uid is None or not shown:
        return 0
    forums: Forums = topic.__parent__.__parent__
    reader = forums.readers.get(uid)
    if reader is None:
        reader = forums.readers[uid] = Reader()
    before: int = reader.last(topic)
    if shown[-1][0] > before:
        reader.seen[topic.id] = shown[-1][0]
    return before


def undoable(request: Request, post: Post | None, seconds: int) -> bool:
    """Tell whether the viewer deleted *post* less than *seconds* ago."""
    if post is None or not post.deleted or post.owner != request.viewer.uid:
        return False
    return bool(milliseconds(request.page.now) - post.deleted < seconds * 1000 and post.body)

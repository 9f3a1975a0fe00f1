"""The posts of a topic's page: what each shows, and what its viewer can do with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape
from pyramid.i18n import TranslationStringFactory

from communicate.permissions import EDIT, VIEW
from communicate.security import permits
from communicate.web.said import Said, Saying
from communicate.web.skeletons import Pieces, as_is, joined
from communicate.writing.references import SIGN
from communicate_forums.content import Post, Topic
from communicate_forums.reading import Reading

_ = TranslationStringFactory("communicate_forums")

POST = "communicate_forums:templates/post.pt"
NONE = Markup("")


@dataclass(frozen=True, slots=True)
class Acts:
    """What the viewer may do on one page of a topic.

    *base* is the address of the topic; *may* holds "quote", "report", "moderate", "answer" as far
    as allowed; *quoting* is the query of this page up to the id of a post to be quoted.
    """

    base: str
    may: set[str]
    quoting: str


@dataclass(slots=True)
class Line(Said):
    """One post as a template shows it, without what is put into its places."""

    may_edit: bool = False
    answer: bool = False  # whether it answers the topic
    opening: bool = False  # whether it is the first one, or what the topic was made of
    first_new: bool = False


Alike = tuple[bool, ...]


class Lines:
    """The posts of one page of *topic*; what is the same for all is asked once."""

    def __init__(self, reading: Reading, topic: Topic, acts: Acts) -> None:
        self.reading, self.topic, self.acts = reading, topic, acts
        self.request = reading.request
        fixed = {"csrf": reading.page.csrf(), "quoting": escape(acts.quoting)}
        self.saying = Saying(reading.request, POST, fixed)
        self._openings = (topic.id, topic.posts.minKey())
        self._may: dict[tuple[int | None, str], bool] = {}
        self._shapes: dict[Alike | None, Pieces] = {}

    def posts(self, posts: list[tuple[int, Post]], read: int) -> Markup:
        """Return the HTML of *posts*; the first one after id *read* is marked as new."""
        things = [post for _number, post in posts]
        htmls, new = self.htmls(things), self.first_new(posts, read)
        found = [self._one(post, htmls.get(post.id), first_new=post.id == new) for post in things]
        return as_is("".join(found))

    def first_new(self, posts: list[tuple[int, Post]], read: int) -> int:
        """Return the id of the first of *posts* after id *read* that is news, 0 for none."""
        uid, first = self.reading.uid, self.topic.id
        if not read or posts[-1][0] <= read:
            return 0
        new = (
            number
            for number, post in posts
            if number > read and number != first and post.owner != uid and not post.imported
        )
        return next(new, 0)

    # Reading

    def may(self, post: Post, permission: str) -> bool:
        """Tell whether the viewer holds *permission* on *post*: what `permits` says.

        It is asked once of plain posts of one author in one topic, whose ACLs are the same.
        """
        if not post.is_plain or self.request.viewer.glass is not None:
            return bool(permits(self.request, post, permission))
        key = (post.owner, permission)
        found = self._may.get(key)
        if found is None:
            found = self._may[key] = bool(permits(self.request, post, permission))
        return found

    def htmls(self, posts: list[Post]) -> dict[int, str | None]:
        """Return the words of those of *posts* that the viewer may read, by id."""
        readable = [post for post in posts if self.may(post, VIEW)]
        words = self.reading.words.htmls(readable)
        return {post.id: html for post, html in zip(readable, words, strict=True)}

    # Showing

    def _one(self, post: Post, html: str | None, *, first_new: bool) -> str:
        """Return the HTML of *post*, with the words *html*."""
        alike = self._alike(post, html, first_new)
        shape = self._shapes.get(alike)
        parts = self._parts(post, html)
        if shape is None:
            line = self.line(post, html)
            line.first_new = first_new
            parts["reason"] = escape(line.reason or "")
            shape = self._shape(line, parts)
            if alike is not None:
                self._shapes[alike] = shape
        return joined(shape, parts)

    def _parts(self, post: Post, html: str | None) -> dict[str, Markup]:
        """Return what is put into the template for *post*, as far as it shows its words."""
        name, reading = post.__name__ or "", self.reading
        path = f"{self.acts.base}/{name}"
        author, avatar = (NONE, NONE) if html is None else reading.person(post.owner)
        return {
            "number": as_is(name),  # an id; it is there many times
            "path": as_is(path),  # names and ids
            "author": self._imported(author) if post.imported else author,
            "avatar": avatar,
            "time": reading.page.time(post.created),
            "html": NONE if html is None else self._filled(post, html, path),
            "reason": NONE,
        }

    def _imported(self, author: Markup) -> Markup:
        """Return *author* with a mark that says: of the archive."""
        mark = Markup(' <span class="tag">{}</span>')
        return author + mark.format(self.reading.page.say(_("imported")))

    def _filled(self, post: Post, html: str, path: str) -> Markup:
        """Return *html*, what *post* says, with what it quotes and its files."""
        filled = self.reading.quotes.fill(html, post.edited or post.created)
        if post.attachments or SIGN in html:
            filled = self.reading.attachments.fill(filled, post, path)
        return filled

    def _alike(self, post: Post, html: str | None, first_new: bool) -> Alike | None:
        """Return what posts have in common that look alike to the viewer; None: it has no like.

        All that `line` and `_shape` ask of a plain post, whose words are shown, is in it.
        """
        if html is None or not post.is_plain or self.request.viewer.glass is not None:
            return None
        return (self._is_mine(post), bool(post.edited), first_new, *self._place(post))

    def _is_mine(self, post: Post) -> bool:
        return post.owner is not None and post.owner == self.reading.uid

    def _place(self, post: Post) -> tuple[bool, bool]:
        """Return whether *post* is an opening one, and whether it answers the topic."""
        return post.id in self._openings, post.id == self.topic.answer

    def line(self, post: Post, html: str | None) -> Line:
        """Return how *post* stands, of whose words the viewer sees *html*."""
        line = Line(post.__name__ or "", None if html is None else NONE)
        line.opening, line.answer = self._place(post)
        if post.hidden and not post.deleted:
            line.gone = "hidden"
        elif html is None:
            line.gone = "deleted"
            return line
        line.mine = self._is_mine(post)
        if line.gone:
            line.reason = self._reason(line, post)
            return line
        line.may_edit = line.mine and self.may(post, EDIT)
        line.edited = bool(post.edited)
        return line

    def _shape(self, line: Line, parts: Iterable[str]) -> Pieces:
        """Return the template as it is for *line*."""
        may = self.acts.may
        return self.saying.shape(
            line,
            parts,
            may_edit=line.may_edit,
            answer=line.answer,
            opening=line.opening,
            first_new=line.first_new,
            quotes="quote" in may,
            reports="report" in may and not line.mine,
            moderates="moderate" in may,
            answers="answer" in may and not line.opening,
        )

    def _reason(self, line: Line, post: Post) -> str | None:
        """Return why *post* is hidden, for its author and for moderators."""
        tells = line.mine or "moderate" in self.acts.may
        reason: str | None = self.reading.words.reason(post) if tells else None
        return reason

"""The posts of a topic's page: what each shows, and what its viewer can do with it."""

from dataclasses import dataclass

from markupsafe import Markup, escape
from pyramid.i18n import TranslationStringFactory

from communicate.permissions import EDIT, VIEW
from communicate.security import permits
from communicate.web.said import Said, Saying
from communicate.writing.references import SIGN
from communicate_forums.content import Post, Topic
from communicate_forums.reading import Reading

_ = TranslationStringFactory("communicate_forums")

POST = "communicate_forums:templates/post.pt"


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
    """One post as a template shows it."""

    may_edit: bool = False
    answer: bool = False  # whether it answers the topic
    opening: bool = False  # whether it is the first one, or what the topic was made of
    first_new: bool = False


class Lines:
    """The posts of one page; what is asked once a page is in *acts*."""

    def __init__(self, reading: Reading, acts: Acts) -> None:
        self.reading = reading
        self.request = reading.request
        self.acts = acts
        self.post = Saying(reading.request, POST)
        self.parts = {"csrf": reading.page.csrf(), "quoting": escape(acts.quoting)}

    def posts(self, topic: Topic, posts: list[tuple[int, Post]], read: int) -> Markup:
        """Return the HTML of the *posts* of *topic*, the first one after id *read* marked."""
        return Markup("").join([self.shown(line) for line in self.lines(topic, posts, read)])

    def shown(self, line: Line) -> Markup:
        """Return the HTML of one post."""
        may = self.acts.may
        return self.post.show(
            line,
            self.parts,
            may_edit=line.may_edit,
            answer=line.answer,
            opening=line.opening,
            first_new=line.first_new,
            quotes="quote" in may,
            reports="report" in may and not line.mine,
            moderates="moderate" in may,
            answers="answer" in may and not line.opening,
        )

    def lines(self, topic: Topic, posts: list[tuple[int, Post]], read: int) -> list[Line]:
        """Return the *posts* of *topic* as lines; the first one after id *read* is new."""
        openings = (topic.id, topic.posts.minKey())
        found = [self.line(post) for _number, post in posts]
        for line, (number, _post) in zip(found, posts, strict=True):
            line.answer = number == topic.answer
            line.opening = number in openings
        for line, (number, post) in zip(found, posts, strict=True):
            own = post.owner == self.reading.uid or number == topic.id
            if read and number > read and not own and not post.imported:
                line.first_new = True
                break
        return found

    def line(self, post: Post) -> Line:
        """Return *post* as a line with what the viewer can do with it."""
        name, reading = post.__name__ or "", self.reading
        line = Line(name, path=f"{self.acts.base}/{name}")
        line.time = reading.page.time(post.created)
        if post.hidden and not post.deleted:
            line.gone = "hidden"
        line.html = self._html(post, line.path)
        if line.html is None:
            line.gone = line.gone or "deleted"
        if line.gone == "deleted":
            return line
        line.mine = post.owner is not None and post.owner == reading.uid
        if line.gone:
            line.reason = self._reason(line, post)
            return line
        line.author, line.avatar = reading.person(post.owner)
        if post.imported:
            mark = Markup(' <span class="tag">{}</span>')
            line.author += mark.format(reading.page.say(_("imported")))
        line.may_edit = line.mine and bool(permits(self.request, post, EDIT))
        line.edited = bool(post.edited)
        return line

    def _html(self, post: Post, path: str) -> Markup | None:
        if not permits(self.request, post, VIEW):
            return None
        html = self.reading.words.html(post)
        if html is None:
            return None
        filled = self.reading.quotes.fill(html, post.edited or post.created)
        if post.attachments or SIGN in html:
            filled = self.reading.attachments.fill(filled, post, path)
        return filled

    def _reason(self, line: Line, post: Post) -> str | None:
        """Return why *post* is hidden, for its author and for moderators."""
        tells = line.mine or "moderate" in self.acts.may
        reason: str | None = self.reading.words.reason(post) if tells else None
        return reason

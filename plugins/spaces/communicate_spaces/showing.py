"""The comments on a thing as its page shows them: `communicate.interfaces.IComments`."""

from functools import cached_property
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import milliseconds
from communicate.ids import encode
from communicate.interfaces import IComments, INotifications
from communicate.permissions import VIEW
from communicate.principals import MEMBERS
from communicate.security import permits
from communicate.web.forms import blank
from communicate.web.i18n import PluralFactory
from communicate.web.skeletons import fill_found
from communicate.web.slices import Slice, asked, backwards, oldest_first, query
from communicate_spaces import places
from communicate_spaces.content import NAME, Comment, Thread, Wall
from communicate_spaces.forms import comment_form
from communicate_spaces.interfaces import ICommentRemovals, IRules
from communicate_spaces.lines import Lines, here
from communicate_spaces.permissions import COMMENT
from communicate_spaces.removal import SECONDS

_ = TranslationStringFactory("communicate_spaces")
_n = PluralFactory("communicate_spaces")

TEMPLATE = "communicate_spaces:templates/comments.pt"
COMMENTS = _n("${n} comment", "${n} comments")
NONE = _("Comments")
COMMENT_IT = _("Comment")
LINK = Markup('<a class="talk small ico" href="{1}">{0}{2}</a>')
YOUR_COMMENT = _("Your comment")
WHO = {
    "private": _("Nobody else may comment"),
    "contacts": _("Your contacts may comment"),
    "chosen": _("Chosen people may comment"),
    "members": _("Members may comment"),
}


@implementer(IComments)
class CommentsShown:
    """Comments on the things of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def show(self, thing: Any) -> Markup:
        """Return the HTML of the comments on *thing* that the viewer may read, a page of them."""
        thread = places.thread_of(self.request, thing)
        if thread is None:
            return Markup("")
        shown = Shown(self.request, thread)
        return shown.html() if shown.lines.opens else Markup("")

    def link(self, thing: Any) -> Markup:
        """Return a small link to the comments on *thing*, empty where there is nothing to see."""
        thread = places.thread_of(self.request, thing)
        if thread is None or NAME not in thread.__parent__.__parent__:
            return Markup("")
        count = max(0, int(thread.count()))
        if not self._links(thread, count):
            return Markup("")
        words = self.request.page.plural(COMMENTS, count) if count else self._say(COMMENT_IT)
        icon, path = self.request.page.icon("chat-left"), places.path_of(self.request, thread)
        return LINK.format(icon, path, words)

    def _links(self, thread: Thread, count: int) -> bool:
        """Tell whether the viewer has anything to read or to do there."""
        if count:
            return bool(permits(self.request, thread, VIEW))
        return bool(self.request.find_service(IRules).may_comment(thread))

    def _say(self, words: Any) -> str:
        return str(self.request.page.say(words))

    def count(self, thing: Any) -> int:
        """Return how many comments on *thing* show their words, whoever asks."""
        thread = places.thread_of(self.request, thing)
        return 0 if thread is None else max(0, int(thread.count()))

    def forget(self, thing: Any) -> None:
        """Destroy every comment on *thing*, which is being destroyed, by a job where many."""
        thread = places.thread_of(self.request, thing)
        if thread is not None:
            self.request.find_service(ICommentRemovals).forget_thread(thread)


class Shown:
    """The comments of one thread on the page of one request."""

    def __init__(self, request: Request, thread: Thread) -> None:
        self.request, self.thread = request, thread
        self.page: Any = request.page
        self.lines = Lines(request, thread)

    @cached_property
    def path(self) -> str:
        """The address of the page that shows them."""
        return places.path_of(self.request, self.thread)

    def html(self) -> Markup:
        """Return the page of comments that the query asks for, and the form."""
        request, tree = self.request, self.thread.comments
        page = oldest_first(tree, places.SIZE, asked(request, "after"), asked(request, "before"))
        return self._html(page, headed=True)

    def newest(self, most: int) -> Markup:
        """Return the last *most* comments, and a link to all where there are more."""
        newest = backwards(self.thread.comments)
        items = [pair for pair, _place in zip(newest, range(most + 1), strict=False)]
        page = Slice(items[most - 1 :: -1] if len(items) > most else items[::-1])
        return self._html(page, headed=False, every=len(items) > most)

    def _html(self, page: Slice, *, headed: bool, every: bool = False) -> Markup:
        lines = self.lines
        comments = [comment for _number, comment in page.items]
        shown = lines.shown(comments) if page.forth else lines.shown(comments) + lines.waiting()
        self._saw(comments)
        undo = self._undo()
        return fill_found(
            self.request,
            TEMPLATE,
            {"headed": headed, "approval": not lines.owns and self.thread.needs_approval},
            title=self.title(lines),
            lines=shown or None,
            every=self.path if every else None,
            pager=self.pager(page),
            form=self.form() if lines.comments else None,
            sign_in=self._sign_in(),
            manage=self._manage() if lines.owns else None,
            who=self.who() if lines.owns else None,
            undo=undo,
            back=here(self.request) if undo else None,
            csrf=self.page.csrf(),
        )

    def pager(self, page: Slice) -> Markup | None:
        """Return what leads to the page before and the page after, None where there is neither."""
        if not page.back and not page.forth:
            return None
        found: Markup = self.page.pager(
            page.back and f"{self.path}{query(before=page.back)}#comments",
            page.forth and f"{self.path}{query(after=page.forth)}#comments",
        )
        return found

    def _manage(self) -> str:
        """Return the address at which the owner says who may comment."""
        own = isinstance(self.thread.thing, Wall)
        return "/account/comments" + ("" if own else f"/{encode(self.thread.subject_id)}")

    def title(self, lines: Lines) -> str:
        """Return how many comments there are, in words; no number where *lines* leave some out."""
        count = 0 if lines.withholds else max(0, int(self.thread.count()))
        return str(self.page.plural(COMMENTS, count) if count else self.page.say(NONE))

    def who(self) -> str:
        """Return who may comment, for the owner."""
        granted = self.thread.granted(COMMENT)
        return str(self.page.say(WHO["private" if granted is None else granted.level]))

    def form(self) -> Markup:
        """Return the HTML of the form that adds a comment."""
        action = f"/comments/write?on={encode(self.thread.subject_id)}"
        if isinstance(self.thread.thing, Wall):
            action = f"{self.page.url(self.thread.thing)}/write"

        def make(address: str) -> Any:
            return comment_form(self.request, YOUR_COMMENT, action=address, place=self.path)

        return blank(self.request, "spaces.comment", make, action, self.path)

    def _sign_in(self) -> str | None:
        """Return where a stranger signs in to comment, None where that would not help."""
        if self.request.member is not None:
            return None
        granted = self.thread.granted(COMMENT)
        if granted is None or MEMBERS not in granted.principals(None):
            return None
        return str(self.page.url("/login", came_from=f"{self.path}#comments"))

    def _undo(self) -> str | None:
        """Return the address that takes back the deletion which led to this page, or None."""
        number = asked(self.request, "deleted")
        comment = None if number is None else places.find_comment(self.request, number)
        return None if comment is None else undo_path(self.request, comment)

    def _saw(self, comments: list[Comment]) -> None:
        """Count what the member was told of these comments as read."""
        if self.request.member is not None:
            seen = [*comments, self.thread]
            self.request.find_service(INotifications).seen(self.request.member.uid, *seen)


def undo_path(request: Any, comment: Comment) -> str | None:
    """Return the address where the viewer takes the deletion of *comment* back, in time."""
    uid = request.viewer.uid
    if not comment.deleted or comment.body is None or uid is None or comment.deleted_by != uid:
        return None
    if milliseconds(request.page.now) - comment.deleted >= SECONDS * 1000:
        return None
    return f"{request.page.url(comment)}/undo"


def comments_service(_context: Any, request: Request) -> CommentsShown:
    """Return the service for one request."""
    return CommentsShown(request)

"""Writing comments: `ICommenting`; who may: `IRules`."""

from collections.abc import Collection, Sequence
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from communicate.audience import Audience
from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import (
    IAudiences,
    IAuthored,
    IContacts,
    IMarkdown,
    IMembers,
    ISeals,
)
from communicate.permissions import VIEW
from communicate.security import held
from communicate.storage.holding import hold
from communicate.writing import mentions
from communicate_spaces import places, telling
from communicate_spaces.content import Comment, Thread, Wall
from communicate_spaces.indexing import settle
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_spaces.permissions import COMMENT
from communicate_spaces.waiting import put_aside, take_in

RULES = 1  # one more whenever the same Markdown may give other HTML here
BODY = "spaces.comment"
HTML = "spaces.html"
MINUTE = 60_000


@implementer(ICommenting)
class Commenting:
    """Comments of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.markdown = request.find_service(IMarkdown)
        self.renderer = f"{self.markdown.version}+{RULES}"

    def add(self, thread: Thread, uid: int, body: str, to: Comment | None = None) -> Comment:
        """Add a comment of member *uid* to *thread*, a reply where *to* is one; return it."""
        hold(thread.thing)  # whoever destroys it meanwhile would not see this comment
        wall = places.kept(thread.__parent__)
        if wall.thread(thread.subject_id) is None:
            wall.hang(thread)
        number = free_id(self.request, thread)
        comment = Comment(number, uid, thread if to is None else to)
        html = self._write(comment, body)
        self.request.site["comments"].all[number] = comment
        self.request.find_service(IAuthored).add(uid, BODY, number)
        if uid != thread.owner and thread.needs_approval:
            put_aside(comment)
            telling.waits(self.request, comment)
        else:
            take_in(comment)
            telling.shown(self.request, comment, mentions.named(html))
        settle(self.request, comment)
        return comment

    def edit(self, comment: Comment, body: str) -> None:
        """Put *body* in place of the words of *comment*; it may have to wait again."""
        before = mentions.named(self.html(comment))
        html = self._write(comment, body)
        comment.edited = milliseconds(now(self.request))
        thread = comment.thread
        if comment.owner != thread.owner and thread.needs_approval and not comment.waits:
            put_aside(comment)
            telling.waits(self.request, comment)
        elif not comment.waits:
            telling.mentioned(self.request, comment, mentions.named(html) - before)
        settle(self.request, comment)

    def may_edit(self, comment: Comment) -> bool:
        """Tell whether its author still has time to change *comment*."""
        return comment.created > self.editable()

    def editable(self) -> int:
        """Return the moment, in milliseconds, after which those were made that can be changed."""
        minutes: int = self.request.registry.settings["spaces.edit_minutes"]
        return milliseconds(now(self.request)) - minutes * MINUTE

    def approve(self, comment: Comment) -> None:
        """Show a *comment* that waits to who may read the thing, and tell its author."""
        if not comment.waits:
            return
        take_in(comment)
        settle(self.request, comment)
        telling.approved(self.request, comment)
        telling.shown(self.request, comment, mentions.named(self.html(comment)))

    def _write(self, comment: Comment, body: str) -> str:
        seal, html = self.seals.seal, self.preview(body)
        comment.write(
            seal(comment.owner, BODY, body), seal(comment.owner, HTML, html), self.renderer
        )
        return html

    def preview(self, body: str) -> str:
        """Return the clean HTML of *body*, which is kept nowhere."""
        return mentions.link(str(self.markdown.render(body)), self._is_login)

    def _is_login(self, login: str) -> bool:
        return self.request.find_service(IMembers).by_login(login) is not None

    def body(self, comment: Comment) -> str | None:
        """Return the Markdown of *comment*, or None where it is gone."""
        return None if comment.body is None else self.seals.text(comment.body)

    def html(self, comment: Comment) -> str | None:
        """Return the clean HTML of *comment*, made anew where an older renderer made it."""
        if comment.html is None:
            return None
        if comment.made_by != self.renderer:
            body = self.body(comment)
            if body is None:
                return None
            self._write(comment, body)
        html: str | None = self.seals.text(comment.html)
        return html

    def htmls(self, comments: Sequence[Comment]) -> list[str | None]:
        """Return what `html` returns for each of *comments*."""
        renderer = self.renderer
        made = [one.html for one in comments if one.made_by == renderer]
        sealed = [html for html in made if html is not None]
        if len(sealed) < len(comments):
            return [self.html(one) for one in comments]
        found: list[str | None] = self.seals.texts(sealed)
        return found

    def reason(self, comment: Comment) -> str | None:
        """Return why a moderator hid *comment*, or None."""
        return None if comment.reason is None else self.seals.text(comment.reason)


def free_id(request: Any, thread: Thread) -> int:
    """Return a new id after all that are in *thread*: within one millisecond, too."""
    number = new_id(now(request))
    last = thread.comments.maxKey() if thread.comments else 0
    return number if number > last else new_id(now(request)) + (last - number) + 1


@implementer(IRules)
class Rules:
    """The rules of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def wall(self, uid: int) -> Wall | None:
        """Return the `Wall` of member *uid*, None without such a member."""
        return places.wall_of(self.request, uid)

    def thread(self, thing: Any) -> Thread | None:
        """Return the `Thread` on *thing*, None where nobody owns it."""
        return places.thread_of(self.request, thing)

    def may_comment(self, thread: Thread, *, rights: Collection[str] | None = None) -> bool:
        """Tell whether the viewer may comment what *thread* is about, and read it.

        *rights* are what the viewer holds there of the two, where that was asked already.
        """
        uid, owner = self.request.viewer.uid, thread.owner
        if uid is None:
            return False
        if rights is None:
            rights = held(self.request, thread, VIEW, COMMENT)
        if VIEW not in rights or COMMENT not in rights:
            return False
        return uid == owner or not self.request.find_service(IContacts).blocked(uid, owner)

    def open_space(self, uid: int, readers: Audience, who: Audience, *, approval: bool) -> None:
        """Let *readers* read the comments on the space of *uid*, and *who* comment there."""
        found = self.wall(uid)
        if found is None:
            return
        wall = places.kept(found)
        wall.grants = {COMMENT: who}
        wall.approval = approval
        self.request.find_service(IAudiences).choose(wall, readers)

    def limit(self, thing: Any, who: Audience | None, *, approval: bool = False) -> None:
        """Let *who* comment *thing*, whatever counts for the space; None: as the space says."""
        thread = self.thread(thing)
        if thread is None:
            return
        wall = places.kept(thread.__parent__)
        if wall.thread(thing.id) is None:
            wall.hang(thread)
        thread.grants = {} if who is None else {COMMENT: who}
        thread.approval = None if who is None else approval


def commenting_service(_context: Any, request: Request) -> Commenting:
    """Return the service for one request."""
    return Commenting(request)


def rules_service(_context: Any, request: Request) -> Rules:
    """Return the service for one request."""
    return Rules(request)

"""The comments of one page: what each shows, and what its viewer can do with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from communicate.interfaces import IContacts
from communicate.permissions import EDIT, MODERATE, VIEW
from communicate.principals import blocked
from communicate.security import permits
from communicate.web.said import Said, Saying
from communicate.web.slices import asked, backwards, query
from communicate.writing.interfaces import IAttachments
from communicate.writing.references import SIGN
from communicate_spaces.content import Comment, Thread
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_spaces.places import REPLIES, base_of

COMMENT = "communicate_spaces:templates/comment.pt"
OWN_WAITING = 200  # comments that wait among which those of the viewer are looked for
SAFE = "/:@!$&'()*+,;=~-._"
FURTHER = REPLIES + 1
NONE = Markup("")
SHOWN_WAITING = 20  # that the owner is shown on the page itself


def here(request: Any) -> str:
    """Return the address of this page of comments, to come back to after a button."""
    ids = {name: asked(request, name) for name in ("after", "before")}
    return f"{quote(request.path_info, safe=SAFE)}{query(**ids)}"


@dataclass(slots=True)
class Line(Said):
    """One comment as a template shows it."""

    login: str = ""
    may_edit: bool = False
    deletes: bool = False
    waits: bool = False
    approves: bool = False
    changed: int = 0  # when its words last changed: those that an approval is of
    blocks: bool = False
    answers: bool = False  # whether the viewer can reply
    replies: Any = ""
    further: bool = False  # whether there are more replies than these


class Lines:
    """The comments of one thread on one page; what is the same for all is asked once."""

    def __init__(self, request: Any, thread: Thread) -> None:
        self.request, self.thread = request, thread
        self.page: Any = request.page
        self.uid: int | None = request.viewer.uid
        self.words = request.find_service(ICommenting)
        fixed = {"csrf": self.page.csrf(), "back": escape(here(request))}
        self.saying = Saying(request, COMMENT, fixed)
        self.base = base_of(request, thread)
        self.owns = self.uid is not None and self.uid == thread.owner
        self.opens = bool(permits(request, thread, VIEW))
        self._people: dict[int | None, tuple[Any, Any, str]] = {}
        self._kept: dict[int | None, bool] = {}
        self._own: bool | None = None  # whether the viewer may change plain comments of their own

    @cached_property
    def editable(self) -> int:
        """The moment since which a comment was written that its author may still change."""
        found: int = self.words.editable()
        return found

    @cached_property
    def comments(self) -> bool:
        """Whether the viewer may comment."""
        return bool(self.request.find_service(IRules).may_comment(self.thread, reads=self.opens))

    @cached_property
    def moderates(self) -> bool:
        """Whether the viewer may hide comments."""
        return self.page.is_moderator and bool(permits(self.request, self.thread, MODERATE))

    # Reading

    def readable(self, comment: Comment) -> bool:
        """Tell whether the viewer may read *comment*: as `permits` does, quicker for most.

        What nothing but its thread and blocks keep from anybody is as readable as the thread is.
        """
        if not comment.is_plain:
            return bool(permits(self.request, comment, VIEW))
        return self.opens and not self.kept_away(comment.owner)

    def kept_away(self, author: int | None) -> bool:
        """Tell whether a block keeps what *author* wrote here from the viewer, or from all."""
        found = self._kept.get(author)
        if found is None:
            found = self._kept[author] = self._is_kept_away(author)
        return found

    @property
    def withholds(self) -> bool:
        """Whether a block has kept one of the comments looked at so far from the viewer."""
        return any(self._kept.values())

    def _is_kept_away(self, author: int | None) -> bool:
        if author is None or author == self.uid:
            return False
        contacts = self.request.find_service(IContacts)
        if blocked(author) in self.request.viewer or contacts.blocked(self.thread.owner, author):
            return True
        return self.uid is not None and bool(contacts.has_blocked(self.uid, author))

    # Showing

    def shown(self, comments: Iterable[Comment], *, all_replies: bool = False) -> Markup:
        """Return the HTML of *comments*, each with its first replies, or with all."""
        lines = [self.line(comment, all_replies=all_replies) for comment in comments]
        # All of them Markup: its own `join` would look for characters to escape.
        return Markup("".join([self.html(line) for line in lines if line is not None]))  # noqa: S704

    def waiting(self) -> Markup:
        """Return the HTML of what waits: for the owner all, for others what they wrote."""
        newest = (comment for _id, comment in backwards(self.thread.waiting))
        if self.owns:
            found = list(islice(newest, SHOWN_WAITING))
        elif self.uid is not None:
            found = [one for one in islice(newest, OWN_WAITING) if one.owner == self.uid]
        else:
            found = []
        return self.shown(one for one in reversed(found) if one.id not in one.shelf)

    def html(self, line: Line) -> Markup:
        """Return the HTML of one comment."""
        return self.saying.show(
            line,
            {"replies": line.replies, "login": line.login, "changed": str(line.changed)},
            may_edit=line.may_edit,
            deletes=line.deletes,
            waits=line.waits,
            approves=line.approves,
            blocks=line.blocks,
            answers=line.answers,
            reports=self.uid is not None and not line.mine and not line.gone,
            moderates=self.moderates and not line.waits,
            nested=bool(line.replies),
            further=line.further,
        )

    def line(self, comment: Comment, *, all_replies: bool = False) -> Line | None:
        """Return *comment* as a line with its replies; None where nothing of it is to be shown."""
        replies = self._replies(comment, every=all_replies)
        line = Line(str(comment.__name__), path=self._path(comment), replies=replies)
        line.time = self.page.time(comment.created)
        if comment.replies and not all_replies:
            line.further = len(list(islice(comment.replies, FURTHER))) == FURTHER
        line.mine = comment.owner is not None and comment.owner == self.uid
        if self.readable(comment):
            line.html = self._words(comment, line.path)
        if comment.hidden and not comment.deleted:
            return self._hidden(line, comment)
        if line.html is None:
            line.gone = "deleted"
            return line if replies else None
        line.author, line.avatar, line.login = self._person(comment.owner)
        self._allow(line, comment)
        return line

    def _words(self, comment: Comment, path: str) -> Markup | None:
        """Return what *comment* says, with its files; None where it is gone."""
        html = self.words.html(comment)
        if html is None:
            return None
        if comment.attachments or SIGN in html:
            filled: Markup = self.request.find_service(IAttachments).fill(html, comment, path)
            return filled
        return Markup(html)  # noqa: S704  # cleaned

    def _allow(self, line: Line, comment: Comment) -> None:
        """Say what the viewer can do with *comment*, which shows its words."""
        line.edited, line.waits = bool(comment.edited), comment.waits
        line.changed = comment.edited
        line.deletes = line.mine or self.owns
        line.approves = comment.waits and self.owns
        line.blocks = self.owns and not line.mine and bool(line.login)
        line.answers = self.comments and not comment.waits
        line.may_edit = line.mine and comment.created > self.editable and self._edits(comment)

    def _edits(self, comment: Comment) -> bool:
        """Tell whether the viewer may change *comment*, of their own: as `permits` does, quicker.

        Plain comments of one author on one thing have one and the same ACL.
        """
        if not comment.is_plain or self.request.viewer.glass is not None:
            return bool(permits(self.request, comment, EDIT))
        if self._own is None:
            self._own = bool(permits(self.request, comment, EDIT))
        return self._own

    def _hidden(self, line: Line, comment: Comment) -> Line:
        line.gone, line.deletes = "hidden", line.mine or self.owns
        if line.mine or self.moderates:
            line.reason = self.words.reason(comment)
        return line

    def _replies(self, comment: Comment, *, every: bool) -> Markup:
        if not comment.replies:
            return NONE
        most = None if every else REPLIES
        return self.shown(islice(comment.replies.values(), most))

    def _path(self, comment: Comment) -> str:
        above = f"/{comment.__parent__.__name__}" if comment.is_reply else ""
        return f"{self.base}{above}/{comment.__name__}"

    def _person(self, uid: int | None) -> tuple[Any, Any, str]:
        found = self._people.get(uid)
        if found is None:
            login = self.page.login_of(uid) or ""
            avatar = self.page.avatar(login or None, "m")
            found = self._people[uid] = (self.page.author(uid), avatar, login)
        return found

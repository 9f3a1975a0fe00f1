"""The comments of one page: what each shows, and what its viewer can do with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, groupby, islice
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from communicate.interfaces import IContacts
from communicate.permissions import EDIT, MODERATE, VIEW
from communicate.principals import blocked
from communicate.security import held, permits
from communicate.web.said import Said, Saying
from communicate.web.skeletons import Pieces, as_is, in_rows
from communicate.web.slices import asked, backwards, query
from communicate.writing.interfaces import IAttachments
from communicate.writing.references import SIGN
from communicate_spaces.content import Comment, Thread
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_spaces.permissions import COMMENT
from communicate_spaces.places import REPLIES, base_of

TEMPLATE = "communicate_spaces:templates/comment.pt"
OWN_WAITING = 200  # comments that wait among which those of the viewer are looked for
SAFE = "/:@!$&'()*+,;=~-._"
FURTHER = REPLIES + 1
NONE = Markup("")
ALONE = (NONE, False)  # the replies to a comment without any
SHOWN_WAITING = 20  # that the owner is shown on the page itself


def here(request: Any) -> str:
    """Return the address of this page of comments, to come back to after a button."""
    ids = {name: asked(request, name) for name in ("after", "before")}
    return f"{quote(request.path_info, safe=SAFE)}{query(**ids)}"


@dataclass(slots=True)
class Line(Said):
    """One comment as a template shows it, without what is put into its places."""

    may_edit: bool = False
    deletes: bool = False
    waits: bool = False
    approves: bool = False
    blocks: bool = False
    answers: bool = False  # whether the viewer can reply
    nested: bool = False  # whether replies are shown below it
    further: bool = False  # whether there are more replies than these


Alike = tuple[bool | int, ...]
Row = tuple[Comment, bool, str | None, tuple[Markup, bool]]
"""A comment, whether it is plain, its words as far as the viewer sees them; its replies, and
whether there are more than these."""


class Lines:
    """The comments of one thread on one page; what is the same for all is asked once."""

    def __init__(self, request: Any, thread: Thread) -> None:
        self.request, self.thread = request, thread
        self.page: Any = request.page
        self.viewer = request.viewer
        self.uid: int | None = self.viewer.uid
        self.words = request.find_service(ICommenting)
        fixed = {"csrf": self.page.csrf(), "back": escape(here(request))}
        self.saying = Saying(request, TEMPLATE, fixed)
        self.base = base_of(request, thread)
        self.owns = self.uid is not None and self.uid == thread.owner
        self.rights = held(request, thread, VIEW, COMMENT, MODERATE)
        self.opens = VIEW in self.rights
        self._people: dict[int | None, tuple[Markup, Markup, Markup]] = {}
        self._kept: dict[int | None, bool] = {}
        self._shapes: dict[Alike, tuple[Pieces, Markup]] = {}  # and the reason of what is hidden
        self._own: bool | None = None  # whether the viewer may change plain comments of their own

    @cached_property
    def editable(self) -> int:
        """The moment since which a comment was written that its author may still change."""
        found: int = self.words.editable()
        return found

    @cached_property
    def comments(self) -> bool:
        """Whether the viewer may comment."""
        return bool(self.request.find_service(IRules).may_comment(self.thread, rights=self.rights))

    @cached_property
    def moderates(self) -> bool:
        """Whether the viewer may hide comments."""
        return self.page.is_moderator and MODERATE in self.rights

    # Reading

    def readable(self, comment: Comment) -> bool:
        """Tell whether the viewer may read *comment*: as `permits` does, quicker for most.

        What nothing but its thread and blocks keep from anybody is as readable as the thread is.
        """
        return self._readable(comment, comment.is_plain)

    def _readable(self, comment: Comment, plain: bool) -> bool:
        if not plain:
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
        if blocked(author) in self.viewer or contacts.blocked(self.thread.owner, author):
            return True
        return self.uid is not None and bool(contacts.has_blocked(self.uid, author))

    # Showing

    def shown(self, comments: Iterable[Comment], *, all_replies: bool = False) -> Markup:
        """Return the HTML of *comments*, each with its first replies, or with all."""
        runs = groupby(self._rows(list(comments), every=all_replies), self._alike)
        return as_is("".join([self._run(alike, list(run)) for alike, run in runs]))  # templates

    def _rows(self, comments: list[Comment], *, every: bool) -> list[Row]:
        plain = [one.is_plain for one in comments]
        htmls = self._htmls(comments, plain)
        replies = [self._replies(one, every=every) if one.replies else ALONE for one in comments]
        return list(zip(comments, plain, htmls, replies, strict=True))

    def _alike(self, row: Row) -> Alike:
        """Return what comments have in common that look alike to the viewer.

        All that `line` and `_shape` ask of a plain comment, whose words are shown, is in it.  Any
        other is like none but itself.
        """
        comment, plain, html, (replies, further) = row
        if html is None or not plain or self.viewer.glass is not None:
            return (comment.id,)
        owner = comment.owner
        mine = owner is not None and owner == self.uid
        recent = mine and comment.created > self.editable
        known = self._person(owner)[2] != ""
        return mine, recent, bool(comment.edited), known, replies != "", further

    def _run(self, alike: Alike, rows: list[Row]) -> str:
        """Return the HTML of *rows*, all of them *alike*; empty with nothing to be shown."""
        known, columns = self._shapes.get(alike), self._columns(rows)
        if known is None:
            comment, _plain, html, (replies, further) = rows[0]
            line = self.line(comment, html)
            line.nested, line.further = replies != "", further
            if line.gone == "deleted" and not line.nested:
                return ""
            known = self._shape(line, columns), escape(line.reason or "")
            self._shapes[alike] = known
        shape, reason = known
        columns["reason"] = [reason] * len(rows)
        return in_rows(shape, columns, len(rows))

    def _columns(self, rows: list[Row]) -> dict[str, Sequence[Any]]:
        """Return what is put into the template for each of *rows*: HTML, all of it."""
        comments, plain, htmls, replies = zip(*rows, strict=True)
        paths = list(map(self._path, comments))
        authors, avatars, logins = zip(*[self._person(one.owner) for one in comments], strict=True)
        return {
            "number": [one.__name__ for one in comments],  # ids
            "path": paths,  # names and ids
            "author": authors,
            "avatar": avatars,
            "login": logins,
            "time": self.page.times([one.created for one in comments]),
            "html": list(map(self._filled, comments, htmls, paths)),
            "reason": [NONE] * len(rows),
            "replies": [shown for shown, _further in replies],
            # Of what waits, so that no other words than these are approved.
            "changed": [
                NONE if each else str(one.edited)
                for one, each in zip(comments, plain, strict=True)
            ],
        }

    def _shape(self, line: Line, parts: Iterable[str]) -> Pieces:
        """Return the template as it is for *line*."""
        return self.saying.shape(
            line,
            parts,
            may_edit=line.may_edit,
            deletes=line.deletes,
            waits=line.waits,
            approves=line.approves,
            blocks=line.blocks,
            answers=line.answers,
            reports=self.uid is not None and not line.mine and not line.gone,
            moderates=self.moderates and not line.waits,
            nested=line.nested,
            further=line.further,
        )

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

    def htmls(self, comments: list[Comment]) -> list[str | None]:
        """Return the words of each of *comments*, None where the viewer may not read them."""
        return self._htmls(comments, [one.is_plain for one in comments])

    def _htmls(self, comments: list[Comment], plain: list[bool]) -> list[str | None]:
        seen = list(map(self._readable, comments, plain))
        htmls = iter(self.words.htmls(list(compress(comments, seen))))
        return [next(htmls) if readable else None for readable in seen]

    def line(self, comment: Comment, html: str | None) -> Line:
        """Return how *comment* stands, of whose words the viewer sees *html*."""
        line = Line(str(comment.__name__), None if html is None else NONE)
        line.mine = comment.owner is not None and comment.owner == self.uid
        if comment.hidden and not comment.deleted:
            return self._hidden(line, comment)
        if html is None:
            line.gone = "deleted"
            return line
        self._allow(line, comment)
        return line

    def _filled(self, comment: Comment, html: str | None, path: str) -> str:
        """Return *html*, what *comment* says, which is clean, with its files."""
        if html is None:
            return NONE
        if comment.attachments or SIGN in html:
            filled: Markup = self.request.find_service(IAttachments).fill(html, comment, path)
            return filled
        return html

    def _allow(self, line: Line, comment: Comment) -> None:
        """Say what the viewer can do with *comment*, which shows its words."""
        line.edited, line.waits = bool(comment.edited), comment.waits
        line.deletes = line.mine or self.owns
        line.approves = comment.waits and self.owns
        line.blocks = self.owns and not line.mine and bool(self._person(comment.owner)[2])
        line.answers = self.comments and not comment.waits
        line.may_edit = line.mine and comment.created > self.editable and self._edits(comment)

    def _edits(self, comment: Comment) -> bool:
        """Tell whether the viewer may change *comment*, of their own: as `permits` does, quicker.

        Plain comments of one author on one thing have one and the same ACL.
        """
        if not comment.is_plain or self.viewer.glass is not None:
            return bool(permits(self.request, comment, EDIT))
        if self._own is None:
            self._own = bool(permits(self.request, comment, EDIT))
        return self._own

    def _hidden(self, line: Line, comment: Comment) -> Line:
        line.gone, line.deletes = "hidden", line.mine or self.owns
        if line.mine or self.moderates:
            line.reason = self.words.reason(comment)
        return line

    def _replies(self, comment: Comment, *, every: bool) -> tuple[Markup, bool]:
        """Return the HTML of the replies to *comment*, and whether there are more than these."""
        found = list(islice((comment.replies or {}).values(), None if every else FURTHER))
        shown = self.shown(found if every else found[:REPLIES])
        return shown, bool(shown) and not every and len(found) == FURTHER

    def _path(self, comment: Comment) -> str:
        holder = comment.__parent__
        above = "" if holder is self.thread else f"/{holder.__name__}"
        return f"{self.base}{above}/{comment.__name__}"

    def _person(self, uid: int | None) -> tuple[Markup, Markup, Markup]:
        """Return the name, a link, the avatar, and the login of member *uid*."""
        found = self._people.get(uid)
        if found is None:
            login = self.page.login_of(uid)
            avatar = self.page.avatar(login, "m")
            found = self._people[uid] = (self.page.author(uid), avatar, escape(login or ""))
        return found

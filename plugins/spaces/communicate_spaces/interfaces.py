"""What this plugin's services promise: ask for them with ``request.find_service(IX)``."""

from collections.abc import Collection, Sequence
from typing import Any

from zope.interface import Attribute, Interface

from communicate.audience import Audience


class ICommenting(Interface):
    """Writing comments, and letting them be shown."""

    renderer = Attribute("Text that changes when the same Markdown may give other HTML.")

    def add(thread: Any, uid: int, body: str, to: Any = None) -> Any:
        """Add a comment of member *uid* to *thread*, a reply where *to* is one; return it.

        A thread that was not kept so far is kept.  It waits where the owner wants to read first.
        """

    def edit(comment: Any, body: str) -> None:
        """Put *body* in place of the words of *comment*; it may have to wait again."""

    def may_edit(comment: Any) -> bool:
        """Tell whether its author still has time to change *comment*."""

    def editable() -> int:
        """Return the moment, in milliseconds, after which those were made that can be changed."""

    def approve(comment: Any) -> None:
        """Show a *comment* that waits to who may read the thing, and tell its author."""

    def preview(body: str) -> str:
        """Return the clean HTML of *body*, which is kept nowhere."""

    def body(comment: Any) -> str | None:
        """Return the Markdown of *comment*, or None where it is gone."""

    def html(comment: Any) -> str | None:
        """Return the clean HTML of *comment*, or None where it is gone."""

    def htmls(comments: Sequence[Any]) -> list[str | None]:
        """Return what `html` returns for each of *comments*: of many, it is quicker."""

    def reason(comment: Any) -> str | None:
        """Return why a moderator hid *comment*, or None."""


class IRules(Interface):
    """Who may comment what, as its owner says."""

    def wall(uid: int) -> Any:
        """Return the `Wall` of member *uid*, None without such a member.

        One that nobody has used so far is kept nowhere: it says that nobody may comment.
        """

    def thread(thing: Any) -> Any:
        """Return the `Thread` on *thing*, None where nobody owns it.

        One without comments and rules of its own is kept nowhere.
        """

    def may_comment(thread: Any, *, rights: Collection[str] | None = None) -> bool:
        """Tell whether the viewer may comment what *thread* is about, and read it.

        *rights* are what the viewer holds there of the two, where that was asked already.
        """

    def open_space(uid: int, readers: Audience, who: Audience, *, approval: bool) -> None:
        """Let *readers* read the comments on the space of *uid*, and *who* comment there.

        *who* and *approval* count for all that *uid* owns, where a thing has no rules of its own.
        """

    def limit(thing: Any, who: Audience | None, *, approval: bool = False) -> None:
        """Let *who* comment *thing*, whatever counts for the space; None: as the space says."""


class ICommentRemovals(Interface):
    """Taking comments away."""

    def delete(comment: Any, by: int) -> None:
        """Hide *comment* at once for member *by*, who may take that back for ten seconds."""

    def undo(comment: Any) -> None:
        """Show a deleted *comment* again; do nothing where its words are gone."""

    def destroy(comment: Any) -> None:
        """Destroy the words of *comment* and forget its author; its place goes if it can."""

    def set_hidden(comment: Any, hidden: bool, reason: str = "", by: int | None = None) -> None:
        """Hide *comment* from all but moderators, or show it again."""

    def forget_thread(thread: Any) -> None:
        """Destroy *thread* with all its comments, by a job where there are many."""

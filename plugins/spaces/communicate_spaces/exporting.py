"""What comments write into a member's archive: own words, rules of the space, what one let say.

A comment stands in a place of others, so that it is for reading only; the rules are restored.
"""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.audience import PRIVATE
from communicate.clock import moment
from communicate.ids import encode, time_of
from communicate.interfaces import IAuthored
from communicate.mydata.audiences import known, told
from communicate_spaces.content import NAME, Comment, Gone, Wall
from communicate_spaces.indexing import KIND
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_spaces.permissions import COMMENT
from communicate_spaces.places import find_comment, path_of, threads_of, wall_of

_ = TranslationStringFactory("communicate_spaces")

Row = dict[str, Any]
BATCH = 500
MOST = 10_000  # things with rules of their own
WRITTEN = {
    "text": _("Text"),
    "path": _("Where"),
    "written": _("Written"),
    "edited": _("Edited"),
    "waits": _("Waits for approval"),
    "hidden": _("Hidden by a moderator"),
}
RULES = {
    "readers": _("Who reads the comments on my space"),
    "who": _("Who may comment"),
    "approval": _("Shown only when I have read them"),
}
OWN = {"path": _("Where"), "who": _("Who may comment"), "approval": _("After approval")}


def export(member: Any, archive: Any) -> None:
    """Write what *member* commented, and who may comment what is the member's."""
    writer = Writer(member)
    archive.records("comment", writer.comments(), owned=False, title=_("Comments"), fields=WRITTEN)
    archive.records("rules", writer.rules(), title=_("Who may comment"), fields=RULES)
    archive.records(
        "exception", writer.exceptions(), restored=False,
        title=_("What others may comment differently"), fields=OWN,
    )  # fmt: skip


class Writer:
    """The records of one member."""

    def __init__(self, member: Any) -> None:
        self.uid, self.request = member.uid, member.request
        self.words = member.request.find_service(ICommenting)
        self.wall: Wall | None = wall_of(self.request, self.uid)

    def comments(self) -> Iterator[Row]:
        """Yield what the member commented, the oldest first."""
        listed, last = self.request.find_service(IAuthored), 0
        while numbers := listed.items(self.uid, KIND, after=last, most=BATCH):
            for number in numbers:
                comment = find_comment(self.request, number)
                if comment is not None and comment.owner == self.uid and not comment.deleted:
                    yield from self._comment(comment)
            last = numbers[-1]

    def _comment(self, comment: Comment) -> Iterator[Row]:
        text = self.words.body(comment)
        if text is not None:
            reason = (self.words.reason(comment) or True) if comment.hidden else False
            yield {
                "id": encode(comment.id),
                "path": str(self.request.page.url(comment)),
                "written": time_of(comment.id),
                "edited": moment(comment.edited) if comment.edited else None,
                "waits": comment.waits,
                "hidden": reason,
                "text": text,
            }

    def rules(self) -> Iterator[Row]:
        """Yield the rules of the space, once the member has chosen some."""
        if self.wall is not None and NAME in self.wall.__parent__:
            yield {
                "readers": self._told(self.wall.audience),
                "who": self._told(self.wall.grants.get(COMMENT)),
                "approval": self.wall.approval,
            }

    def exceptions(self) -> Iterator[Row]:
        """Yield the rules of things that have their own."""
        for thread in threads_of(self.wall) if self.wall is not None else ():
            if thread.own_rules:
                try:
                    path = path_of(self.request, thread)
                except (Gone, AttributeError):  # the thing's plugin is off
                    continue
                who = self._told(thread.grants[COMMENT])
                yield {"path": path, "who": who, "approval": thread.approval}

    def _told(self, audience: Any) -> Any:
        return told(self.request, self.uid, audience or PRIVATE)


def bring_back(member: Any, archive: Any) -> None:
    """Let those comment the space of *member* whom the archive names.

    Comments stay where they are: nobody can say elsewhere that somebody wrote something once.
    """
    rules = member.request.find_service(IRules)
    for row in archive.records("rules", most=1):
        readers, who = (
            known(member.request, member.uid, row.get(key), here=archive.here)
            for key in ("readers", "who")
        )
        approval = row.get("approval") is True
        rules.open_space(member.uid, readers, who, approval=approval)

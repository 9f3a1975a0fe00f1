"""How notices are said: in the words of their kind, in the reader's language."""

from itertools import islice
from typing import Any, NamedTuple

from pyramid.i18n import Localizer, TranslationStringFactory

from communicate.declarations import Notification
from communicate.ids import encode, time_of
from communicate.interfaces import IMembers
from communicate.notifications.content import Inbox, Notice
from communicate.notifications.kinds import kinds_of
from communicate.notifications.rights import Judge

_ = TranslationStringFactory("communicate")

PAGE = 30
LOOKED_AT = 300  # notices that are asked for, at most, to fill one page
SOMEBODY = _("Somebody")


class Row(NamedTuple):
    """One notice as a page or a mail shows it."""

    id: str
    icon: str
    sentence: str
    who: str | None
    time: Any
    unread: bool

    @property
    def url(self) -> str:
        """The address that reads the notice and leads on."""
        return f"/notices/{self.id}"


class Page(NamedTuple):
    """The rows of one page, the address of the next one, and what nobody may be told any more."""

    rows: list[Row]
    older: str | None
    stale: list[int]


EMPTY = Page([], None, [])


def sentence(request: Any, kind: Notification, notice: Notice, localizer: Localizer) -> str:
    """Return what *notice* says; who caused it is named by the login."""
    login = None if notice.by is None else request.find_service(IMembers).login_of(notice.by)
    who = login or localizer.translate(SOMEBODY)
    words = kind.several if notice.times > 1 and kind.several else kind.sentence
    return str(localizer.translate(words, mapping={"who": who, "n": str(notice.times)}))


def names(kind: Notification) -> bool:
    """Tell whether the sentence of *kind* names who caused it."""
    return "${who}" in str(getattr(kind.sentence, "default", None) or kind.sentence)


def row(request: Any, number: int, notice: Notice) -> Row | None:
    """Return *notice* as a row; None where its plugin is off."""
    kind = kinds_of(request.registry).get(notice.kind)
    if kind is None:
        return None
    shows = notice.times == 1 and names(kind)  # else a face would say what the words do not
    who = request.page.login_of(notice.by) if shows else None
    said = sentence(request, kind, notice, request.localizer)
    return Row(encode(number), kind.icon, said, who, time_of(number), not notice.read)


def page(request: Any, inbox: Inbox, before: int | None = None, size: int = PAGE) -> Page:
    """Return one page of the notices in *inbox* that the viewer may be told of now."""
    judge = Judge(request, request.member)
    rows: list[Row] = []
    stale: list[int] = []
    last = 0
    for last, notice in islice(inbox.newest(before), LOOKED_AT):
        shown = row(request, last, notice) if judge.allows(notice) else None
        if shown is not None:
            rows.append(shown)
        elif not notice.read:
            stale.append(last)
        if len(rows) == size:
            break
    more = bool(last) and inbox.notices.minKey() < last
    return Page(rows, f"/notices?before={encode(last)}" if more else None, stale)


def waiting(request: Any, inbox: Inbox, most: int) -> list[Row]:
    """Return up to *most* unread notices in *inbox*, the newest first."""
    judge = Judge(request, request.member)
    numbers = sorted(inbox.open.values(), reverse=True)
    rows = []
    for number in numbers[: 4 * most]:
        notice = inbox.get(number)
        shown = row(request, number, notice) if notice and judge.allows(notice) else None
        if shown is not None:
            rows.append(shown)
        if len(rows) == most:
            break
    return rows

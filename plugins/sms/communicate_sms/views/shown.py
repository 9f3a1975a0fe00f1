"""What pages show of conversations, ready for a template."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date, format_skeleton
from markupsafe import Markup, escape
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request

from communicate.ids import encode
from communicate.web.formats import moment
from communicate.web.menu import counted
from communicate.web.plain import on_one_line
from communicate_sms import states
from communicate_sms.content import Book, Received, Talk
from communicate_sms.interfaces import ITexts

_ = TranslationStringFactory("communicate_sms")

PANE = "communicate_sms:templates/pane.pt"
TALKS, LINES = 30, 50  # of a page
PREVIEW = 120  # characters
PHONE = Markup('<span class="av av-phone" aria-hidden="true"><i class="bi bi-phone"></i></span>')
# Icon, words, and how they look.
STATES = {
    states.WAITING: ("clock", _("Waits to be sent"), ""),
    states.SENDING: ("arrow-up", _("Is being sent"), ""),
    states.UNCERTAIN: ("question-circle", _("Nobody can tell whether it was sent"), "warn"),
    states.SENT: ("check", _("Sent"), ""),
    states.BUFFERED: ("hourglass-split", _("The telephone is out of reach"), ""),
    states.DELIVERED: ("check-all", _("Delivered"), ""),
    states.FAILED: ("exclamation-circle", _("Did not arrive"), "bad"),
}


@dataclass(slots=True)
class Row:
    """One conversation in a list."""

    path: str
    title: str
    avatar: Any
    line: str = ""
    time: Any = ""
    unread: str = ""
    here: bool = False
    waits: bool = False


@dataclass(slots=True)
class Said:
    """One message in a conversation."""

    name: str
    path: str
    text: str | None
    mine: bool
    time: Any
    day: str = ""  # where another one begins
    icon: str = ""
    state: Any = ""
    style: str = ""
    later: bool = False
    report: str = ""


class Shown:
    """What the viewer of one request sees of *book*, which is the viewer's."""

    def __init__(self, request: Request, book: Book) -> None:
        self.request, self.page, self.book = request, request.page, book
        self.texts: Any = request.find_service(ITexts)
        self.uid = int(book.owner or 0)
        self.base = f"/members/{self.page.login_of(self.uid)}/sms"

    # Conversations

    def title_of(self, talk: Talk) -> str:
        """Return whom *talk* is with."""
        name = self.texts.name(talk)
        return str(name.login or name.number or self.page.say(_("a former member")))

    def avatar_of(self, talk: Talk) -> Any:
        """Return the picture of whom *talk* is with."""
        name = self.texts.name(talk)
        return self.page.avatar(name.login) if name.login else PHONE

    def pane(self, here: Talk | None = None, before: int | None = None) -> Markup:
        """Return the HTML of the list, *here* marked in it."""
        found = self.texts.talks(self.uid, before, TALKS + 1)
        older = found[TALKS - 1].moved if len(found) > TALKS and here is None else None
        values = {
            "rows": [self.row(each, each is here) for each in found[:TALKS]],
            "base": self.base,
            "level": "h1" if here is None else "h2",
            "newer": None if before is None else self.base,
            "older": None if older is None else f"{self.base}?before={encode(older)}",
            "numbered": self.book.number is not None,
        }
        return Markup(render(PANE, values, self.request))  # noqa: S704  # from our template

    def row(self, talk: Talk, here: bool = False) -> Row:
        """Return *talk* as a list shows it."""
        row = Row(f"{self.base}/{talk.__name__}", self.title_of(talk), self.avatar_of(talk))
        row.here, row.unread = here, counted(talk.unread)
        row.time = self.page.time(talk.moved or talk.created)
        last = self.texts.lines(talk, None, 1) or self.texts.waiting(talk)[:1]
        for line in last:
            words = on_one_line(line.text or "")
            words = words if len(words) <= PREVIEW else f"{words[:PREVIEW].rstrip()}…"
            row.line = self.page.say(_("You: ${words}"), words=words) if line.mine else words
        row.waits = bool(self.texts.waiting(talk))
        return row

    # Messages

    def said(self, lines: list[Any], *, later: bool = False) -> list[Said]:
        """Return *lines* as a page shows them, each day said where it begins."""
        shown, day = [], ""
        for line in lines:
            one = self._said(line, later)
            its_day = self._there(line.time).date().isoformat()
            if its_day != day and not later:
                one.day, day = self.day(line.time), its_day
            shown.append(one)
        return shown

    def _said(self, line: Any, later: bool) -> Said:
        thing = line.thing
        path = f"{self.base}/{thing.__parent__.__name__}/{thing.__name__}"
        one = Said(thing.__name__, path, line.text, line.mine, self.hour(line.time))
        one.later = later
        if later:
            one.icon = "clock"
            one.state = self.page.say(_("Leaves ${when}"), when=self.page.exact(thing.due))
        elif line.state is not None:
            one.icon, one.state, one.style = STATES[line.state]
            one.state = self.page.say(one.state)
        if isinstance(thing, Received) and thing.owner is not None:
            one.report = f"/report/sms.received/{thing.__name__}"
        return one

    # Days and hours

    def _there(self, when: int) -> datetime:
        return moment(when).astimezone(self.page.formats.zone)

    def day(self, when: int) -> str:
        """Return the day of *when* (ms) as the viewer's calendar has it."""
        there, today = self._there(when), self.page.now.astimezone(self.page.formats.zone)
        locale = self.page.formats.locale
        if there.date() == today.date():
            return str(self.page.say(_("today")))
        if there.date() == today.date() - timedelta(days=1):
            return str(self.page.say(_("yesterday")))
        if there.year == today.year:
            return str(format_skeleton("MMMMEEEEd", there, locale=locale))
        return str(format_date(there, "full", locale=locale))

    def hour(self, when: int) -> Markup:
        """Return the hour of *when* (ms), with all of it in the title."""
        exact, shown = escape(self.page.exact(when)), escape(self.page.formats.clock(when))
        iso = moment(when).replace(tzinfo=None, microsecond=0).isoformat()
        return Markup(f'<time datetime="{iso}Z" title="{exact}">{shown}</time>')  # noqa: S704

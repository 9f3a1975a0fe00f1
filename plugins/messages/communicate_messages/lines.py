"""The lines of a conversation's page: what each shows, and what its viewer can do with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_date, format_skeleton
from markupsafe import Markup, escape
from pyramid.i18n import TranslationStringFactory

from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web.formats import moment
from communicate.web.said import Said, Saying
from communicate.writing.interfaces import IAttachments
from communicate.writing.references import SIGN
from communicate_messages.content import Conversation, Event, Message
from communicate_messages.life import in_words
from communicate_messages.quotes import Quotes
from communicate_messages.reading import Reading

_ = TranslationStringFactory("communicate_messages")

SAY = "communicate_messages:templates/say.pt"
PAUSE = 300_000  # milliseconds after which what one says begins anew
TOLD = {
    "left": _("${who} has left the conversation."),
    "came": _("${who} has added ${whom}, who reads what comes from here on."),
    "named": _("${who} has given the conversation another name."),
    "kept": _("All have agreed: messages are kept for this long: ${life}."),
    "kept_ever": _("All have agreed: messages are kept for as long as nobody deletes them."),
}


@dataclass(slots=True)
class Spoken(Said):
    """One message as a template shows it."""

    fresh: bool = False  # whether somebody else speaks than before, or after a while
    first_new: bool = False


class Lines:
    """The lines of one page of *conversation*."""

    def __init__(self, reading: Reading, conversation: Conversation, *, may_say: bool) -> None:
        self.reading, self.conversation = reading, conversation
        self.page, self.request = reading.page, reading.request
        self.base = f"/messages/{conversation.__name__}"
        self.may_say = may_say
        self.several = conversation.pair is None
        self.saying = Saying(reading.request, SAY)
        self.quotes = Quotes(reading, conversation)
        self.parts = {"csrf": self.page.csrf(), "base": Markup(self.base)}  # noqa: S704  # an id
        self._people: dict[int | None, tuple[Any, Any]] = {}

    def show(self, lines: list[tuple[int, Any]], read: int, day: str = "") -> Markup:
        """Return the HTML of *lines*; the first message after id *read* is marked as new.

        *day* is the day of the line before, as `day_of` names it.
        """
        found, marked, last = [], not read, None
        for number, line in lines:
            its_day = self.day_of(line.created)
            if its_day != day:
                day, last = its_day, None
                found.append(self._day(line.created))
            if isinstance(line, Event):
                found.append(self._event(line))
                last = None
                continue
            spoken = self.spoken(line)
            spoken.fresh = last is None or self._is_fresh(last, line)
            if not marked and number > read and not spoken.mine and not spoken.gone:
                spoken.first_new = marked = True
            found.append(self._shown(spoken))
            last = line
        return Markup("").join(found)

    def _is_fresh(self, last: Message, line: Message) -> bool:
        return last.owner != line.owner or line.created - last.created > PAUSE

    def _shown(self, spoken: Spoken) -> Markup:
        return self.saying.show(
            spoken,
            self.parts,
            fresh=spoken.fresh,
            first_new=spoken.first_new,
            several=self.several,
            quotes=self.may_say,
        )

    def spoken(self, message: Message) -> Spoken:
        """Return *message* as the page shows it to its viewer."""
        name = message.__name__ or ""
        spoken = Spoken(name, path=f"{self.base}/{name}", time=self.hour(message.created))
        spoken.mine = message.owner is not None and message.owner == self.reading.uid
        if message.hidden and not message.deleted:
            spoken.gone = "hidden"
            return spoken
        html = self._html(message)
        if html is None:
            spoken.gone = "deleted"
            return spoken
        if self.reading.keeps_apart(self.conversation, message):
            spoken.gone = "apart"
            return spoken
        spoken.html = html
        spoken.author, spoken.avatar = self._person(message.owner)
        return spoken

    def _html(self, message: Message) -> Markup | None:
        if not permits(self.request, message, VIEW):
            return None
        html = self.reading.words.html(message)
        if html is None:
            return None
        filled = self.quotes.fill(html, message.created)
        if message.attachments or SIGN in html:
            attachments = self.request.find_service(IAttachments)
            filled = attachments.fill(filled, message, f"{self.base}/{message.__name__}")
        return filled

    def _person(self, uid: int | None) -> tuple[Any, Any]:
        if uid not in self._people:
            author = self.page.author(uid)
            avatar = self.page.avatar(self.page.login_of(uid), "s") if self.several else ""
            self._people[uid] = author, avatar
        return self._people[uid]

    def _event(self, event: Event) -> Markup:
        who, whom = self.reading.name_of(event.owner), self.reading.name_of(event.whom)
        what = "kept_ever" if event.what == "kept" and not event.value else event.what
        life = in_words(self.page, event.value)
        told = self.page.say(TOLD[what], who=who, whom=whom, life=life)
        return Markup('<li class="talk-day" id="{}">{} {}</li>').format(
            event.__name__, told, self.hour(event.created)
        )

    # Days and hours

    def _there(self, created: int) -> datetime:
        return moment(created).astimezone(self.page.formats.zone)

    def day_of(self, created: int) -> str:
        """Return the day of the moment *created* (ms), as the viewer's calendar has it."""
        return self._there(created).date().isoformat()

    def _day(self, created: int) -> Markup:
        there, today = self._there(created), self.page.now.astimezone(self.page.formats.zone)
        locale = self.page.formats.locale
        if there.date() == today.date():
            words = self.page.say(_("today"))
        elif there.year == today.year:
            words = format_skeleton("MMMMEEEEd", there, locale=locale)
        else:
            words = format_date(there, "full", locale=locale)
        day = self.day_of(created)
        return Markup('<li class="talk-day" data-day="{}">{}</li>').format(day, words)

    def hour(self, created: int) -> Markup:
        """Return the hour of the moment *created* (ms), with all of it in the title."""
        there = self._there(created)
        locale = self.page.formats.locale
        shown = format_skeleton("Hm", there, locale=locale)
        exact = escape(self.page.exact(created))
        iso = moment(created).replace(tzinfo=None, microsecond=0).isoformat()
        return Markup(f'<time datetime="{iso}Z" title="{exact}">{escape(shown)}</time>')  # noqa: S704

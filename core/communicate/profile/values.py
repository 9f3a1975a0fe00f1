"""Values of elements: what is valid, how it is kept, and the HTML that shows it.

Each form of value has a field, a cleaner (which raises ValueError with a sentence) and a shower.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import colander
from babel.dates import format_skeleton
from markupsafe import Markup, escape
from pyramid.i18n import TranslationStringFactory

from communicate.accounts import addresses
from communicate.interfaces import IMarkdown
from communicate.profile.content import Element
from communicate.profile.kinds import Kind
from communicate.web import fields

_ = TranslationStringFactory("communicate")

LONGEST = {"line": 200, "lines": 1_000, "markdown": 5_000, "web": 500, "phone": 40, "email": 254}
BAD_WEB = _("Write a web address, such as https://example.org.")
BAD_PHONE = _("Write a telephone number: digits, and + ( ) . / - or spaces between them.")
BAD_DAY = _("Write the day on which you were born.")
OLDEST = 1850
_PHONE = re.compile(r"\+?[0-9 ()./\u00a0\u202f-]*")
_LINK = Markup('<a href="{}" rel="nofollow noreferrer">{}</a>')


def field(kind: Kind, **more: Any) -> Any:
    """Return the field in which a value of *kind* is written."""
    title = _("Your words") if kind.label == "must" else kind.title
    longest = LONGEST.get(kind.form, 0)
    if kind.form == "day":
        return fields.day(title, name="value", validator=_past, **more)
    if kind.form in ("lines", "markdown"):
        rows = 8 if kind.form == "markdown" else 3
        node = fields.area(title, longest=longest, rows=rows, name="value", **more)
    else:
        typ = {"web": "url", "phone": "tel", "email": "email"}.get(kind.form, "text")
        node = fields.line(title, longest=longest, kind=typ, name="value", **more)
    cleaner = CLEANERS.get(kind.form)
    if cleaner is not None:
        node.validator = colander.All(node.validator, _valid(cleaner))
    return node


def _past(node: Any, day: date) -> None:
    if day.year < OLDEST or day > date.today() + timedelta(days=1):  # where it is tomorrow
        raise colander.Invalid(node, BAD_DAY)


def _valid(cleaner: Callable[[str], str]) -> Callable[[Any, str], None]:
    def check(node: Any, value: str) -> None:
        try:
            cleaner(value)
        except addresses.BadAddress as error:
            raise colander.Invalid(node, error.reason) from error
        except BadValue as error:
            raise colander.Invalid(node, error.reason) from error

    return check


class BadValue(ValueError):
    """A value cannot be used; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


def web(text: str) -> str:
    """Return *text* as an address that begins with http: or https:; raise BadValue.

    An address that carries a name before its host would pass for another host's.
    """
    if not re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", text, re.IGNORECASE):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise BadValue(BAD_WEB) from None
    wrong = re.search(r'[\s\\<>"\x00-\x1f\x7f]', text) or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or not host or "." not in host or wrong:
        raise BadValue(BAD_WEB)
    return text


def phone(text: str) -> str:
    """Return *text* as typed; raise BadValue where it is no telephone number."""
    if not _PHONE.fullmatch(text) or sum(char.isdigit() for char in text) < 3:
        raise BadValue(BAD_PHONE)
    return text


def normal_phone(text: str) -> str:
    """Return the digits of the number *text*, with a + in front where it has one.

    >>> normal_phone("+33 (0)6 12-34")
    '+3361234'
    """
    plus = text.strip().startswith("+")
    text = text.replace("(0)", "") if plus else text
    return ("+" if plus else "") + re.sub(r"\D", "", text)


CLEANERS: dict[str, Callable[[str], str]] = {
    "web": web,
    "phone": phone,
    "email": addresses.clean,
}


def clean(kind: Kind, value: Any) -> str:
    """Return *value*, as a form gave it, as it is kept: text."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    return CLEANERS[kind.form](text) if kind.form in CLEANERS else text


def typed(kind: Kind, text: str) -> Any:
    """Return *text*, as it is kept, as a form shows it."""
    return date.fromisoformat(text) if kind.form == "day" else text


# Showing


def show(request: Any, element: Element, kind: Kind, text: str, *, own: bool) -> Markup:
    """Return the HTML of the value *text* of *element*; *own* is for the owner's eyes."""
    if kind.form == "markdown":
        html = request.find_service(IMarkdown).render(text)
        return Markup('<div class="prose">{}</div>').format(Markup(html))  # noqa: S704  # clean
    if kind.form == "day":
        return _day(request, element, text, own=own)
    if kind.form == "lines":
        return Markup("<br>").join(text.split("\n"))
    if kind.form == "web":
        return _LINK.format(text, re.sub(r"^https?://(www\.)?|/$", "", text))
    if kind.form == "phone":
        return Markup('<a class="num" href="tel:{}">{}</a>').format(normal_phone(text), text)
    if kind.form == "email":
        return Markup('<a href="mailto:{}">{}</a>').format(text, text)
    return escape(text)


def _day(request: Any, element: Element, text: str, *, own: bool) -> Markup:
    day = date.fromisoformat(text)
    if element.shows_year or own:
        shown = request.page.day(day)
    else:
        shown = format_skeleton("MMMMd", day, locale=request.page.formats.locale)
    if own and not element.shows_year:
        note = request.page.say(_("(the year stays with you)"))
        return Markup('{} <span class="quiet">{}</span>').format(shown, note)
    return escape(shown)


def words(element: Element, kind: Kind, text: str) -> str:
    """Return what may be searched of the value *text*: all that its readers see."""
    if kind.form == "day":
        return text if element.shows_year else text[5:]
    if kind.form == "phone":
        return f"{text} {normal_phone(text)}"
    return text

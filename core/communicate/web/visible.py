"""The value of "visible to" in a form: what may be chosen, and what was."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import colander
from pyramid.i18n import TranslationStringFactory

from communicate.audience import LEVELS, Audience
from communicate.interfaces import IContacts, IMembers
from communicate.principals import circle, member
from communicate.web.i18n import PluralFactory
from communicate.web.marks import AUDIENCES
from communicate.web.types import Checked, Text

_ = TranslationStringFactory("communicate")
_n = PluralFactory("communicate")

LONGEST = 2000  # characters of the list of logins
NAMED = 2  # names in a badge
MOST = 100  # people and circles in one choice

PEOPLE = _n("${n} person", "${n} people")
CONTACTS = _n("Your one contact.", "Your ${n} contacts.")
MEMBERS = _n("The one account of this site.", "The ${n} accounts of this site.")
NO_CONTACT = _("Nobody yet: you have no contact.")
WALLED = _("Members only, as long as this site shows nothing to strangers.")
OTHERS = _("${n} more")
NOBODY = _("Name at least one person or circle.")
TOO_MANY = _("Name at most ${most} people: a circle can hold more.", mapping={"most": MOST})
SURE = _("Tick the box to show this to everyone, or choose somebody else.")
NOT_OFFERED = _("Choose one of the answers.")


class Choice(NamedTuple):
    """One answer: its level, icon, word and sentence."""

    level: str
    icon: str
    word: Any
    sentence: Any


def choices(request: Any, levels: Iterable[str] = LEVELS) -> list[Choice]:
    """Return the answers in order; with the request of a member, their sentences count people."""
    found = [Choice(level, *AUDIENCES[level]) for level in levels]
    if request is None:
        return found
    return [each._replace(sentence=sentence(request, each)) for each in found]


def sentence(request: Any, choice: Choice) -> Any:
    """Return the sentence of *choice* for the member who asks."""
    page = request.page
    if choice.level == "contacts":
        count = request.find_service(IContacts).count(request.member.uid)
        return page.plural(CONTACTS, count) if count else NO_CONTACT
    if choice.level == "members":
        return page.plural(MEMBERS, len(request.site["members"]))
    if choice.level == "public":
        walled = request.registry.settings.get("communicate.widest_audience") == "members"
        return WALLED if walled else choice.sentence
    return choice.sentence


def named(request: Any, audience: Audience) -> str:
    """Return who is chosen, for the owner: circles by name, people by login or number.

    Empty where nobody is.
    """
    if audience.level != "chosen":
        return ""
    numbers = set(circles_in(audience))
    words = [each.name for each in _circles(request) if each.id in numbers] if numbers else []
    people = logins_in(request, audience)
    if len(words) + len(people) > NAMED and people:
        people = [request.page.plural(PEOPLE, len(people))]
    words += people
    if len(words) > NAMED:
        words = [words[0], request.page.say(OTHERS, n=request.page.number(len(words) - 1))]
    return str(request.page.list(words))


def circles_in(audience: Audience | None) -> list[int]:
    """Return the ids of the circles that *audience* names."""
    return _numbers(audience, "circle")


def logins_in(request: Any, audience: Audience | None) -> list[str]:
    """Return the logins of the people that *audience* names, in order; who is gone is left out."""
    members = request.find_service(IMembers)
    return sorted(filter(None, map(members.login_of, _numbers(audience, "member"))))


def _numbers(audience: Audience | None, kind: str) -> list[int]:
    found = () if audience is None else audience.chosen
    pairs = (name.partition(":") for name in found)
    return [int(number) for what, _colon, number in pairs if what == kind and number.isdecimal()]


class VisibleTo(colander.SchemaType):
    """One of the audiences that a form offers; sent in parts, see `widgets.AudienceWidget`."""

    def __init__(self, levels: tuple[str, ...] = LEVELS, *, confirm: bool = True) -> None:
        self.levels = levels
        self.confirm = confirm

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Return the `Audience` itself, or the word for it: the widget shows its parts."""
        return colander.null if appstruct in (colander.null, None, "") else appstruct

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Return the `Audience`; raise `colander.Invalid` where it is not offered."""
        if cstruct is colander.null:
            return colander.null
        sent = cstruct if isinstance(cstruct, dict) else {"level": [cstruct]}
        level = _text(node, sent.get("level"))
        names = _text(node, sent.get("people"))
        sure = Checked().deserialize(node, _one(node, sent.get("sure")))
        numbers = [_text(node, [each]) for each in sent.get("circles") or ()]
        if level == "":
            return colander.null
        if level not in self.levels:
            raise colander.Invalid(node, NOT_OFFERED)
        bindings = node.bindings or {}
        if level == "chosen":
            return self._chosen(node, bindings.get("request"), names, numbers)
        before = getattr(bindings.get("before"), "level", bindings.get("before"))
        if level == "public" and self.confirm and before != "public" and sure is not True:
            raise colander.Invalid(node, SURE)
        return Audience(level)

    def _chosen(self, node: Any, request: Any, names: str, numbers: list[str]) -> Audience:
        if request is None or request.member is None:
            raise colander.Invalid(node, NOT_OFFERED)
        own = {str(each.id): each.id for each in _circles(request)}
        if not own.keys() >= set(numbers):
            raise colander.Invalid(node, NOT_OFFERED)
        chosen = [circle(own[each]) for each in numbers]
        chosen += [member(uid) for uid in _people(node, request, names)]
        if not chosen:
            raise colander.Invalid(node, NOBODY)
        return Audience("chosen", chosen)


def _circles(request: Any) -> list[Any]:
    found: list[Any] = request.find_service(IContacts).circles(request.member.uid)
    return found


def _people(node: Any, request: Any, names: str) -> list[int]:
    """Return the members whose logins *names* lists; raise `colander.Invalid`."""
    from communicate.contacts.people import Unknown, named

    try:
        found = [uid for uid in named(request, names) if uid != request.member.uid]
    except Unknown as error:
        unknown = {"login": str(error)}
        message = _("Nobody has the login ${login}.", mapping=unknown)
        raise colander.Invalid(node, message) from None
    if len(found) > MOST:
        raise colander.Invalid(node, TOO_MANY)
    blocked = [
        uid
        for uid in found
        if request.find_service(IContacts).has_blocked(request.member.uid, uid)
    ]
    if blocked:
        who = {"login": request.find_service(IMembers).login_of(blocked[0])}
        raise colander.Invalid(node, _("You have blocked ${login}.", mapping=who))
    return found


def _one(node: Any, sent: Any) -> Any:
    """Return the one value that was sent, or nothing; raise `colander.Invalid` for several."""
    if not sent:
        return colander.null
    if not isinstance(sent, list) or len(sent) != 1 or not isinstance(sent[0], str):
        raise colander.Invalid(node, NOT_OFFERED)
    return sent[0]


def _text(node: Any, sent: Any) -> str:
    """Return the text that was sent, at most LONGEST characters; raise `colander.Invalid`."""
    found = Text(lines=True).deserialize(node, _one(node, sent))
    if found is colander.null:
        return ""
    if len(found) > LONGEST:
        raise colander.Invalid(node, TOO_MANY)
    return str(found)

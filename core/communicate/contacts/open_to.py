"""To whom a member opens something: one of the levels, or people who are named."""

from collections.abc import Mapping
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.audience import Audience
from communicate.contacts.people import Unknown, named
from communicate.principals import contacts, member
from communicate.web.forms import Form

_ = TranslationStringFactory("communicate")


def audience_of(request: Any, form: Form, values: Mapping[str, Any]) -> Audience:
    """Return whom *values* of *form* admit: ``who`` is a level, ``people`` are logins.

    Chosen people are let in beside contacts.  Raise FormInvalid for a login that nobody has.
    """
    if values["who"] != "chosen":
        return Audience(values["who"])
    uid = request.member.uid
    try:
        people = [one for one in named(request, values["people"]) if one != uid]
    except Unknown as error:
        who = {"login": str(error)}
        form.fail("people", _("Nobody has the login ${login}.", mapping=who))
    if not people:
        form.fail("people", _("Name at least one person."))
    return Audience("chosen", [contacts(uid), *map(member, people)])

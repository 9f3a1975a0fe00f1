"""Making and changing forums, for operators."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.audience import Audience
from communicate.content import NameTaken
from communicate.permissions import OPERATE, VIEW
from communicate.security import permits
from communicate.web import notices
from communicate.web.forms import Button, Form, FormInvalid
from communicate_forums.content import Forum, Forums
from communicate_forums.forms import UnknownLogin, circle, forum_schema, people_of, word_of
from communicate_forums.interfaces import IForums
from communicate_forums.permissions import OPEN_TOPIC, REPLY
from communicate_forums.reading import Reading

_ = TranslationStringFactory("communicate_forums")

NEW = {"weight": 100, "audience": "public", "open": "members", "reply": "members"}
FEWER = _("What is here was written for fewer people: only who reads it can let more people read.")


def circles_of(forum: Forum) -> dict[str, Audience | None]:
    """Return who reads *forum*, opens topics and replies, by field."""
    grants = forum.grants
    return {
        "audience": forum.audience,
        "open": grants.get(OPEN_TOPIC),
        "reply": grants.get(REPLY),
    }


def details_of(
    request: Request, form: Form, values: dict[str, Any], forum: Forum | None = None
) -> dict[str, Any]:
    """Return *values* as `IForums.change_forum` takes them; raise FormInvalid for unknown people.

    While the names are those that *forum* has, each of its lists of people stays as it is.
    """
    people = values["people"]
    before = {} if forum is None else circles_of(forum)
    same = people == people_of(request, *before.values())
    found = {}
    for key in ("audience", "open", "reply"):
        kept = before.get(key) if same and values[key] == "chosen" else None
        if kept is None or word_of(kept) != "chosen":
            kept = named(request, form, values[key], people)
        found[key] = kept
    return {
        **{key: values[key] for key in ("title", "description", "category", "weight")},
        "audience": found["audience"],
        "grants": {OPEN_TOPIC: found["open"], REPLY: found["reply"]},
    }


def opens(request: Request, forum: Forum, audience: Audience) -> bool:
    """Tell whether *audience* lets more people read what was written in *forum* for few.

    Who reads there may do that; an operator from outside would open what no role opens.
    """
    before = forum.effective_audience()
    if before.is_common or forum.is_bare or permits(request, forum, VIEW):
        return False
    return audience.level != "chosen" or not set(audience.chosen) <= set(before.chosen)


def named(request: Request, form: Form, word: str, people: str) -> Audience:
    """Return what *word* and *people* stand for; raise FormInvalid where they name nobody."""
    try:
        return circle(request, word, people)
    except UnknownLogin as error:
        if str(error):
            message = _("Nobody has the login ${login}.", mapping={"login": str(error)})
            form.fail("people", message)
        form.fail("people", _("Name at least one person."))


def manage_page(context: Forums, request: Request, form: Form) -> dict[str, Any]:
    """Return what the page with all forums shows."""
    reading = Reading(request)
    listed = sorted(context.values(), key=lambda forum: (forum.weight, forum.title))
    return {
        "title": _("Manage the forums"),
        "forums": [(forum, reading.title_of(forum)) for forum in listed],
        "form": form,
    }


@view_config(
    context=Forums,
    name="manage",
    permission=OPERATE,
    request_method="GET",
    renderer="communicate_forums:templates/manage.pt",
)
def manage(context: Forums, request: Request) -> dict[str, Any]:
    """Show all forums, and the form of a new one."""
    return manage_page(context, request, add_form(request))


def add_form(request: Request) -> Form:
    """Return the form of a new forum."""
    schema = forum_schema(request, named=True)
    return Form(schema, request, [Button("add", _("Add the forum"))], values=NEW)


@view_config(
    context=Forums,
    name="manage",
    permission=OPERATE,
    request_method="POST",
    renderer="communicate_forums:templates/manage.pt",
)
def add(context: Forums, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Make a forum."""
    form = add_form(request)
    try:
        values = form.validate()
        details = details_of(request, form, values)
        make(request, form, values["name"], details)
    except FormInvalid:
        request.response.status = 400
        return manage_page(context, request, form)
    notices.give(request, _("The forum is there."))
    done: HTTPSeeOther = form.done(f"/forums/{values['name']}")
    return done


def make(request: Request, form: Form, name: str, details: dict[str, Any]) -> None:
    """Make the forum *name*; raise FormInvalid where the name is taken."""
    try:
        request.find_service(IForums).add_forum(name, **details)
    except NameTaken:
        form.fail("name", _("This name is taken: choose another one."))


def settings_form(context: Forum, request: Request) -> Form:
    """Return the form with what the forum is now."""
    circles = circles_of(context)
    values = {
        **{key: getattr(context, key) for key in ("title", "description", "category", "weight")},
        **{key: word_of(who) for key, who in circles.items()},
        "people": people_of(request, *circles.values()),
    }
    schema = forum_schema(request, named=False)
    return Form(schema, request, [Button("save", _("Save"))], values=values)


def settings_page(context: Forum, request: Request, form: Form) -> dict[str, Any]:
    """Return what the page of a forum's settings shows."""
    return {
        "title": _("Settings of the forum"),
        "forum": context,
        "forum_title": Reading(request).title_of(context),
        "path": f"/forums/{context.__name__}" if permits(request, context, VIEW) else None,
        "form": form,
    }


@view_config(
    context=Forum,
    name="settings",
    permission=OPERATE,
    request_method="GET",
    renderer="communicate_forums:templates/settings.pt",
)
def settings(context: Forum, request: Request) -> dict[str, Any]:
    """Show what operators can change about a forum."""
    return settings_page(context, request, settings_form(context, request))


@view_config(
    context=Forum,
    name="settings",
    permission=OPERATE,
    request_method="POST",
    renderer="communicate_forums:templates/settings.pt",
)
def change(context: Forum, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Change the forum."""
    form = settings_form(context, request)
    try:
        details = details_of(request, form, form.validate(), context)
        if opens(request, context, details["audience"]):
            form.fail("audience", FEWER)
    except FormInvalid:
        request.response.status = 400
        return settings_page(context, request, form)
    request.find_service(IForums).change_forum(context, details)
    notices.give(request, _("Saved."))
    done: HTTPSeeOther = form.done(f"/forums/{context.__name__}")
    return done

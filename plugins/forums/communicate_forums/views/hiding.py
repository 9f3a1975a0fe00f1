"""Hiding a topic or a post with a reason, and the page on which its author reads that."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import MODERATE
from communicate.web import notices
from communicate.web.forms import Form, FormInvalid
from communicate.writing.references import without as without_files
from communicate_forums.content import Post, Topic
from communicate_forums.duties import HIDDEN
from communicate_forums.forms import reason_form
from communicate_forums.interfaces import IForums, IRemovals
from communicate_forums.permissions import REASON
from communicate_forums.reading import Reading
from communicate_forums.viewers import notify
from communicate_forums.views.moving import TEMPLATE, page
from communicate_forums.views.places import place_of

_ = TranslationStringFactory("communicate_forums")

TITLES = {Topic: _("Hide the topic"), Post: _("Hide the post")}
DONE = {Topic: _("The topic is hidden."), Post: _("The post is hidden.")}
WHY = {Topic: _("Why your topic is hidden"), Post: _("Why your post is hidden")}

Thing = Topic | Post


def topic_of(thing: Thing) -> Topic:
    """Return *thing*, or the topic that it is a post of."""
    found: Topic = thing if isinstance(thing, Topic) else thing.__parent__
    return found


def hide_page(thing: Thing, request: Request, form: Form) -> dict[str, Any]:
    """Return what the page shows on which a moderator gives a reason."""
    lead = _("Only moderators see it then. Its author reads the reason.")
    return page(topic_of(thing), request, TITLES[type(thing)], lead=lead, forms=[("", form)])


@view_config(
    context=Topic, name="hide", permission=MODERATE, request_method="GET", renderer=TEMPLATE
)
@view_config(
    context=Post, name="hide", permission=MODERATE, request_method="GET", renderer=TEMPLATE
)
def hide(context: Thing, request: Request) -> dict[str, Any]:
    """Ask for the reason."""
    return hide_page(context, request, reason_form(request))


@view_config(
    context=Topic, name="hide", permission=MODERATE, request_method="POST", renderer=TEMPLATE
)
@view_config(
    context=Post, name="hide", permission=MODERATE, request_method="POST", renderer=TEMPLATE
)
def hidden(context: Thing, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Hide it, tell its author, and lead back."""
    form = reason_form(request)
    try:
        reason = form.validate()["reason"]
    except FormInvalid:
        request.response.status = 400
        return hide_page(context, request, form)
    request.find_service(IRemovals).set_hidden(context, True, reason, request.member.uid)
    tell_author(request, context)
    notices.give(request, DONE[type(context)])
    done: HTTPSeeOther = form.done(back(request, context))
    return done


def back(request: Request, thing: Thing) -> str:
    """Return where a moderator goes on after *thing* was hidden."""
    if isinstance(thing, Post):
        return place_of(request, thing)
    return str(request.find_service(IForums).path(thing))


def tell_author(request: Request, thing: Thing) -> None:
    """Send the author of *thing* a notice that leads to the reason.

    It names no moderator: it comes from the site, whomever the author has blocked.
    """
    if thing.owner not in (None, request.member.uid):
        notify(request, HIDDEN, thing.owner, path=reason_path(thing))


def reason_path(thing: Thing) -> str:
    """Return the address of the page on which the author of *thing* reads why it is hidden."""
    topic = topic_of(thing)
    below = "" if thing is topic else f"/{thing.__name__}"
    return f"/forums/{topic.__parent__.__name__}/{topic.__name__}{below}/reason"


@view_config(
    context=Topic,
    name="reason",
    permission=REASON,
    request_method="GET",
    renderer="communicate_forums:templates/reason.pt",
)
@view_config(
    context=Post,
    name="reason",
    permission=REASON,
    request_method="GET",
    renderer="communicate_forums:templates/reason.pt",
)
def reason(context: Thing, request: Request) -> dict[str, Any]:
    """Show the author why it is hidden, and what it was."""
    reading = Reading(request)
    words = reading.words
    html = words.html(context) if isinstance(context, Post) else None
    return {
        "title": WHY[type(context)],
        "topic_title": words.title(context) if isinstance(context, Topic) else None,
        "reason": words.reason(context),
        "words": html and reading.quotes.fill(without_files(html), context.created),
    }

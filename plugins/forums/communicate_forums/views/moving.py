"""What moderators do with whole topics: moving, splitting, merging."""

from typing import Any
from urllib.parse import urlsplit

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import MODERATE, VIEW
from communicate.security import permits
from communicate.web import notices
from communicate.web.forms import Form, FormInvalid
from communicate.web.marks import AUDIENCES
from communicate_forums.content import Forum, Forums, Post, Topic, id_in
from communicate_forums.forms import merge_form, move_form, split_form
from communicate_forums.interfaces import IForums, IMoves
from communicate_forums.moving import FIRST, GONE, LONG, MOST, SAME, CannotMove
from communicate_forums.reading import Reading

_ = TranslationStringFactory("communicate_forums")

WHY = {
    FIRST: _("The first post stays where it is: move the topic instead."),
    LONG: _(
        "More than ${most} posts would move: begin nearer to the end.", mapping={"most": MOST}
    ),
    GONE: _("One of the two topics is hidden or deleted: show it again first."),
    SAME: _("This is the topic itself: write the address of another one."),
}
WIDER = _("More people read that topic: these posts were written for fewer.")
TEMPLATE = "communicate_forums:templates/moderate.pt"


def page(topic: Topic, request: Request, title: Any, **more: Any) -> dict[str, Any]:
    """Return what a page about *topic* for moderators shows."""
    reading = Reading(request)
    forum: Forum = topic.__parent__
    return {
        "title": title,
        "topic_title": reading.words.title(topic) or _("A deleted title"),
        "path": reading.words.path(topic),
        "forum": forum,
        "forum_title": reading.title_of(forum) if permits(request, forum, VIEW) else None,
        **more,
    }


def widens(topic: Topic, target: Forum | Topic) -> bool:
    """Tell whether more people read *target*: no moderator opens what others wrote for fewer."""
    return target.effective_audience().width > topic.effective_audience().width


def targets(topic: Topic, request: Request) -> list[tuple[str, Any]]:
    """Return names and titles of the forums to which the viewer can move *topic*."""
    reading, forums = Reading(request), topic.__parent__.__parent__
    found = []
    for forum in sorted(forums.values(), key=lambda forum: (forum.weight, forum.title)):
        elsewhere = forum is not topic.__parent__ and not widens(topic, forum)
        if elsewhere and permits(request, forum, VIEW):
            word = request.localizer.translate(AUDIENCES[forum.effective_audience().level][1])
            found.append((forum.__name__, f"{reading.title_of(forum)} – {word}"))
    return found


def move_page(topic: Topic, request: Request, moving: Form, merging: Form) -> dict[str, Any]:
    """Return what the page shows on which a topic is moved or merged."""
    forms = [] if not targets(topic, request) else [(_("To another forum"), moving)]
    lead = _("Whoever reads the other forum reads the topic, at once, and nobody else.")
    return page(
        topic,
        request,
        _("Move the topic"),
        lead=lead,
        forms=[*forms, (_("Into another topic"), merging)],
    )


def move_forms(topic: Topic, request: Request) -> tuple[Form, Form]:
    """Return the two forms of that page."""
    return move_form(request, targets(topic, request)), merge_form(request)


@view_config(
    context=Topic, name="move", permission=MODERATE, request_method="GET", renderer=TEMPLATE
)
def move(context: Topic, request: Request) -> dict[str, Any]:
    """Show where the topic can go."""
    return move_page(context, request, *move_forms(context, request))


@view_config(
    context=Topic, name="move", permission=MODERATE, request_method="POST", renderer=TEMPLATE
)
def moved(context: Topic, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Move the topic into a forum, or its posts into another topic, and lead there."""
    moving, merging = move_forms(context, request)
    merges = "merge" in request.POST
    try:
        done = merge(context, request, merging) if merges else transfer(context, request, moving)
    except FormInvalid:
        request.response.status = 400
        return move_page(context, request, moving, merging)
    return done


def transfer(topic: Topic, request: Request, form: Form) -> HTTPSeeOther:
    """Move *topic* into the forum that *form* names."""
    name = form.validate()["forum"]
    forum = topic.__parent__.__parent__[name]
    request.find_service(IMoves).move(topic, forum)
    notices.give(request, _("The topic has moved."))
    place = request.find_service(IForums).path(topic) if permits(request, topic, VIEW) else ""
    done: HTTPSeeOther = form.done(place or f"/forums/{name}")
    return done


def merge(topic: Topic, request: Request, form: Form) -> HTTPSeeOther:
    """Put the posts of *topic* into the one that *form* names."""
    into = named(topic.__parent__.__parent__, form.validate()["topic"])
    if into is None or not permits(request, into, MODERATE):
        form.fail("topic", _("No topic that you moderate has this address."))
    if widens(topic, into):
        form.fail("topic", WIDER)
    try:
        request.find_service(IMoves).merge(topic, into)
    except CannotMove as error:
        form.fail("topic", WHY[error.why])
    notices.give(request, _("The two topics are one now."))
    done: HTTPSeeOther = form.done(request.find_service(IForums).path(into))
    return done


def named(forums: Forums, address: str) -> Topic | None:
    """Return the topic with that *address*, of this site or another, or None."""
    try:
        elements = urlsplit(address).path.strip("/").split("/")
        return forums.topic(id_in(elements[2]))
    except (ValueError, KeyError, IndexError):
        return None


@view_config(
    context=Post, name="split", permission=MODERATE, request_method="GET", renderer=TEMPLATE
)
def split(context: Post, request: Request) -> dict[str, Any]:
    """Ask for the title of the new topic."""
    return split_page(context, request, split_form(request))


def split_page(post: Post, request: Request, form: Form) -> dict[str, Any]:
    """Return what the page shows on which a topic is split."""
    lead = _("This post and all that follow it become a topic of their own.")
    return page(post.__parent__, request, _("Split the topic"), lead=lead, forms=[("", form)])


@view_config(
    context=Post, name="split", permission=MODERATE, request_method="POST", renderer=TEMPLATE
)
def splitted(context: Post, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Make the topic and lead to it."""
    form = split_form(request)
    try:
        new = split_off(context, request, form)
    except FormInvalid:
        request.response.status = 400
        return split_page(context, request, form)
    notices.give(request, _("The new topic is there."))
    done: HTTPSeeOther = form.done(request.find_service(IForums).path(new))
    return done


def split_off(post: Post, request: Request, form: Form) -> Topic:
    """Return the topic made of *post* and what follows it, titled as *form* says."""
    title = form.validate()["title"]
    try:
        made: Topic = request.find_service(IMoves).split(post, title, request.member.uid)
    except CannotMove as error:
        form.fail(None, WHY[error.why])
    return made

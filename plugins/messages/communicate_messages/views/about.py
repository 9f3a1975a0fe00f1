"""What a conversation is: who takes part, its name, how long it is kept, and leaving it."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.interfaces import IContacts
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web import notices
from communicate.web.forms import FormInvalid
from communicate_messages.content import Conversation
from communicate_messages.errors import Refused
from communicate_messages.forms import add_form, life_form, name_form
from communicate_messages.interfaces import ILife, ITaking
from communicate_messages.life import in_words
from communicate_messages.permissions import SHAPE, TAKE_PART
from communicate_messages.reading import Reading
from communicate_messages.views.conversation import count_sending, part_of
from communicate_messages.views.new import count_strangers, people_in

_ = TranslationStringFactory("communicate_messages")

TEMPLATE = "communicate_messages:templates/about.pt"
DONE = {
    "mute": _("You are not told any more of what comes here."),
    "unmute": _("You are told again of what comes here."),
    "archive": _("The conversation is archived."),
    "unarchive": _("The conversation is back in the list."),
    "accept": _("The conversation is among yours."),
    "decline": _("The request is put away."),
    "agree": _("You have agreed."),
    "refuse": _("It stays as it is."),
    "block": _("The request is put away, and the person blocked."),
    "leave": _("You have left the conversation."),
}
AWAY = ("archive", "decline", "block", "leave")  # what leads to the list


def about_page(context: Conversation, request: Request, **forms: Any) -> dict[str, Any]:
    """Return what the page shows; *forms* are those with errors."""
    reading, path = Reading(request), f"/messages/{context.__name__}"
    part, page = part_of(context, request), request.page
    several = context.pair is None
    title = reading.given_title(context)
    rows = [
        {"uid": uid, "avatar": page.avatar(page.login_of(uid)), "part": one, "since": one.since}
        for uid, one in context.parts.items()
    ]
    return {
        "title": _("About this conversation"),
        "name": reading.title_of(context),
        "path": path,
        "rows": rows,
        "part": part,
        "several": several,
        "shapes": bool(permits(request, context, SHAPE)),
        "adding": forms.get("adding") or add_form(request, f"{path}/add"),
        "naming": forms.get("naming") or name_form(request, f"{path}/name", title),
        "keeping": forms.get("keeping") or life_form(request, f"{path}/keep", context.life),
        "life": in_words(page, context.life),
        "wish": None if context.wish is None else in_words(page, context.wish),
        "wisher": reading.name_of(context.wisher),
        "agreed": [uid for uid, one in context.parts.items() if one.agreed == context.wish],
        "mine": context.wish is not None and part.agreed == context.wish,
    }


@view_config(
    context=Conversation, name="about", permission=VIEW, request_method="GET", renderer=TEMPLATE
)
def about(context: Conversation, request: Request) -> dict[str, Any]:
    """Show who takes part, and what can be changed."""
    return about_page(context, request)


@view_config(context=Conversation, name="act", permission=TAKE_PART, request_method="POST")
def act(context: Conversation, request: Request) -> HTTPSeeOther:
    """Do what the button says."""
    verb, uid = request.POST.get("act", ""), request.member.uid
    if verb not in DONE:
        raise HTTPBadRequest
    taking, life = request.find_service(ITaking), request.find_service(ILife)
    if verb in ("mute", "unmute"):
        taking.mute(context, uid, verb == "mute")
    elif verb in ("archive", "unarchive"):
        taking.archive(context, uid, verb == "archive")
    elif verb == "accept":
        taking.accept(context, uid)
    elif verb in ("decline", "block"):
        _decline(context, request, block=verb == "block")
    elif verb == "leave":
        taking.leave(context, uid, words=request.POST.get("words") == "yes")
    else:
        (life.agree if verb == "agree" else life.refuse)(context, uid)
    notices.give(request, DONE[verb])
    return HTTPSeeOther("/messages" if verb in AWAY else f"/messages/{context.__name__}")


def _decline(context: Conversation, request: Request, *, block: bool) -> None:
    uid = request.member.uid
    stranger = context.inviter(uid)
    request.find_service(ITaking).decline(context, uid)
    if block and stranger not in (None, uid):
        request.find_service(IContacts).block(uid, stranger)


@view_config(
    context=Conversation,
    name="add",
    permission=SHAPE,
    request_method="POST",
    renderer=TEMPLATE,
)
def add(context: Conversation, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Let more people in."""
    path, taking = f"/messages/{context.__name__}", request.find_service(ITaking)
    form = add_form(request, f"{path}/add")
    try:
        people = people_in(request, form, form.validate()["people"])
        count_sending(request, "")
        count_strangers(request, people)
        _add_all(context, request, form, taking, people)
    except FormInvalid:
        request.response.status = 400
        return about_page(context, request, adding=form)
    done: HTTPSeeOther = form.done(path)
    return done


def _add_all(
    context: Conversation, request: Request, form: Any, taking: Any, people: list[int]
) -> None:
    point = request.tm.savepoint()
    try:
        for whom in people:
            taking.add(context, request.member.uid, whom)
    except Refused as refused:
        point.rollback()
        form.fail("people", refused.reason)


@view_config(
    context=Conversation,
    name="name",
    permission=SHAPE,
    request_method="POST",
    renderer=TEMPLATE,
)
def name(context: Conversation, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Give the conversation another name."""
    path = f"/messages/{context.__name__}"
    form = name_form(request, f"{path}/name", "")
    try:
        values = form.validate()
        count_sending(request, values["title"])
        request.find_service(ITaking).rename(context, request.member.uid, values["title"])
    except FormInvalid:
        request.response.status = 400
        return about_page(context, request, naming=form)
    except Refused:
        raise HTTPBadRequest from None
    done: HTTPSeeOther = form.done(path)
    return done


@view_config(
    context=Conversation,
    name="keep",
    permission=SHAPE,
    request_method="POST",
    renderer=TEMPLATE,
)
def keep(context: Conversation, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Propose for how long messages are kept."""
    path = f"/messages/{context.__name__}"
    form = life_form(request, f"{path}/keep", context.life)
    try:
        values = form.validate()
    except FormInvalid:
        request.response.status = 400
        return about_page(context, request, keeping=form)
    count_sending(request, "")
    request.find_service(ILife).propose(context, request.member.uid, int(values["life"]))
    done: HTTPSeeOther = form.done(path)
    return done

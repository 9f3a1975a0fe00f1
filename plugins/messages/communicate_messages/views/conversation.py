"""A conversation: its messages, and writing one more."""

from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.ids import encode
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web.forms import PREVIEW, Form, FormInvalid, blank
from communicate.web.slices import Slice, asked, query
from communicate.writing.counting import count_posting
from communicate.writing.interfaces import IAttachments
from communicate_messages.content import Conversation, Part
from communicate_messages.errors import Refused
from communicate_messages.forms import say_form
from communicate_messages.interfaces import IMessages, ITaking
from communicate_messages.life import in_words
from communicate_messages.lines import Lines
from communicate_messages.permissions import SAY
from communicate_messages.quotes import Quotes
from communicate_messages.reading import Reading
from communicate_messages.receipts import state_of
from communicate_messages.telling import saw
from communicate_messages.views.lists import pane
from communicate_messages.windows import Window, opening, page_of, window_of

_ = TranslationStringFactory("communicate_messages")

NEVER = 2**62  # ms: nothing has changed since
TEMPLATE = "communicate_messages:templates/conversation.pt"


def part_of(context: Conversation, request: Request) -> Part:
    """Return what *context* is to the viewer, who takes part in it."""
    part = context.part(request.viewer.uid)
    return Part() if part is None else part


def slice_of(window: Window, part: Part, request: Request) -> Slice:
    """Return the lines that the query asks for, or those with which the page opens."""
    size = request.registry.settings["messages.page_size"]
    after, before = asked(request, "after"), asked(request, "before")
    if after is None and before is None:
        return opening(window, part, size)
    return page_of(window, size, after, before)


def compose(context: Conversation, request: Request, path: str) -> Any:
    """Return the form that writes here, with what is to be quoted in it."""
    number = asked(request, "quote")
    if number is not None and number in context.lines:
        return say_form(request, path, f"[quote:{encode(number)}]\n\n").render()
    return blank(request, "messages.say", lambda action: say_form(request, action), path)


def read_up_to(context: Conversation, request: Request, lines: list[tuple[int, Any]]) -> None:
    """Count what the page shows as read; a request is read without a trace."""
    part = part_of(context, request)
    if lines and part.accepted:
        request.find_service(ITaking).see(context, request.viewer.uid, lines[-1][0])
    saw(request, context)


def conversation_page(
    context: Conversation, request: Request, form: Form | None = None, why: Any = None
) -> dict[str, Any]:
    """Return what the page of a conversation shows."""
    reading = Reading(request)
    part, path = part_of(context, request), f"/messages/{context.__name__}"
    read, window = part.seen, window_of(context, part)
    page = slice_of(window, part, request)
    read_up_to(context, request, page.items)
    closed = why or reading.words.closed(context, request.viewer.uid)
    may_say = closed is None and bool(permits(request, context, SAY))
    lines = Lines(reading, context, may_say=may_say)
    return {
        "title": reading.title_of(context),
        "conversation": context,
        "path": path,
        "pane": pane(request, reading, part.place, context),
        "back": {"archived": "/messages/archived", "asked": "/messages/requests"}.get(
            part.place, "/messages"
        ),
        "avatar": reading.avatar_of(context),
        "people": reading.people(context),
        "lines": lines.show(page.items, read),
        "last": encode(page.items[-1][0]) if page.items else "",
        "earlier": page.back and path + query(before=page.back),
        "later": page.forth and path + query(after=page.forth),
        "latest": page.forth and f"{path}/latest",
        "state": None if page.forth else state_of(reading, context),
        "reply": form.render() if form else (compose(context, request, path) if may_say else None),
        "closed": closed,
        "part": part,
        "life": in_words(request.page, context.life) if context.life else None,
        "wish": None if context.wish is None else in_words(request.page, context.wish),
        "wisher": reading.name_of(context.wisher),
        "agreed": context.wish is not None and part.agreed == context.wish,
    }


@view_config(context=Conversation, permission=VIEW, request_method="GET", renderer=TEMPLATE)
def conversation(context: Conversation, request: Request) -> dict[str, Any]:
    """Show a page of messages, and count them as read."""
    return conversation_page(context, request)


@view_config(context=Conversation, permission=VIEW, request_method="POST", renderer=TEMPLATE)
def say(context: Conversation, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Add a message and lead to it."""
    path = f"/messages/{context.__name__}"
    form, words = say_form(request, path), request.find_service(IMessages)
    try:
        values = form.validate()
        if form.pressed == PREVIEW:
            form.preview = previewed(context, request, values["body"])
            return conversation_page(context, request, form)
        count_sending(request, values["body"])
        message = words.say(context, request.member.uid, values["body"])
        request.find_service(IAttachments).take(form, message)
    except FormInvalid:
        request.response.status = 400
        return conversation_page(context, request, form)
    except Refused as refused:
        request.response.status = 403
        return conversation_page(context, request, why=refused.reason)
    done: HTTPSeeOther = form.done(f"{path}#{message.__name__}")
    return done


def previewed(context: Conversation, request: Request, body: str) -> Any:
    """Return the HTML of *body* as it would be read here."""
    reading = Reading(request)
    return Quotes(reading, context).fill(reading.words.preview(body), NEVER)


def count_sending(request: Request, body: str) -> None:
    """Count one more message of the member; raise `TooMany` above the limit."""
    count_act(request, "messages.sending")
    count_posting(request, body, "posts")


@view_config(context=Conversation, name="latest", permission=VIEW, request_method="GET")
def latest(context: Conversation, request: Request) -> HTTPSeeOther:
    """Lead to the end of the conversation, and count all of it as read."""
    part = part_of(context, request)
    last = next((line.id for line in context.newest(part.since, context.last_for(part))), 0)
    if part.accepted:
        request.find_service(ITaking).see(context, request.viewer.uid, last)
    return HTTPSeeOther(f"/messages/{context.__name__}#{encode(last)}")


@view_config(context=Conversation, name="since", permission=VIEW, request_method="GET")
def since(context: Conversation, request: Request) -> Response:
    """Return what came after the message that the query names, as HTML to be put below it."""
    reading, part = Reading(request), part_of(context, request)
    size = request.registry.settings["messages.page_size"]
    after, window = asked(request, "after") or 0, window_of(context, part)
    page = page_of(window, size, after, None)
    read_up_to(context, request, page.items)
    lines = Lines(reading, context, may_say=bool(permits(request, context, SAY)))
    before = window.tree.get(after)
    day = lines.day_of(before.created) if before is not None else ""
    html = lines.show(page.items, 0, day)
    state = state_of(reading, context) if page.forth is None else None
    tail = Markup('<li class="say-state" data-state>{}</li>').format(state) if state else ""
    last = encode(page.items[-1][0]) if page.items else encode(after)
    return Response(html + tail, headers={"X-Last": last, "Cache-Control": "no-store"})

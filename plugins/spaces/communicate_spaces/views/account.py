"""The owner's page about comments: the rules of the space, and of one thing."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.audience import PRIVATE, Audience
from communicate.ids import decode
from communicate.permissions import MEMBER
from communicate.profile import blocks
from communicate.profile.interfaces import IProfiles
from communicate.web import notices
from communicate.web.forms import FormInvalid
from communicate_spaces import places
from communicate_spaces.content import NAME, Thread, Wall
from communicate_spaces.forms import space_form, thing_form
from communicate_spaces.interfaces import IRules
from communicate_spaces.permissions import COMMENT

_ = TranslationStringFactory("communicate_spaces")

ROUTE, THING = "account.comments", "account.comments.thing"
TEMPLATE = "communicate_spaces:templates/account.pt"


def own_wall(request: Request) -> Wall:
    """Return the wall of who asks."""
    found: Wall = request.find_service(IRules).wall(request.member.uid)
    return found


@view_config(
    route_name=ROUTE, permission=MEMBER, request_method=("GET", "POST"), renderer=TEMPLATE
)
def space(_context: Any, request: Request) -> Any:
    """Let the owner say who reads the comments on the space, and who may comment."""
    wall = own_wall(request)
    values: dict[str, Any] = {
        "readers": wall.audience,
        "who": wall.grants.get(COMMENT, PRIVATE),
        "approval": wall.approval,
    }
    form = space_form(request, values)
    if request.method == "POST":
        try:
            values = form.validate()
        except FormInvalid:
            request.response.status = 400
        else:
            uid = request.member.uid
            request.find_service(IRules).open_space(
                uid, values["readers"], values["who"], approval=values["approval"]
            )
            show_block(request, values["readers"])
            notices.give(request, _("Saved: it counts from now on."))
            return form.done(request.route_path(ROUTE))
    waiting = max(0, int(wall.pending()))
    path = f"{request.page.url(wall)}/waiting" if waiting else None
    return page(request, ROUTE, form=form, waiting=path, wall=wall, thing=None)


def show_block(request: Request, readers: Audience) -> None:
    """Have the space show its comments, once others may read them."""
    placed = blocks.placed(request.member, request)
    if readers.level == "private" or not any(each.block.name == NAME for each in placed):
        return
    order = blocks.rearranged(placed, NAME, "show")
    request.find_service(IProfiles).arrange(request.member, order)


def thread_named(request: Request) -> Thread:
    """Return the thread on the thing, the member's own, that the address names; 404."""
    try:
        number = decode(request.matchdict["thing"])
    except ValueError:
        raise HTTPNotFound from None
    wall = own_wall(request)
    thing = wall if number == wall.id else places.find_thing(request, number)
    if thing is None or thing.owner != request.member.uid:
        raise HTTPNotFound
    found: Thread = request.find_service(IRules).thread(thing)
    return found


@view_config(
    route_name=THING, permission=MEMBER, request_method=("GET", "POST"), renderer=TEMPLATE
)
def thing(_context: Any, request: Request) -> Any:
    """Let the owner say who may comment one thing."""
    thread = thread_named(request)
    granted = thread.grants.get(COMMENT)
    values = {
        "rules": "space" if granted is None else "own",
        "who": thread.__parent__.grants[COMMENT] if granted is None else granted,
        "approval": thread.needs_approval,
    }
    form = thing_form(request, values)
    if request.method == "POST":
        try:
            values = form.validate()
        except FormInvalid:
            request.response.status = 400
        else:
            who = values["who"] if values["rules"] == "own" else None
            rules = request.find_service(IRules)
            rules.limit(thread.thing, who, approval=values["approval"])
            notices.give(request, _("Saved: it counts from now on."))
            return form.done(f"{places.path_of(request, thread)}#comments")
    path = places.path_of(request, thread)
    return page(request, ROUTE, form=form, waiting=None, wall=None, thing=path)

"""Elements: added, changed, moved and deleted by their owner; led to by whoever may read them."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.content import Member
from communicate.permissions import EDIT, VIEW
from communicate.pictures import serve
from communicate.profile import blocks, forms
from communicate.profile.content import Element
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import AVATAR, CONTACTS, KINDS, STANDING
from communicate.web import notices
from communicate.web.forms import FormInvalid

_ = TranslationStringFactory("communicate")

TEMPLATE = "communicate:templates/profile/element.pt"
STEPS = {"up": -1, "down": 1}
ACTS = ("up", "down", "show", "hide")


def space_of(element: Any) -> str:
    """Return the address of the space in which *element* lies, at its place there."""
    member = element.__parent__.__parent__
    return f"/members/{member.login}#e-{element.__name__}"


def form_page(kind: Any, form: Any, member: Any) -> dict[str, Any]:
    """Return what the page with the form of one element shows."""
    return {"title": kind.title, "form": form, "back": f"/members/{member.login}"}


@view_config(context=Element, permission=VIEW, request_method=("GET", "HEAD"))
def element(context: Any, request: Any) -> HTTPSeeOther:
    """Lead to the place where the element is shown."""
    if context.kind == CONTACTS:
        return HTTPSeeOther(f"/members/{context.__parent__.__parent__.login}/contacts")
    return HTTPSeeOther(space_of(context))


@view_config(context=Element, name="image", permission=VIEW, request_method=("GET", "HEAD"))
def image(context: Any, request: Any) -> Any:
    """Serve the picture that the element holds."""
    if context.file is None:
        raise HTTPNotFound
    return serve(request, context.file, f"{context.id:x}-{context.changed:x}")


@view_config(
    context=Member,
    name="add",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer=TEMPLATE,
)
def add(context: Any, request: Any) -> Any:
    """Let the owner add an element of the kind that the address names."""
    kind = KINDS.get(request.GET.get("kind", ""))
    if kind is None:
        raise HTTPNotFound
    profiles = request.find_service(IProfiles)
    if request.method != "POST" and not profiles.room(context, kind.name):
        notices.give(request, _("There is no room for one more. Delete one first."), "warn")
        return HTTPSeeOther(f"/members/{context.login}")
    form = forms.new_form(request, kind)
    if request.method == "POST":
        try:
            return _add(context, request, kind, form)
        except FormInvalid:
            request.response.status_int = 400
    return form_page(kind, form, context)


def _add(member: Any, request: Any, kind: Any, form: Any) -> Any:
    profiles = request.find_service(IProfiles)
    found = forms.validated(form, request)
    if not profiles.room(member, kind.name):
        form.fail(None, _("There is no room for one more. Delete one first."))
    made = profiles.add(member, kind.name, found)
    if found.get("beside"):
        profiles.limit(profiles.stand(member, AVATAR), made.audience)
    notices.give(request, _("It is in your space."))
    return form.done(space_of(made))


@view_config(
    context=Element,
    name="edit",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer=TEMPLATE,
)
def edit(context: Any, request: Any) -> Any:
    """Let the owner change the element or delete it; of a standing one, choose who may see it."""
    if context.kind in STANDING:
        return HTTPSeeOther(request.page.url(context, "audience"))
    kind, member = KINDS[context.kind], context.__parent__.__parent__
    form = forms.edit_form(request, context, kind)
    if request.method == "POST":
        if form.pressed == "delete":
            return _delete(context, request)
        try:
            return _change(context, request, form)
        except FormInvalid:
            request.response.status_int = 400
    return form_page(kind, form, member)


def _change(element: Any, request: Any, form: Any) -> Any:
    request.find_service(IProfiles).change(element, forms.validated(form, request))
    notices.give(request, _("Saved."))
    return form.done(space_of(element))


def _delete(element: Any, request: Any) -> HTTPSeeOther:
    address = f"/members/{element.__parent__.__parent__.login}"
    forms.count(request)
    request.find_service(IProfiles).delete(element)
    notices.give(request, _("Deleted."))
    return HTTPSeeOther(address)


@view_config(context=Element, name="move", permission=EDIT, request_method="POST")
def move(context: Any, request: Any) -> HTTPSeeOther:
    """Move the element one place up or down."""
    steps = STEPS.get(request.POST.get("to"))
    if steps is None or context.kind not in KINDS:
        raise HTTPBadRequest
    forms.count(request)
    request.find_service(IProfiles).move(context, steps)
    return HTTPSeeOther(space_of(context))


@view_config(context=Member, name="stand", permission=EDIT, request_method="POST")
def stand(context: Any, request: Any) -> HTTPSeeOther:
    """Make a standing element that nobody has asked for yet, and lead to its picker."""
    kind = request.POST.get("kind")
    if kind not in STANDING:
        raise HTTPBadRequest
    forms.count(request)
    made = request.find_service(IProfiles).stand(context, kind)
    return HTTPSeeOther(f"/members/{context.login}/profile/{made.__name__}/audience")


@view_config(context=Member, name="arrange", permission=EDIT, request_method="POST")
def arrange(context: Any, request: Any) -> HTTPSeeOther:
    """Move a block of a service up or down, show it or hide it."""
    name, act = request.POST.get("block"), request.POST.get("act")
    found = blocks.placed(context, request)
    if act not in ACTS or name not in {each.block.name for each in found}:
        raise HTTPBadRequest
    forms.count(request)
    order = blocks.rearranged(found, name, act)
    request.find_service(IProfiles).arrange(context, order)
    return HTTPSeeOther(f"/members/{context.login}#b-{name}")

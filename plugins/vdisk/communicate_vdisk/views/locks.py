"""Who is at work on a folder or a file, said on its page; its owner may end that."""

from markupsafe import Markup
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.view import view_config

from communicate.security import permits
from communicate.web import notices
from communicate_vdisk.content import Node
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.permissions import ADD, CHANGE, OWN

_ = TranslationStringFactory("communicate_vdisk")


def working(request: Request, node: Node) -> Markup:
    """Return who is at work on *node*, for those who may change it; empty where nobody is."""
    if not (permits(request, node, CHANGE) or permits(request, node, ADD)):
        return Markup("")
    locks = request.find_service(ILocks)
    found = locks.on(node)
    if not found:
        return Markup("")
    shown = {
        "sentences": [locks.sentence(lock) for lock in found],
        "path": request.find_service(IDisk).path(node),
        "ends": may_end(request, node),
    }
    return Markup(render("communicate_vdisk:templates/working.pt", shown, request))  # noqa: S704  # from our template


def may_end(request: Request, node: Node) -> bool:
    """Tell whether the viewer may end the locks on *node* itself: its owner, or who holds all."""
    found = [lock for lock in request.find_service(ILocks).on(node) if lock.node == node.id]
    if not found:
        return False
    uid = None if request.member is None else request.member.uid
    return bool(permits(request, node, OWN)) or all(lock.holder == uid for lock in found)


@view_config(context=Node, name="unlock", permission=CHANGE, request_method="POST")
def unlock(context: Node, request: Request) -> HTTPSeeOther:
    """End the locks on it: whoever is at work there cannot save any more."""
    if not may_end(request, context):
        raise HTTPNotFound
    request.find_service(ILocks).release(context)
    notices.give(request, _("Nobody is editing it any more: it can be changed."))
    return HTTPSeeOther(request.find_service(IDisk).path(context))

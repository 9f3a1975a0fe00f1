"""The security policy: one question, ``permits``, asked on every path to a member's content."""

import logging
from typing import TYPE_CHECKING, Any

from pyramid.authorization import Allow
from pyramid.interfaces import ISecurityPolicy
from pyramid.security import Allowed, Denied
from zope.interface import implementer

from communicate.permissions import VIEW
from communicate.principals import Viewer

if TYPE_CHECKING:
    from pyramid.config import Configurator

log = logging.getLogger(__name__)

ALLOWED = Allowed("by its ACL")
OPENED = Allowed("by a case, which has logged it")
REFUSED = Denied("its ACL does not allow it")
UNDERIVED = Denied("its ACL could not be derived")


@implementer(ISecurityPolicy)
class SecurityPolicy:
    """Decide by the context's own ``__acl__``, never by that of a parent.

    A context without one is refused, and an error while one is derived is a denial: Pyramid's
    helper would go on to the parent's ACL in both cases, and open what was meant to be closed.
    """

    def identity(self, request: Any) -> Any:
        """Return the signed-in member, or None."""
        return request.member

    def authenticated_userid(self, request: Any) -> str | None:
        """Return the signed-in member's number as text, or None."""
        return None if request.member is None else str(request.member.uid)

    def permits(self, request: Any, context: Any, permission: str) -> Allowed | Denied:
        """Tell whether the viewer of *request* holds *permission* on *context*."""
        return decide(request.viewer, context, permission)

    def remember(self, request: Any, userid: str, **kw: Any) -> list[tuple[str, str]]:
        """Return no header: sessions are opened by `communicate.accounts`."""
        return []

    def forget(self, request: Any, **kw: Any) -> list[tuple[str, str]]:
        """Return no header: sessions are closed by `communicate.accounts`."""
        return []


def decide(viewer: Viewer, context: Any, permission: str) -> Allowed | Denied:
    """Tell whether *viewer* holds *permission* on *context*, by the context's own ACL alone.

    Where it says no, staff with a case in hand read what that opens (see `communicate.cases`):
    every other viewer has no glass, and nothing more is asked.
    """
    try:
        return _by(context.__acl__, viewer, context, permission)
    except Exception:  # whatever went wrong, the answer is no
        log.exception("the ACL of %s could not be derived", type(context).__name__)
        return UNDERIVED


def _by(acl: Any, viewer: Viewer, context: Any, permission: str) -> Allowed | Denied:
    """Tell whether *viewer* holds *permission* on *context*, whose ACL is *acl*."""
    for action, principal, permissions in acl:
        if permission in permissions and principal in viewer:
            if action == Allow:
                return ALLOWED
            break
    if viewer.glass is not None and permission == VIEW and viewer.glass.opens(context):
        return OPENED
    return REFUSED


def permits(request: Any, context: Any, permission: str) -> Allowed | Denied:
    """Tell whether the viewer of *request* holds *permission* on *context*."""
    return decide(request.viewer, context, permission)


def held(request: Any, context: Any, *permissions: str) -> frozenset[str]:
    """Return those of *permissions* for which `permits` says yes; the ACL is derived once.

    Of a thing of which a page asks several: an ACL may be made of those of other things.
    """
    viewer: Viewer = request.viewer
    try:
        acl = context.__acl__
        return frozenset(one for one in permissions if _by(acl, viewer, context, one))
    except Exception:  # whatever went wrong, the answer is no
        log.exception("the ACL of %s could not be derived", type(context).__name__)
        return frozenset()


def includeme(config: "Configurator") -> None:
    """Install the policy and ``request.viewer``."""
    config.set_security_policy(SecurityPolicy())
    config.add_request_method(Viewer.of, "viewer", reify=True)

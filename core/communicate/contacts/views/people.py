"""Completion of names, and the directory."""

from typing import Any

from pyramid.view import view_config

from communicate.contacts.people import suggest
from communicate.content import Site
from communicate.interfaces import ILimits
from communicate.permissions import MEMBER


@view_config(context=Site, name="people", permission=MEMBER, request_method="GET", renderer="json")
def people(_context: Any, request: Any) -> dict[str, Any]:
    """Return circles and people whose names begin with ``q``, whom the viewer may name."""
    request.find_service(ILimits).hit("people", str(request.member.uid))
    request.response.cache_control = "private, no-store"
    words = request.GET.get("q", "")
    return {"found": suggest(request, words) if words.strip() else []}

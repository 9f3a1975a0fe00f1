"""The blocks of the disk: on one's home page, and in a member's space."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.declarations import Block
from communicate.interfaces import IQuota
from communicate_vdisk.content import NAME, Disk
from communicate_vdisk.sharing import shared_with
from communicate_vdisk.views.rows import row_of

_ = TranslationStringFactory("communicate_vdisk")

MOST = 5


def blocks(request: Any) -> list[Block]:
    """Return a block with how much room is taken, or none for who keeps nothing here."""
    if request.member is None or not isinstance(request.member.get(NAME), Disk):
        return []
    quota = request.find_service(IQuota)
    used = quota.used(request.member.uid)
    if not used:
        return []
    values = {
        "path": f"/members/{request.page.login}/{NAME}",
        "used": used,
        "limit": quota.limit,
        "part": min(used / (quota.limit or 1), 1),
    }
    html = render("communicate_vdisk:templates/home.pt", values, request)
    return [Block("vdisk-room", _("My disk"), html, 80)]


def space_blocks(member: Any, request: Any) -> list[Block]:
    """Return a block with what *member* shares with the viewer, or none."""
    if not isinstance(member.get(NAME), Disk):
        return []
    nodes = shared_with(request, member.uid)[:MOST]
    if not nodes:
        return []
    values = {
        "rows": [row_of(request, node) for node in nodes],
        "path": f"/members/{member.login}/{NAME}",
    }
    html = render("communicate_vdisk:templates/space.pt", values, request)
    return [Block("vdisk.shared", _("Shared files"), html, 60)]

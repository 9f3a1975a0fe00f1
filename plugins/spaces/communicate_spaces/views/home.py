"""What waits for a member on the home page: comments to be read first."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.declarations import Block
from communicate.web.i18n import PluralFactory
from communicate_spaces import places

_ = TranslationStringFactory("communicate_spaces")
_n = PluralFactory("communicate_spaces")

TEMPLATE = "communicate_spaces:templates/home.pt"
WAITING = _n("${n} comment waits for your approval", "${n} comments wait for your approval")


def blocks(request: Any) -> list[Block]:
    """Return a block that says how many comments wait for the viewer, or none."""
    uid = request.viewer.uid
    wall = None if uid is None else places.wall_of(request, uid)
    count = 0 if wall is None else int(wall.pending())
    if count <= 0:
        return []
    values = {
        "path": f"{request.page.url(wall)}/waiting",
        "words": request.page.plural(WAITING, count),
    }
    html = render(TEMPLATE, values, request)
    return [Block("comments-waiting", _("Comments"), html, 30, waiting=True)]

"""The home page: for strangers what the place is, for members what waits and what is new."""

from typing import Any, NamedTuple

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.audience import LEVELS
from communicate.content import Site
from communicate.declarations import Block
from communicate.interfaces import IPlugins
from communicate.permissions import OPEN
from communicate.web.marks import AUDIENCES
from communicate.web.news import news
from communicate.web.paging import cursor_in
from communicate.web.steps import steps

_ = TranslationStringFactory("communicate")


class Stair(NamedTuple):
    """One answer to "visible to", as the welcome shows it."""

    level: str
    icon: str
    word: Any


STAIRS = [Stair(level, *AUDIENCES[level][:2]) for level in LEVELS]


def who_sees(request: Any) -> list[tuple[Stair, int]]:
    """Return each audience with the number of elements of the member's space that it sees.

    Empty where the space is.
    """
    profile: Any = None if request.member is None else request.member.get("profile")
    if profile is None or not profile.order:
        return []
    levels = [request.page.audiences.effective(one).level for one in profile.elements()]
    return [(stair, levels.count(stair.level)) for stair in STAIRS]


def blocks(request: Any) -> list[Block]:
    """Return the blocks that plugins offer to the viewer, in order; one that fails is left out."""
    plugins = request.registry.getUtility(IPlugins)
    found = [
        block
        for _name, answer in plugins.duty("communicate_home", request=request)
        if not isinstance(answer, Exception)
        for block in answer or ()
    ]
    return sorted(found, key=lambda block: (block.weight, block.name))


def with_markup(found: list[Block]) -> list[tuple[Block, Markup]]:
    """Return each block with its HTML, made by the plugin's own template."""
    return [(block, Markup(block.html)) for block in found]  # noqa: S704  # from a template


@view_config(
    context=Site,
    name="",
    permission=OPEN,
    renderer="communicate:templates/home.pt",
    request_method=("GET", "HEAD"),
)
def home(context: Any, request: Any) -> dict[str, Any]:
    """Show the welcome to strangers, to members what waits for them; then what is new."""
    before = cursor_in(request.GET.get("before"))
    found = blocks(request) if before is None else []
    listed = news(request, before)
    return {
        "title": None if before is None else _("What is new"),
        "further": before is not None,
        "waiting": with_markup([block for block in found if block.waiting]),
        "others": with_markup([block for block in found if not block.waiting]),
        "steps": steps(request) if request.member is not None and before is None else [],
        "rows": listed.rows,
        "older": listed.older,
        "stairs": STAIRS,
        "seen": who_sees(request) if before is None else [],
    }

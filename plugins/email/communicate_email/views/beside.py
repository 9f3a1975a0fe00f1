"""What stands at the side of every page of mail: folders and labels, put together from pieces."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.web.skeletons import as_is, fill_found
from communicate_email.content import Mailbox
from communicate_email.views.desk import Desk, Shelf
from communicate_email.views.rows import chip

_ = TranslationStringFactory("communicate_email")

SIDE = "communicate_email:templates/side.pt"
AWAY = "communicate_email:templates/side_away.pt"
STAR = "star"
LINK = Markup('<li{}><a href="{}"{}>{}{}{}</a></li>')
WAITING = Markup('<span class="num">{}</span>')
DOT = Markup('<span class="mail-dot hue-{}"></span>')
NAME = Markup("<span>{}</span>")  # long ones are cut
DEEP = Markup(' class="deep-{}"')
DEEPEST = 4  # folders within each other that are set apart
HERE, NOTHING = Markup(' aria-current="page"'), Markup()


def side(desk: Desk, here: Mailbox | str | None = None) -> Markup:
    """Return the HTML of the folders and labels, *here* marked in it: a folder, or of what."""
    own, labels = desk.own, desk.labels.all
    away = None
    if desk.away is not None:
        away = as_is(render(AWAY, {"desk": desk}, desk.request))
    return fill_found(
        desk.request,
        SIDE,
        {},
        base=desk.base,
        away=away,
        standing=_joined(_standing(desk, here)),
        own=_joined(_own(desk, one, here) for one in own) if own else None,
        labels=_joined(_label(desk, chip(one), here) for one in labels) if labels else None,
    )


def _standing(desk: Desk, here: Any) -> Iterable[str]:
    """Yield the folders that everybody has, what is starred after the first of them."""
    for one in desk.standing:
        yield _folder(desk, one, here, one.name)
        if one.box.role == "inbox":
            page = desk.request.page
            path, mark = f"{desk.base}/starred", HERE if here == STAR else NOTHING
            yield LINK.format(NOTHING, path, mark, page.icon("star"), page.say(_("Starred")), "")


def _own(desk: Desk, one: Shelf, here: Any) -> str:
    deep = DEEP.format(min(one.depth, DEEPEST))
    return _folder(desk, one, here, NAME.format(one.name), deep)


def _folder(desk: Desk, one: Shelf, here: Any, name: str, deep: Markup = NOTHING) -> str:
    page = desk.request.page
    return LINK.format(
        deep,
        one.path,
        HERE if one.box is here else NOTHING,
        page.icon(one.icon),
        name,
        WAITING.format(page.number(one.waiting)) if one.waiting else "",
    )


def _label(desk: Desk, one: dict[str, Any], here: Any) -> str:
    mark = HERE if here == one["number"] else NOTHING
    path = f"{desk.base}/label/{one['number']}"
    return LINK.format(NOTHING, path, mark, DOT.format(one["hue"]), one["name"], "")


def _joined(links: Iterable[str]) -> Markup:
    return as_is("".join(links))

"""The block on the home page: how many messages wait to be read."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.declarations import Block
from communicate.web.i18n import PluralFactory
from communicate_messages.reading import Reading

_ = TranslationStringFactory("communicate_messages")
_n = PluralFactory("communicate_messages")

UNREAD = _n("${n} unread message", "${n} unread messages")
ASKED = _n("${n} request", "${n} requests")
SHOWN = 3  # conversations
LOOKED_AT = 10


def blocks(request: Any) -> list[Block]:
    """Return a block with the conversations in which something is new, or none."""
    if request.member is None or request.site.get("messages") is None:
        return []
    reading = Reading(request)
    box = reading.box
    if box is None or not (box.unread() > 0 or box.waiting() > 0):
        return []
    rows = reading.rows(reading.slice("listed", LOOKED_AT, None, None))
    rows = [row for row in rows if row.unread and not row.muted]
    values = {
        "rows": rows[:SHOWN],
        "unread": request.page.plural(UNREAD, int(box.unread())) if box.unread() > 0 else None,
        "asked": request.page.plural(ASKED, int(box.waiting())) if box.waiting() > 0 else None,
    }
    html = render("communicate_messages:templates/home.pt", values, request)
    return [Block("messages", _("Messages"), html, 5, waiting=True)]

"""The block on the home page: how many text messages wait to be read."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.declarations import Block
from communicate.web.i18n import PluralFactory
from communicate_sms.interfaces import ITexts
from communicate_sms.views.shown import Shown
from communicate_sms.views.texting import book_of

_ = TranslationStringFactory("communicate_sms")
_n = PluralFactory("communicate_sms")

UNREAD = _n("${n} unread text message", "${n} unread text messages")
SHOWN = 3  # conversations
LOOKED_AT = 10


def blocks(request: Any) -> list[Block]:
    """Return a block with the conversations in which something is new, or none."""
    book = book_of(request)
    if book is None or book.unread < 1:
        return []
    shown = Shown(request, book)
    found = request.find_service(ITexts).talks(book.owner, None, LOOKED_AT)
    rows = [shown.row(talk) for talk in found if talk.unread]
    values = {
        "base": shown.base,
        "unread": request.page.plural(UNREAD, book.unread),
        "rows": rows[:SHOWN],
    }
    html = render("communicate_sms:templates/home.pt", values, request)
    return [Block("sms", _("Text messages"), html, 6, waiting=True)]

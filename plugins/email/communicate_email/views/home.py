"""The block on the home page: how much mail waits to be read, and the latest of it."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.declarations import Block
from communicate.web import marks
from communicate.web.i18n import PluralFactory
from communicate_email.content import NAME
from communicate_email.store import rows as rowing
from communicate_email.store.boxes import account_of
from communicate_email.views.desk import Desk
from communicate_email.views.lists import row_of

_ = TranslationStringFactory("communicate_email")
_n = PluralFactory("communicate_email")

UNREAD = _n("${n} unread message in your mail", "${n} unread messages in your mail")
SHOWN = 3
LOOKED_AT = 30  # of the latest messages


def blocks(request: Any) -> list[Block]:
    """Return a block with the latest unread messages, or none."""
    if request.member is None or request.site.get(NAME) is None:
        return []
    account = account_of(request, request.member.uid)
    inbox = None if account is None else account.box("inbox")
    if account is None or inbox is None or inbox.unseen < 1:
        return []
    desk = Desk(request, account)
    latest = desk.reading.page(inbox, most=LOOKED_AT)
    unread = [one for one in latest if not one.row.flags & rowing.SEEN]
    values = {
        "path": desk.path(inbox),
        "unread": request.page.plural(UNREAD, inbox.unseen),
        "mark": marks.avatar,  # never a member's picture: anybody can call themselves so
        "rows": [row_of(desk, one) for one in unread[:SHOWN]],
    }
    html = render("communicate_email:templates/home.pt", values, request)
    return [Block("mail", _("Mail"), html, 4, waiting=True)]

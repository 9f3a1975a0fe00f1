"""The mails about suspensions and appeals: what is so, and where to read why."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.letters import Letter, write
from communicate.interfaces import IMembers

_ = TranslationStringFactory("communicate")

LETTERS = {
    "suspended": Letter(
        _("Your account on ${site} is suspended"),
        _(
            "mail-suspended",
            default="Hello ${login},\n\nyour account on ${site} is suspended. Sign in to read why "
            "and until when, to appeal, to take your data with you, or to leave:\n${link}\n",
        ),
    ),
    "resumed": Letter(
        _("Your account on ${site} is open again"),
        _(
            "mail-resumed",
            default="Hello ${login},\n\nthe suspension of your account on ${site} is over. "
            "Sign in as before:\n${link}\n",
        ),
    ),
    "appeal": Letter(
        _("Your appeal on ${site} is decided"),
        _(
            "mail-appeal",
            default="Hello ${login},\n\nyour appeal on ${site} is decided. Sign in to read the "
            "answer and its reason:\n${link}\n",
        ),
    ),
}


def send(request: Any, name: str, member: Any) -> None:
    """Queue the letter *name* to *member*."""
    address = request.find_service(IMembers).address_of(member)
    if address:
        words = {"login": member.login, "link": "/login"}
        write(request, LETTERS[name], address, member.language, words, owner=member.uid)

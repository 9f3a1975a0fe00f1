"""What is typed into "To": a number, or the login of a member, and what a page says of it."""

import json
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request

from communicate.accounts.logins import normal
from communicate.interfaces import IMembers
from communicate_sms import numbers
from communicate_sms.errors import Declined
from communicate_sms.reach import ToMember, ToNumber
from communicate_sms.views.counting import Counting

_ = TranslationStringFactory("communicate_sms")

REACHED = "communicate_sms:templates/reached.pt"
BELOW = Markup('<div class="reached" role="status" data-reached="{}">{}</div>')


def read_whom(request: Request, written: str) -> ToNumber | ToMember:
    """Return whom *written* means; raise Declined or Unfit.

    What has no letter is a number, even where somebody has chosen it for a login: that one is
    written with an @ before it.
    """
    text = written.strip()
    if not text.startswith("@") and not any(one.isalpha() for one in text):
        return ToNumber(numbers.read(text, request.registry.settings["sms.region"]))
    login = normal(text.removeprefix("@"))
    member = request.find_service(IMembers).by_login(login)
    if member is None:
        raise Declined(_("Nobody has the login ${login}.", mapping={"login": login}))
    return ToMember(member.uid)


class Reached:
    """Whom the page at hand writes to, as it says so under the field; *address* tells a module."""

    def __init__(self, request: Request, address: str) -> None:
        self.request, self.page, self.address = request, request.page, address
        self.told: dict[str, Any] | None = None  # of whom was said last

    def below(self, written: str) -> Markup:
        """Return what stands under the field in which *written* is."""
        return BELOW.format(self.address, self.piece(written) if written.strip() else "")

    def counted(self, text: str) -> Markup:
        """Return what *text* takes to whom was said last."""
        return Counting(self.request).live(self.told, text)

    def piece(self, written: str) -> Markup:
        """Return whom *written* means, or why nothing goes there."""
        values: dict[str, Any] = dict.fromkeys(("told", "number", "login", "country", "seen"), "")
        try:
            to = read_whom(self.request, written)
            self.told = Counting(self.request).told(to)
        except (Declined, numbers.Unfit) as declined:
            return self._made({**values, "problem": declined.reason})
        if isinstance(to, ToNumber):
            values |= {"number": numbers.shown(to.e164), "seen": to.e164}
            values["country"] = self._country(to.e164)
        else:
            values["login"] = self.page.login_of(to.uid)
        return self._made({**values, "told": json.dumps(self.told), "problem": None})

    def _made(self, values: dict[str, Any]) -> Markup:
        return Markup(render(REACHED, values, self.request))  # noqa: S704  # from our template

    def _country(self, e164: str) -> str:
        """Return the name of the country of a number."""
        locale = self.page.formats.locale
        return str(locale.territories.get(numbers.country(e164), ""))

"""What a message takes, as pages say it: parts, what is left, the price; and the same for modules.

The module counts by the alphabet that comes with the page, so that there is one table of it.
"""

import json
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request

from communicate_sms import alphabet, parts
from communicate_sms.interfaces import ITexts
from communicate_sms.prices import money

_ = TranslationStringFactory("communicate_sms")

SHOWN = 5  # characters that are named for which UCS-2 is needed
WORDS = {
    "parts": _("${n} SMS"),
    "left": _("${n} left"),
    "today": _("${n} SMS more today"),
    "wide": _("With ${signs}, an SMS holds ${n} characters rather than ${m}."),
    "long": _("This is too long: ${n} SMS are the most."),
    "over": _("This is more than you may still send today."),
}
TABLE = {
    "basic": "".join(alphabet.BASIC),
    "double": "".join(alphabet.EXTENSION),
    "alone": [parts.ALONE[parts.GSM7], parts.ALONE[parts.UCS2]],
    "together": [parts.TOGETHER[parts.GSM7], parts.TOGETHER[parts.UCS2]],
}


class Counting:
    """What one request's page says of a message."""

    def __init__(self, request: Request) -> None:
        self.request, self.page = request, request.page
        self.texts: Any = request.find_service(ITexts)

    def told(self, to: Any) -> dict[str, Any]:
        """Return what depends on whom it goes to; raise Declined where nothing may go there."""
        uid = self.request.member.uid
        before, after = self.texts.around(uid, to)
        found = self.texts.preview(uid, to, "")
        price = None if found.price is None else found.price // max(found.parts, 1)
        return {"before": before, "after": after, "price": price, "left": found.left}

    def live(self, told: dict[str, Any] | None, text: str) -> Markup:
        """Return what *text* takes, for a module to keep up while somebody writes.

        *told* is what `told` says, None where it is not known yet whom it goes to.
        """
        settings, login = self.request.registry.settings, self.page.login
        told = told or {"before": f"{login}: ", "after": "", "price": None, "left": None}
        given = {
            **told,
            "table": TABLE,
            "words": {name: self.page.say(words) for name, words in WORDS.items()},
            "currency": settings["sms.currency"],
            "most": settings["sms.parts"],
        }
        found = split(f"{told['before']}{parts.tidy(text).strip()}{told['after']}")
        each, most, count = told["price"], settings["sms.parts"], len(found.parts)
        cost = None if each is None else each * count
        values = {
            "given": json.dumps(given),
            "figures": self.said(count, found.left, cost, told["left"]),
            "why": self.why(found.foreign, count),
            "wrong": self.wrong(count, most, told["left"]),
        }
        html = render("communicate_sms:templates/count.pt", values, self.request)
        return Markup(html)  # noqa: S704  # from our template

    def said(self, count: int, room: int | None, cost: int | None, left: int | None) -> str:
        """Return how many parts there are, the room in the last one, the price, what is left."""
        say, number = self.page.say, self.page.number
        found = [say(WORDS["parts"], n=number(count))]
        if room is not None:
            found.append(say(WORDS["left"], n=number(room)))
        if cost is not None:
            found.append(money(self.request, cost))
        if left is not None:
            found.append(say(WORDS["today"], n=number(left)))
        return " · ".join(found)

    def wrong(self, count: int, most: int, left: int | None) -> str:
        """Return why so many parts cannot be sent, empty where they can."""
        if count > most:
            return str(self.page.say(WORDS["long"], n=self.page.number(most)))
        return str(self.page.say(WORDS["over"])) if left is not None and count > left else ""

    def why(self, foreign: tuple[str, ...], count: int) -> str:
        """Return why fewer characters fit than usual, empty where as many do."""
        if not foreign:
            return ""
        signs = " ".join(foreign[:SHOWN]) + (" …" if len(foreign) > SHOWN else "")
        limits = parts.ALONE if count == 1 else parts.TOGETHER
        wide, usual = limits[parts.UCS2], limits[parts.GSM7]
        return str(self.page.say(WORDS["wide"], signs=signs, n=wide, m=usual))


def split(text: str) -> parts.Split:
    """Return *text* in parts, or the beginning of it in as many as there can be."""
    try:
        return parts.split(text)
    except parts.TooLong:
        return parts.split(text[: parts.MOST * parts.TOGETHER[parts.UCS2] // 2])

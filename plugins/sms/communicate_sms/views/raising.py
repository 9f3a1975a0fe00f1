"""``/operate/sms/more``: operators let more be spent in this hour and on this day."""

from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.permissions import OPERATE
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate_sms.prices import money
from communicate_sms.spending import HOUR, HOURS, let_more, spending

_ = TranslationStringFactory("communicate_sms")

ROUTE, HOME = "operate_sms_more", "/operate/sms/more"
BACK = "/operate/sms"


def includeme(config: Configurator) -> None:
    """Name the address."""
    config.add_route(ROUTE, HOME)


def spent(request: Any) -> dict[str, Any]:
    """Return what is spent as a page shows it, and when sending goes on where it has stopped."""
    found = spending(request)
    hour = int(request.page.now.timestamp()) * 1000 // HOUR
    resumes = hour + (HOURS - found.now if found.stops_day else 1)
    return {
        "rows": [
            (_("This hour"), found.hour, found.hour_ceiling),
            (_("Today"), found.day, found.day_ceiling),
        ],
        "said": lambda amount: money(request, amount),
        "resumes": resumes * HOUR if found.stops_hour or found.stops_day else None,
    }


def amount_form(request: Any) -> Form:
    """Return the form that asks for an amount."""
    schema = Schema()
    schema.add(
        fields.line(
            _("How much more, in ${currency}", mapping={"currency": currency(request)}),
            longest=20,
            name="amount",
            attributes={"inputmode": "decimal", "autocomplete": "off"},
            help=_(
                "At most ${amount} at a time.", mapping={"amount": money(request, most(request))}
            ),
        )
    )
    return Form(schema, request, [Button("raise", _("Let it be spent"))], name="more")


def currency(request: Any) -> str:
    """Return the currency that prices are in."""
    return str(request.registry.settings["sms.currency"])


def most(request: Any) -> int:
    """Return how much more (thousandths) is let through at a time: a day's worth, or one unit."""
    return max(1000, int(request.registry.settings["sms.day_ceiling"]))


@view_config(route_name=ROUTE, permission=OPERATE, renderer="communicate_sms:templates/raising.pt")
def raise_(request: Any) -> dict[str, Any] | HTTPSeeOther:
    """Ask for an amount, or let that much more be spent."""
    form = amount_form(request)
    if request.method == "POST":
        try:
            amount = read(request, form, form.validate()["amount"])
        except FormInvalid:
            request.response.status = 400
        else:
            let_more(request, amount)
            more = {"amount": money(request, amount)}
            notices.give(request, _("${amount} more may be spent now.", mapping=more))
            done: HTTPSeeOther = form.done(BACK)
            return done
    return {"title": _("Let more be spent"), "form": form, **spent(request)}


def read(request: Any, form: Form, written: str) -> int:
    """Return the amount (thousandths) that *written* is, ``12.50`` or ``12,50``."""

    def refuse(why: Any) -> NoReturn:
        form.fail("amount", why)

    try:
        amount = Decimal(written.strip().replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < Decimal("0.001"):
        refuse(_("Write an amount, such as 5 or 2.50."))
    if amount * 1000 > most(request):
        refuse(
            _("Write less: at most ${amount}.", mapping={"amount": money(request, most(request))})
        )
    return int(amount * 1000)

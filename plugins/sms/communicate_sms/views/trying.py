"""``/operate/sms/test``: a test message, to the operator's own number or one that they write.

It is the operator's: sealed under their key, told among what left about them, forgotten within a
day.  The number is shown as it is understood before it is used, and then nowhere any more.
"""

from typing import Any

from babel import Locale
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.ids import decode, encode
from communicate.interfaces import ILimits
from communicate.permissions import OPERATE
from communicate.web import fields
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate_sms import numbers, operating, parts, reasons, states
from communicate_sms.content import Message
from communicate_sms.errors import Declined
from communicate_sms.interfaces import IAllowance, INumbers
from communicate_sms.prices import money, price
from communicate_sms.queue import Queue

_ = TranslationStringFactory("communicate_sms")

ROUTE, HOME = "operate_sms_test", "/operate/sms/test"
TEMPLATE = "communicate_sms:templates/trying.pt"
PURPOSE = "test"
USEFUL = 10 * 60_000  # milliseconds after which a test that could not be sent is given up
TEXT = _("test-text", default="${site}: this is a test. Text messages arrive.")
OWN = _("Write a number: you have proven none of your own.")
STATES = {
    states.WAITING: (_("It waits to be sent."), "hourglass-split", "quiet"),
    states.SENDING: (_("It is being sent."), "hourglass-split", "quiet"),
    states.UNCERTAIN: (_("Nobody knows whether it was sent."), "question-circle", "text-warn"),
    states.SENT: (_("The operator of telephones has taken it."), "check-circle", "text-good"),
    states.BUFFERED: (
        _("The operator of telephones keeps it: the telephone is off or out of reach."),
        "hourglass-split",
        "quiet",
    ),
    states.DELIVERED: (_("It has arrived."), "check-circle-fill", "text-good"),
    states.FAILED: (_("It was not sent."), "exclamation-circle-fill", "text-bad"),
}


def includeme(config: Configurator) -> None:
    """Name the address."""
    config.add_route(ROUTE, HOME)


def number_form(request: Any) -> Form:
    """Return the form that asks where a test goes, and by which way where there are several."""
    owns = request.find_service(INumbers).of(request.member.uid) is not None
    schema = Schema()
    schema.add(
        fields.line(
            _("Number"),
            longest=numbers.LONGEST,
            kind="tel",
            name="number",
            required=False,
            attributes={"autocomplete": "off"},
            help=_("Left empty: your own number.") if owns else None,
        )
    )
    ways = [way.name for way in request.registry.settings["sms.ways"]]
    if len(ways) > 1:
        offered = [("", _("As the routes have it")), *((name, name) for name in ways)]
        schema.add(
            fields.choice(_("Way"), offered, folded=True, name="way", required=False, missing="")
        )
    return Form(schema, request, [Button("go", _("Go on"))], name="number")


def sure_form(request: Any, values: dict[str, Any]) -> Form:
    """Return the form that sends what was shown."""
    schema = Schema()
    schema.add(fields.hidden(name="number", longest=numbers.LONGEST, required=True))
    schema.add(fields.hidden(name="way", longest=100))
    buttons = [Button("send", _("Send it"), icon="send")]
    return Form(schema, request, buttons, values=values, name="sure")


@view_config(route_name=ROUTE, permission=OPERATE, request_method="GET", renderer=TEMPLATE)
def ask(request: Any) -> dict[str, Any]:
    """Ask for a number; say what became of the test that was just sent."""
    return shown(request, number_form(request), sent=sent(request, request.GET.get("sent")))


@view_config(route_name=ROUTE, permission=OPERATE, request_method="POST", renderer=TEMPLATE)
def go_on(request: Any) -> dict[str, Any] | HTTPSeeOther:
    """Show the number as it is understood, or send to it."""
    form = number_form(request)
    try:
        if "send" in request.POST:
            return send(request, form)
        values = form.validate()
        found = {"number": read(request, form, values["number"]), "way": values.get("way", "")}
    except FormInvalid:
        request.response.status = 400
        return shown(request, form)
    return shown(request, sure_form(request, found), about=found)


def read(request: Any, form: Form, written: str) -> str:
    """Return the number that *written* means, the operator's own for none; raise FormInvalid."""
    if not written.strip():
        own: str | None = request.find_service(INumbers).of(request.member.uid)
        return own or form.fail("number", OWN)
    try:
        return numbers.read(written, request.registry.settings["sms.region"])
    except numbers.Unfit as error:
        form.fail("number", error.reason)


def send(request: Any, form: Form) -> HTTPSeeOther:
    """Queue a test message; raise FormInvalid with why not, in *form*."""
    values = form.validate()
    number = read(request, form, values["number"])
    uid, text = request.member.uid, words(request)
    if not request.environ.get("retry.attempt"):
        request.find_service(ILimits).hit("sms.tests", str(uid))
    try:
        count = len(parts.split(text).parts)
        request.find_service(IAllowance).hit(uid, number, count, PURPOSE)
    except Declined as error:
        form.fail("number", error.reason)
    queue = Queue(request)
    message = queue.add(uid, number, text, purpose=PURPOSE, until=queue.now + USEFUL)
    message.only = values.get("way", "")
    done: HTTPSeeOther = form.done(f"{HOME}?sent={encode(message.id)}")
    return done


def words(request: Any) -> str:
    """Return the text of a test, in the language of the page."""
    site = request.registry.settings["communicate.name"]
    return parts.tidy(request.page.say(TEXT, site=site))


def sent(request: Any, name: str | None) -> dict[str, Any] | None:
    """Return what became of the operator's test *name*; raise HTTPNotFound for what is none."""
    if name is None:
        return None
    queue = Queue(request)
    try:
        message = queue.tree.messages.get(decode(name))
    except ValueError:
        message = None
    if not is_own_test(request, message):
        raise HTTPNotFound
    word, icon, css = STATES[message.state]
    why = reasons.said(request.page, message.detail)
    return {
        "word": word,
        "icon": icon,
        "css": css,
        "why": why if message.state in (states.WAITING, states.UNCERTAIN, states.FAILED) else "",
        "way": message.way,
        "queued": message.queued,
        "again": f"{HOME}?sent={encode(message.id)}",
        "open": message.state not in states.ENDS,
    }


def is_own_test(request: Any, message: Message | None) -> bool:
    """Tell whether *message* is a test of the operator who asks."""
    return (
        message is not None and message.purpose == PURPOSE and message.author == request.member.uid
    )


def shown(
    request: Any,
    form: Form,
    *,
    about: dict[str, Any] | None = None,
    sent: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what a step shows: *form*, what it is *about* to do, or what was *sent*."""
    made = {
        "title": _("Test message"),
        "form": form,
        "sent": sent,
        "about": None,
        "closed": not request.registry.settings["sms.ways"],
    }
    if about is not None:
        made["about"] = preview(request, about)
    return made


def preview(request: Any, about: dict[str, Any]) -> dict[str, Any]:
    """Return the number that is about to be used as people read it, with what it costs."""
    text = words(request)
    count = len(parts.split(text).parts)
    names = Locale.parse(request.page.language).territories
    region = numbers.country(about["number"])
    try:
        cost = money(request, price(request.registry.settings, about["number"], count))
    except Declined as error:
        cost = request.page.say(error.reason)
    return {
        "number": numbers.shown(about["number"]),
        "country": names.get(region) or region,
        "text": text,
        "parts": request.page.plural(operating.PARTS, count),
        "cost": cost,
        "way": about["way"],
    }

"""The page of the answer that is given while the member is away."""

from datetime import date, timedelta
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate_email.content import Account
from communicate_email.filters.limits import DAYS, MAX_DAYS, MIN_DAYS
from communicate_email.store.away import Absence, Away
from communicate_email.store.filtering import LONGEST_SUBJECT
from communicate_email.views.desk import Desk
from communicate_email.views.lists import side

_ = TranslationStringFactory("communicate_email")

LONGEST = 5000
ALL, CONTACTS = "all", "contacts"
FARTHEST = timedelta(days=3660)


def away_form(request: Any, path: str, away: Away | None, today: date) -> Form:
    """Return the form, filled with *away*."""
    schema = Schema()
    schema.add(fields.day(_("First day"), name="begin"))
    open_end = _("Empty: until you turn it off.")
    schema.add(fields.day(_("Last day"), name="end", required=False, help=open_end))
    schema.add(
        fields.line(
            _("Subject"), longest=LONGEST_SUBJECT, name="subject", required=False,
            help=_("Empty: “Auto:” and the subject of the message."),
        )
    )  # fmt: skip
    schema.add(fields.area(_("Answer"), longest=LONGEST, rows=7, name="text"))
    who = [(ALL, _("Everybody who writes to me")), (CONTACTS, _("Only my contacts"))]
    schema.add(fields.choice(_("Who gets it"), who, name="who"))
    schema.add(
        fields.integer(
            _("Days before somebody gets it again"), low=MIN_DAYS, high=MAX_DAYS, name="days"
        )
    )
    away = away or Away("", days=DAYS)
    begin = away.begin if away.begin and not away.is_over(today) else today.isoformat()
    values = {
        "begin": date.fromisoformat(begin),
        "end": date.fromisoformat(away.end) if away.end and not away.is_over(today) else None,
        "subject": away.subject,
        "text": away.text,
        "who": CONTACTS if away.contacts else ALL,
        "days": away.days,
    }
    buttons = [Button("save", _("Save and turn on"))]
    return Form(schema, request, buttons, values=values, action=path)


def away_in(form: Form, values: dict[str, Any], today: date) -> Away:
    """Return what *values* say; raise FormInvalid beside the field that is wrong."""
    begin, end = values["begin"], values["end"]
    if end is not None and end < begin:
        form.fail("end", _("The last day is before the first one."))
    if end is not None and end < today:
        form.fail("end", _("This day is over: choose a later one."))
    if max(begin, end or begin) > today + FARTHEST:
        form.fail("begin", _("This is more than ten years away: choose a nearer day."))
    return Away(
        text=values["text"],
        subject=values["subject"],
        begin=begin.isoformat(),
        end=end.isoformat() if end is not None else "",
        days=int(values["days"]),
        contacts=values["who"] == CONTACTS,
    )


@view_config(
    context=Account,
    name="away",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer="communicate_email:templates/away.pt",
)
def away(context: Account, request: Request) -> Any:
    """Show what is answered, change it, turn it off."""
    desk = Desk(request, context)
    absence = Absence(request, context)
    path = f"{desk.base}/away"
    if request.method == "POST" and "act" in request.POST:
        return _act(request, absence, path)
    now, today = absence.read(), absence.today
    form = away_form(request, path, now, today)
    if request.method == "POST":
        try:
            absence.write(away_in(form, form.validate(), today))
        except FormInvalid:
            request.response.status = 400
        else:
            notices.give(request, _("Your away answer is saved."))
            return form.done(path)
    return {
        "title": _("Away answer"),
        "side": side(desk),
        "desk": desk,
        "form": form,
        "path": path,
        "now": now,
        "waits": now is not None and now.on and now.begin > today.isoformat(),
        "known": now is not None,
    }


def _act(request: Any, absence: Absence, path: str) -> HTTPSeeOther:
    """Turn the answer off, or destroy it."""
    verb, now = request.POST.get("act"), absence.read()
    if verb == "off":
        if now is not None:
            absence.write(Away(**{**vars(now), "on": False}))
        notices.give(request, _("Your away answer is off."))
    elif verb == "delete":
        absence.write(None)
        notices.give(request, _("Your away answer is deleted."))
    else:
        raise HTTPBadRequest
    return HTTPSeeOther(path)

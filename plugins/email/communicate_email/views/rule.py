"""One filter made or changed, tried before it is saved, and made from a message."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.ids import decode
from communicate.permissions import EDIT
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate_email import filters, mime
from communicate_email.content import Account
from communicate_email.errors import Refused
from communicate_email.filters import Condition, Rule
from communicate_email.filters.limits import MAX_SCRIPT
from communicate_email.store.trying import Trial
from communicate_email.views.desk import Desk, number_in
from communicate_email.views.lists import row_of, side
from communicate_email.views.people import clean
from communicate_email.views.ruleform import (
    BLANK,
    MORE,
    MOST,
    TRY,
    fits,
    rule_form,
    rule_in,
    values_of,
)
from communicate_email.views.rules import CHANGED, Rules

_ = TranslationStringFactory("communicate_email")

PAGE = "communicate_email:templates/filter.pt"
SCRIPT = "communicate_email:templates/script.pt"
METHODS = ("GET", "POST")


@view_config(
    context=Account, name="filter", permission=EDIT, request_method=METHODS, renderer=PAGE
)
def rule(context: Account, request: Request) -> Any:
    """Make a filter, or change the one that the address names."""
    desk = Desk(request, context)
    own = Rules(desk)
    rules = own.rules
    if rules is None:
        return own.said(_("No form shows all of your filters: change them in the script."), "warn")
    at = _place(request, len(rules))
    old = rules[at] if at is not None else _like(desk)
    if at is not None and not fits(old):
        return own.said(_("No form shows all of this filter: change it in the script."), "warn")
    path = request.path
    form = _form(desk, own, path, old)
    page = {
        "title": _("Filter") if at is not None else _("New filter"),
        "side": side(desk),
        "form": form,
        "back": own.path,
        "rows": None,
        "count": 0,
    }
    if request.method != "POST":
        return page
    if form.pressed == MORE:
        return page
    try:
        values = form.validate()
        made = rule_in(desk, form, values, enabled=old.enabled)
        if form.pressed == TRY:
            count_act(request, "email.searching")
            found, count = Trial(request, context, made).matching(context.box("inbox"))
            return {**page, "rows": [row_of(desk, one) for one in found], "count": count}
        if values["state"] != own.state:
            form.fail(None, CHANGED)
        own.save(_with(rules, at, made))
    except FormInvalid:
        request.response.status = 400
        return page
    notices.give(request, _("The filter is saved: it looks at what comes in from now on."))
    return form.done(own.path)


def _place(request: Any, count: int) -> int | None:
    """Return which filter the address names, from 0, None for a new one; 404 otherwise."""
    words = request.subpath
    if not words:
        return None
    number = number_in(words[0])
    if len(words) != 1 or number is None or number > count:
        raise HTTPNotFound
    return number - 1


def _with(rules: list[Rule], at: int | None, made: Rule) -> list[Rule]:
    """Return *rules* with *made* in its place."""
    if at is None:
        return [*rules, made]
    return [*rules[:at], made, *rules[at + 1 :]]


def _form(desk: Desk, own: Rules, path: str, old: Rule) -> Form:
    """Return the form, with as many rows as there are conditions and some that are empty."""
    values = values_of(desk, old)
    count = max(3, len(old.conditions) + BLANK)
    said = desk.request.POST.get("rows", "")
    if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 3:
        count = int(said)
    if desk.request.POST.get(MORE) is not None:
        count += 1
        values = _typed(desk.request, values)
    count = min(max(count, 1), MOST)
    values.update(rows=str(count), state=own.state)
    return rule_form(desk, path, values, count)


def _typed(request: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed so far, as the fields hold it."""
    sent = {name: text for name, text in request.POST.items() if isinstance(text, str)}
    ticked = {name: bool(sent.get(name)) for name in ("read", "flag", "stop")}
    return {**values, **sent, **ticked}


def _like(desk: Desk) -> Rule:
    """Return a rule for messages like the one that the query names, or an empty one."""
    words = desk.request.GET.get("like", "").split(".")
    try:
        box = desk.account.boxes.get(decode(words[0])) if len(words) == 2 else None
    except (ValueError, TypeError):
        box = None
    uid = number_in(words[1]) if box is not None else None
    found = desk.reading.listed(box, [uid]) if uid is not None else []
    if not found:
        return Rule("", (), ())
    message = mime.read(desk.reading.raw(found[0].row.id))
    shown = mime.shown(message)
    listed = mime.text(message.fields.first(b"list-id") or b"").strip()[:500]
    if listed:
        name = listed.partition("<")[0].strip(' "') or listed.strip("<>")
        key = listed.rpartition("<")[2].strip("<> ") or listed
        return Rule(clean(name)[:100], (Condition("list", "contains", key),), ())
    if shown.author:
        person = shown.author[0]
        name = clean(person.name or person.address)[:100]
        return Rule(name, (Condition("from", "is", person.address[:500]),), ())
    subject = clean(shown.subject)[:500]
    return Rule(subject[:100], (Condition("subject", "contains", subject),) if subject else (), ())


@view_config(
    context=Account, name="filter-script", permission=EDIT, request_method=METHODS, renderer=SCRIPT
)
def script(context: Account, request: Request) -> Any:
    """Show the filters as a script (RFC 5228), and change it."""
    desk = Desk(request, context)
    own = Rules(desk)
    schema = Schema()
    schema.add(
        fields.area(
            _("Script"), longest=MAX_SCRIPT, rows=22, name="script", required=False,
            attributes={"spellcheck": "false", "autocapitalize": "none"},
        )
    )  # fmt: skip
    schema.add(fields.hidden(name="state", longest=64))
    values = {"script": own.script, "state": own.state}
    path = f"{desk.base}/filter-script"
    form = Form(
        schema, request, [Button("save", _("Save the script"))], values=values, action=path
    )
    if request.method == "POST":
        try:
            found = form.validate()
            if found["state"] != own.state:
                form.fail(None, CHANGED)
            try:
                own.filtering.change_script(found["script"])
            except Refused as error:
                form.fail("script", _at_line(request, error))
        except FormInvalid:
            request.response.status = 400
        else:
            notices.give(request, _("The script is saved: it looks at what comes in from now on."))
            return form.done(own.path)
    return {
        "title": _("Filters as a script"),
        "side": side(desk),
        "form": form,
        "back": own.path,
        "known": ", ".join(sorted(filters.EXTENSIONS)),
    }


def _at_line(request: Any, error: Refused) -> Any:
    """Return what is wrong with a script, with the line where that is known."""
    line = getattr(error, "line", 0)
    said = request.page.say(error.reason)
    if not line or str(line) in said:
        return said
    return _("Line ${line}: ${what}", mapping={"line": line, "what": said})

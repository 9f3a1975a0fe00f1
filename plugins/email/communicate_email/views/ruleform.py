"""The form of one filter: a rule as fields, and back."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.web import fields
from communicate.web.forms import Button, Form, Schema
from communicate_email.errors import Refused
from communicate_email.filters import Condition, Deed, Rule, script_of
from communicate_email.store.boxes import SEPARATOR
from communicate_email.views.desk import Desk

_ = TranslationStringFactory("communicate_email")

MOST, BLANK = 12, 2  # conditions of a rule; rows that are empty as the form opens
TRY, MORE = "try", "more"
ASKED = (
    ("", _("(no condition)")),
    ("from", _("Sender")),
    ("to", _("Recipient")),
    ("subject", _("Subject")),
    ("body", _("Text")),
    ("list", _("Mailing list")),
    ("detail", _("After the + of my address")),
    ("size", _("Size in kB")),
    ("header", _("Another header")),
)
HOW = (
    ("contains", _("contains")),
    ("not-contains", _("does not contain")),
    ("is", _("is")),
    ("not-is", _("is not")),
    ("begins", _("begins with")),
    ("ends", _("ends with")),
    ("domain", _("is of the domain")),
    ("over", _("is more than")),
    ("under", _("is less than")),
)
STAYS, GOES = "", "destroyed"
NOT = "not-"
PEOPLE = ("from", "to")


def rule_form(desk: Desk, path: str, values: dict[str, Any], count: int) -> Form:
    """Return the form at *path* with so many rows for conditions."""
    schema = Schema()
    schema.add(fields.line(_("Name of the filter"), longest=100, name="name", required=False))
    schema.add(
        fields.choice(
            _("A message is meant where"),
            [("all", _("all of this is true")), ("any", _("any of this is true"))],
            folded=True,
            name="every",
        )
    )
    for at in range(1, count + 1):
        _add_condition(schema, at)
    _add_deeds(schema, desk, [values.get("move", ""), values.get("copy", "")])
    schema.add(fields.hidden(name="rows", longest=3))
    schema.add(fields.hidden(name="state", longest=64))
    buttons = [
        Button("save", _("Save the filter")),
        Button(TRY, _("Try it"), icon="search"),
        Button(MORE, _("One more condition"), icon="plus-lg"),
    ]
    return Form(schema, desk.request, buttons, values=values, action=path)


def _add_condition(schema: Any, at: int) -> None:
    number = {"n": at}
    title = _("Condition ${n}", mapping=number)
    schema.add(fields.choice(title, ASKED, folded=True, name=f"if-{at}-what", required=False))
    how = _("How, ${n}", mapping=number)
    schema.add(fields.choice(how, HOW, folded=True, name=f"if-{at}-how", required=False))
    words = _("Words, ${n}", mapping=number)
    schema.add(fields.line(words, longest=500, name=f"if-{at}-words", required=False))


def _places(desk: Desk, named: list[str]) -> list[tuple[str, Any]]:
    """Return the folders by path, those *named* by a rule that are not there any more too."""
    shelves = [one for one in (*desk.standing, *desk.own) if one.box.role != "inbox"]
    found: list[tuple[str, Any]] = [
        (desk.boxes.path(one.box), "\u00a0" * 3 * one.depth + one.name) for one in shelves
    ]
    known = {path for path, _name in found}
    for path in dict.fromkeys(named):
        if path not in (STAYS, GOES) and path not in known:
            said = {"name": path.rpartition(SEPARATOR)[2] or path}
            found.append((path, _("${name}, which is not there any more", mapping=said)))
    return found


def _add_deeds(schema: Any, desk: Desk, named: list[str]) -> None:
    places = _places(desk, named)
    into = [(STAYS, _("It stays in the inbox")), *places, (GOES, _("Nowhere: it is destroyed"))]
    schema.add(fields.choice(_("Where it goes"), into, folded=True, name="move", required=False))
    copies = [("", _("No copy")), *places]
    schema.add(
        fields.choice(_("A copy goes to"), copies, folded=True, name="copy", required=False)
    )
    schema.add(
        fields.line(
            _("Label"),
            longest=64,
            name="label",
            required=False,
            help=_("Its name; it is made where you have none of that name."),
        )
    )
    schema.add(fields.checkbox(_("Mark it as read"), name="read"))
    schema.add(fields.checkbox(_("Star it"), name="flag"))
    schema.add(fields.checkbox(_("Look at no filter after this one"), name="stop"))


def values_of(desk: Desk, rule: Rule) -> dict[str, Any]:
    """Return what the fields hold for *rule*."""
    found: dict[str, Any] = {"name": rule.name, "every": "all" if rule.every else "any"}
    for at, one in enumerate(rule.conditions, 1):
        what, _colon, header = one.field.partition(":")
        found[f"if-{at}-what"] = what
        found[f"if-{at}-how"] = (NOT if one.but else "") + one.operator
        found[f"if-{at}-words"] = f"{header}: {one.value}" if header else one.value
    kinds = {deed.kind: deed.value for deed in rule.deeds}
    found["move"] = GOES if "discard" in kinds else kinds.get("move", STAYS)
    found["copy"], found["label"] = kinds.get("copy", ""), kinds.get("label", "")
    if found["label"]:
        found["label"] = label_name(desk, found["label"])
    found.update({kind: kind in kinds for kind in ("read", "flag", "stop")})
    return found


def fits(rule: Rule) -> bool:
    """Tell whether the form shows all that *rule* says."""
    kinds = [deed.kind for deed in rule.deeds]
    ways = {value for value, _label in HOW}
    known = {value for value, _label in ASKED}
    return (
        len(kinds) == len(set(kinds))
        and not {"answer", "keep"} & set(kinds)
        and not {"move", "discard"} <= set(kinds)
        and len(rule.conditions) <= MOST
        and all((NOT if one.but else "") + one.operator in ways for one in rule.conditions)
        and all(one.field.partition(":")[0] in known for one in rule.conditions)
    )


def rule_in(desk: Desk, form: Form, values: dict[str, Any], *, enabled: bool = True) -> Rule:
    """Return the rule that *values* say; raise FormInvalid beside the field that is wrong."""
    conditions = _conditions(form, values)
    deeds = _deeds(desk, form, values)
    if not deeds and form.pressed == "save":
        form.fail("move", _("Say what is done: where it goes, how it is marked."))
    if not conditions and "discard" in [deed.kind for deed in deeds]:
        form.fail("if-1-what", _("This would destroy all that comes in: say which messages."))
    rule = Rule(values["name"], conditions, deeds, values["every"] == "all", enabled)
    try:
        script_of([rule])
    except Refused as error:
        form.fail(None, error.reason)
    return rule


def _conditions(form: Form, values: dict[str, Any]) -> tuple[Condition, ...]:
    found = []
    for at in range(1, MOST + 1):
        what, words = values.get(f"if-{at}-what"), values.get(f"if-{at}-words") or ""
        if what:
            found.append(_condition(form, at, what, values.get(f"if-{at}-how") or "", words))
        elif words:
            form.fail(f"if-{at}-what", _("Say where these words are looked for."))
    return tuple(found)


def _condition(form: Form, at: int, what: str, how: str, words: str) -> Condition:
    but, operator = how.startswith(NOT), how.removeprefix(NOT)
    if what == "size":
        if not (words.isascii() and words.isdigit() and len(words) <= 9):
            form.fail(f"if-{at}-words", _("Write a size as a number of kB, such as 500."))
        return Condition(what, operator if operator == "under" else "over", words)
    if operator in ("", "over", "under"):
        operator = "contains"
    if operator == "domain" and what not in PEOPLE:
        form.fail(f"if-{at}-how", _("Only senders and recipients have a domain."))
    if what == "header":
        name, colon, words = (part.strip() for part in words.partition(":"))
        if not colon or not _is_header(name):
            form.fail(
                f"if-{at}-words",
                _("Write the name of the header, a colon, and the words: X-Shop: receipt."),
            )
        what = f"header:{name}"
    if not words:
        form.fail(f"if-{at}-words", _("Write the words that are looked for."))
    return Condition(what, operator, words, but)


def _is_header(name: str) -> bool:
    return 0 < len(name) <= 76 and all("!" <= sign <= "~" and sign != '"' for sign in name)


def _deeds(desk: Desk, form: Form, values: dict[str, Any]) -> tuple[Deed, ...]:
    deeds = [Deed(kind) for kind in ("read", "flag") if values[kind]]
    if values["label"]:
        deeds.append(Deed("label", _keyword(desk, form, values["label"])))
    if values["copy"]:
        deeds.append(Deed("copy", values["copy"]))
    if values["move"] == GOES:
        deeds.append(Deed("discard"))
    elif values["move"]:
        deeds.append(Deed("move", values["move"]))
    if values["stop"]:
        deeds.append(Deed("stop"))
    return tuple(deeds)


def _keyword(desk: Desk, form: Form, name: str) -> str:
    """Return the keyword of the label *name*, made where there is none and the form is saved."""
    labels = desk.store.labels(desk.account)
    found = labels.by_name(name) or labels.by_keyword(name)
    if found is None and form.pressed != "save":
        return "new-label"
    try:
        keyword: str = (found or labels.make(name)).keyword
    except Refused as error:
        form.fail("label", error.reason)
    return keyword


def label_name(desk: Desk, keyword: str) -> str:
    """Return what the label with that *keyword* is called."""
    found = desk.store.labels(desk.account).by_keyword(keyword)
    return keyword if found is None else str(found.name)

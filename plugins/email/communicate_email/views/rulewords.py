"""What a filter does, in a sentence."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate_email.filters import Condition, Deed, Rule
from communicate_email.views.desk import Desk
from communicate_email.views.ruleform import ASKED, HOW, NOT, label_name

_ = TranslationStringFactory("communicate_email")

SAID = {
    "read": _("mark it as read"),
    "flag": _("star it"),
    "discard": _("destroy it"),
    "keep": _("keep it in the inbox"),
    "stop": _("look at no filter after this one"),
    "answer": _("answer it"),
}
WHEN, NUMBER = _("${what} ${how} “${words}”"), _("${what} ${how} ${words}")
MOVE, COPY = _("move it to “${name}”"), _("put a copy into “${name}”")
LABEL = _("label it “${name}”")
GONE = _("(the folder is not there: it stays in the inbox)")


def sentences(desk: Desk, rule: Rule) -> dict[str, Any]:
    """Return when *rule* acts, and what it does, each a list of phrases."""
    return {
        "name": rule.name or desk.request.page.say(_("(no name)")),
        "when": [_when(desk, one) for one in rule.conditions],
        "deeds": [_deed(desk, one) for one in rule.deeds],
        "missing": any(
            one.kind in ("move", "copy") and desk.boxes.at(one.value) is None for one in rule.deeds
        ),
    }


def _when(desk: Desk, one: Condition) -> str:
    say = desk.request.page.say
    what, _colon, header = one.field.partition(":")
    how = (NOT if one.but else "") + one.operator
    asked = header or say(dict(ASKED).get(what, what))
    way = say(dict(HOW).get(how, how))
    return str(say(NUMBER if what == "size" else WHEN, what=asked, how=way, words=one.value))


def _deed(desk: Desk, one: Deed) -> str:
    say = desk.request.page.say
    if one.kind == "label":
        return str(say(LABEL, name=label_name(desk, one.value)))
    if one.kind in ("move", "copy"):
        box = desk.boxes.at(one.value)
        name = one.value if box is None else desk.name(box)
        said = str(say(MOVE if one.kind == "move" else COPY, name=name))
        return said if box is not None else f"{said} {say(GONE)}"
    return str(say(SAID[one.kind]))

"""Why something can be reported: a short list, each with its sentence."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

_ = TranslationStringFactory("communicate")

REASONS: dict[str, Any] = {
    "hurtful": _("It hurts, threatens or humiliates somebody"),
    "private": _("It makes public what is private of somebody"),
    "illegal": _("It is forbidden by law"),
    "advertising": _("It is advertising or deceit"),
    "misplaced": _("It does not belong here"),
    "other": _("Something else"),
}

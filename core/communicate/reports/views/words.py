"""What each decision is called, for who decides and for who is told."""

from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate.reports.content import DELETE, HIDE, KEEP, WARN

_ = TranslationStringFactory("communicate")


class Words(NamedTuple):
    """One decision: what the moderator chooses, and what the author reads."""

    choice: Any
    told: Any


DECISIONS: dict[str, Words] = {
    KEEP: Words(_("Keep it"), _("It stays as it is.")),
    WARN: Words(_("Keep it, and warn the author"), _("It stays, and this is a warning.")),
    HIDE: Words(_("Hide it from all but moderators"), _("It is hidden.")),
    DELETE: Words(_("Delete it for good"), _("It is deleted.")),
}

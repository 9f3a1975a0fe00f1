"""Health: what every check finds, with the cure."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.disclosure.attempts import seen
from communicate.operate.checking import findings
from communicate.permissions import OPERATE

_ = TranslationStringFactory("communicate")


@view_config(
    route_name="operate_health",
    permission=OPERATE,
    renderer="communicate:templates/operate/health.pt",
)
def health(request: Any) -> dict[str, Any]:
    """Run every check that core and plugins declare, and show what each found."""
    found = findings(request.registry)
    return {
        "title": _("Health"),
        "rows": found,
        "ill": sum(finding.problem is not None for finding in found),
        "refused": seen(),
    }

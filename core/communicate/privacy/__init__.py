"""Privacy: the inventory of what is kept, the pages that say so, and what members consent to."""

from typing import TYPE_CHECKING

from pyramid.i18n import TranslationStringFactory

if TYPE_CHECKING:
    from pyramid.config import Configurator

_ = TranslationStringFactory("communicate")

ROUTES = {
    "privacy.changes": "/privacy/changes",
    "help.page": "/help/{name}",
    "account.consents": "/account/consents",
}


def includeme(config: "Configurator") -> None:
    """Register the services and routes of this package."""
    from communicate.privacy.consents import ConsentService
    from communicate.privacy.interfaces import IConsents

    config.register_service_factory(lambda _context, request: ConsentService(request), IConsents)
    for name, path in ROUTES.items():
        config.add_route(name, path)
    config.add_account_subject("account.consents", "check2-square", _("Consents"), weight=80)

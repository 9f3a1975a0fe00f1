"""Second factors of signing in, and app passwords."""

from typing import TYPE_CHECKING, Any

from pyramid.i18n import TranslationStringFactory

if TYPE_CHECKING:
    from pyramid.config import Configurator

_ = TranslationStringFactory("communicate")

ROUTES = {
    "login.second": "/login/second",
    "login.send": "/login/second/send",
    "login.passkey": "/login/passkey",
    "account.second": "/account/second-factor",
    "account.second.app": "/account/second-factor/app",
    "account.second.passkey": "/account/second-factor/passkey",
    "account.second.codes": "/account/second-factor/codes",
    "account.second.remove": "/account/second-factor/remove",
    "account.second.further": "/account/second-factor/further",
    "account.second.off": "/account/second-factor/off",
    "account.apps": "/account/app-passwords",
}


def includeme(config: "Configurator") -> None:
    """Register the services and routes of this package."""
    from communicate.factors.apps import AppPasswordService, Recent
    from communicate.factors.services import FactorService
    from communicate.interfaces import IAppPasswords, IFactors

    config.include("communicate.factors.further")
    registry: Any = config.registry
    registry.communicate_recent = Recent()
    config.register_service_factory(lambda _context, request: FactorService(request), IFactors)
    config.register_service_factory(
        lambda _context, request: AppPasswordService(request), IAppPasswords
    )
    for name, path in ROUTES.items():
        config.add_route(name, path)
    config.add_account_subject("account.second", "shield-lock", _("Two-step sign-in"), weight=24)
    config.add_account_subject("account.apps", "app-indicator", _("App passwords"), weight=26)

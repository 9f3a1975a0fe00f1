"""What left the site about a member, and to whom: recorded by the gate, shown to the member.

`services` keeps the record, `views` shows it; `guard` refuses what goes past the gate.
"""

from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import IDisclosures

_ = TranslationStringFactory("communicate")

ROUTE = "account.received"


def includeme(config: Configurator) -> None:
    """Offer `IDisclosures`, and the page of what others received."""
    from communicate.disclosure.services import disclosure_service

    config.register_service_factory(disclosure_service, IDisclosures)
    config.add_route(ROUTE, "/account/privacy/received")
    config.add_account_subject(ROUTE, "box-arrow-up-right", _("Who received what"), weight=860)

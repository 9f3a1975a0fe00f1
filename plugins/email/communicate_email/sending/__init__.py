"""Mail on its way out: the queue in the tree, how it is delivered, what failures are told."""

from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

_ = TranslationStringFactory("communicate_email")


def includeme(config: Configurator) -> None:
    """Offer `ISending`, what asks the DNS, the operators' page, and the link to the relay."""
    from communicate_email.interfaces import ISending
    from communicate_email.sending import settings
    from communicate_email.sending.resolving import DNSResolver, IResolver
    from communicate_email.sending.services import sending_service

    config.register_service_factory(sending_service, ISending)
    config.add_operators_page("/outgoing", "send", _("Outgoing mail"), weight=10)
    if config.registry.queryUtility(IResolver) is None:
        servers = config.registry.settings["email.name_servers"]
        config.registry.registerUtility(DNSResolver(servers), IResolver)
    link = settings.link_of(config.registry.settings)
    if link is not None:
        config.add_link(link)

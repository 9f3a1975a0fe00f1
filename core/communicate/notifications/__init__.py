"""Notices: what members are told, on the page, by the bell, and by mail."""

from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import INotifications

_ = TranslationStringFactory("communicate")


def includeme(config: Configurator) -> None:
    """Offer `INotifications`, the page of notices, and that of their settings."""
    from communicate.notifications.services import notification_service

    config.register_service_factory(notification_service, INotifications)
    config.add_route("notices", "/notices")
    config.add_route("notice", "/notices/{id}")
    config.add_route("account.notices", "/account/notices")
    config.add_account_subject("account.notices", "bell", _("Notices"), weight=15)

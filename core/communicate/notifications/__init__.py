"""Notices: what members are told, on the page, by the bell, and by mail."""

from pyramid.config import Configurator

from communicate.interfaces import INotifications


def includeme(config: Configurator) -> None:
    """Offer `INotifications`."""
    from communicate.notifications.services import notification_service

    config.register_service_factory(notification_service, INotifications)

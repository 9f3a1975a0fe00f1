"""One quota for all that a member stores, whichever service keeps it: `IQuota`.

What counts is what the plugins answer to ``communicate_storage_use``.  A service that keeps bytes
asks `claim` before it does, in the transaction that does.
"""

from pyramid.config import Configurator

from communicate.quota.services import QuotaExceeded, quota_service

__all__ = ["QuotaExceeded", "includeme"]


def includeme(config: Configurator) -> None:
    """Offer `IQuota` to every request."""
    from communicate.interfaces import IQuota

    config.register_service_factory(quota_service, IQuota)

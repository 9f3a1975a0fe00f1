"""One quota for all that a member stores, whichever service keeps it: `IQuota`.

A service that keeps bytes counts them by `claim`, in the transaction that keeps them, and by
`release` in the one that destroys them; it answers to ``communicate_storage_use`` what it finds it
keeps, so that ``communicate doctor`` can tell where the two differ (`communicate.quota.proof`).
"""

from pyramid.config import Configurator

from communicate.quota.services import QuotaExceeded, quota_service

__all__ = ["QuotaExceeded", "includeme"]


def includeme(config: Configurator) -> None:
    """Offer `IQuota` to every request."""
    from communicate.interfaces import IQuota

    config.register_service_factory(quota_service, IQuota)

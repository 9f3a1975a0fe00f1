"""Erasure of accounts: ledger, closing, a job of repeatable steps, receipt.

`services` begins an erasure and shows its receipt, `jobs` does the steps and replays the ledger,
`authored` knows what each member wrote anywhere.
"""

from typing import TYPE_CHECKING

from communicate.erasure.authored import AuthoredService
from communicate.erasure.services import ErasureService
from communicate.interfaces import IAuthored, IErasure

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: "Configurator") -> None:
    """Offer `IErasure` and `IAuthored` to every request."""
    config.register_service_factory(lambda _context, request: ErasureService(request), IErasure)
    config.register_service_factory(lambda _context, request: AuthoredService(request), IAuthored)

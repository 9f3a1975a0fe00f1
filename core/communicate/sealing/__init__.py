"""Sealing: everything that members author is encrypted under the key of its owner.

`communicate.sealing.services.Seals` is what other parts use, through `ISeals`.  Below it lie the
envelope (`envelope`), sealed files (`files`), the values kept in the tree (`content`), the key
ring (`keyring`) and the master key (`master`).  The formats and their test vectors are in
``docs/reference/sealing.md``.
"""

from pyramid.config import Configurator

from communicate.sealing.content import Sealed, SealedBlob
from communicate.sealing.errors import Destroyed, SealBroken
from communicate.sealing.keys import SITE

__all__ = ["SITE", "Destroyed", "SealBroken", "Sealed", "SealedBlob", "includeme"]


def includeme(config: Configurator) -> None:
    """Offer `ISeals` and `IKeyRing` to every request."""
    config.include("communicate.sealing.services")

"""The object tree: opened by URI, guarded, retried, evolved and packed.

``request.site`` and ``request.root_map`` come from `communicate.storage.work`; see
``docs/decisions/stores.md`` for why there are three stores and what each may hold.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: "Configurator") -> None:
    """Give requests their site, and have conflicts retried."""
    config.include("communicate.storage.retry")
    config.include("communicate.storage.work")

"""Whether the site can answer: each of its stores is asked, at most every two seconds."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from communicate.interfaces import ICatalog, IDatabase, IKeyRing
from communicate.sealing import SITE

log = logging.getLogger(__name__)

REMEMBERED = 2.0  # seconds: whoever asks more often is told the same


def tree(registry: Any) -> None:
    """Read the root of the tree; raise where that cannot be done."""
    database = registry.getUtility(IDatabase)
    connection = database.open()
    try:
        connection.root()["site"]._p_activate()
    finally:
        connection.close()


def catalog(registry: Any) -> None:
    """Ask the catalog for nothing; raise where it does not answer."""
    with registry.getUtility(ICatalog).engine.sql.connect() as connection:
        connection.execute(text("SELECT 1"))


def keyring(registry: Any) -> None:
    """Open the site's key; raise where that cannot be done."""
    registry.getUtility(IKeyRing).key(SITE)


STORES: dict[str, Callable[[Any], None]] = {"tree": tree, "catalog": catalog, "keyring": keyring}


class Pulse:
    """The last answer of the stores of one application."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked, self._answer = -REMEMBERED, True

    def beats(self, registry: Any) -> bool:
        """Tell whether every store of *registry*'s site answers, or did a moment ago."""
        with self._lock:
            if time.monotonic() - self._asked >= REMEMBERED:
                self._answer = not failing(registry)
                self._asked = time.monotonic()
            return self._answer


def failing(registry: Any) -> list[str]:
    """Return the stores that do not answer."""
    found = []
    for name, ask in STORES.items():
        try:
            ask(registry)
        except Exception as error:
            log.error("the %s does not answer: %s", name, type(error).__name__)
            found.append(name)
    return found

"""The kinds that core and the enabled plugins put into the catalog."""

from typing import Any

from communicate.declarations import Indexable
from communicate.interfaces import IPlugins

KEY = "communicate.indexables"


def kinds_of(registry: Any) -> dict[str, Indexable]:
    """Return the declared kinds by name; they are asked for once and kept with the registry."""
    found: dict[str, Indexable] | None = registry.get(KEY)
    if found is None:
        declared = registry.getUtility(IPlugins).gather("communicate_indexables")
        found = registry[KEY] = {each.kind: each for each in declared}
    return found

"""The kinds that can be reported: what core and the enabled plugins declare."""

from typing import Any

from communicate.declarations import Moderable
from communicate.interfaces import IPlugins

KEY = "communicate.moderables"


def kinds_of(registry: Any) -> dict[str, Moderable]:
    """Return the declared kinds by name; they are asked for once and kept with the registry."""
    found: dict[str, Moderable] | None = registry.get(KEY)
    if found is None:
        declared = registry.getUtility(IPlugins).gather("communicate_moderables")
        found = registry[KEY] = {each.kind: each for each in declared}
    return found

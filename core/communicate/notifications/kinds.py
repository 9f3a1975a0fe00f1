"""The kinds of notice that core and the enabled plugins declare."""

from typing import Any

from communicate.declarations import Notification
from communicate.interfaces import IPlugins

KEY = "communicate.notifications"


def kinds_of(registry: Any) -> dict[str, Notification]:
    """Return the declared kinds by name; they are asked for once and kept with the registry."""
    found: dict[str, Notification] | None = registry.get(KEY)
    if found is None:
        declared = registry.getUtility(IPlugins).gather("communicate_notifications")
        found = registry[KEY] = {each.kind: each for each in declared}
    return found


def kind_named(registry: Any, kind: str) -> Notification:
    """Return the declared *kind*; raise LookupError."""
    try:
        return kinds_of(registry)[kind]
    except KeyError:
        raise LookupError(
            f"no kind of notice {kind!r}: declare it in communicate_notifications"
        ) from None

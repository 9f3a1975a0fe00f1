"""Make the node that declares one setting."""

from collections.abc import Callable
from typing import Any

from colander import SchemaNode, SchemaType, required

Derive = Callable[[dict[str, Any]], Any]


def node(
    type_: SchemaType,
    name: str,
    description: str,
    *,
    missing: Any = required,
    derived: Derive | None = None,
    **extra: Any,
) -> SchemaNode:
    """Return the colander node of the setting *name*.

    *description* is the sentence shown as the cure when the value cannot be used.
    *derived* computes the default from the settings read so far, in the order in which
    they are declared, for example a place under ``communicate.var``. ``secret=True``
    keeps the value out of error messages; ``validator`` is colander's.
    """
    return SchemaNode(
        type_, name=name, description=description, missing=missing, derived=derived, **extra
    )

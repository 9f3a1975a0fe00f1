"""Declare how long the site remembers what it tells members and operators."""

from colander import Int, Range, SchemaNode

from communicate.settings.nodes import node


def nodes() -> list[SchemaNode]:
    """Return the nodes in the order in which they are read."""
    return [
        node(
            Int(),
            "communicate.disclosures_days",
            "Write for how many days members see who received what, from 30 to 3650.",
            missing=365,
            validator=Range(30, 3650),
        ),
    ]

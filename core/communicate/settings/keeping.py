"""Declare what the site remembers of its own work, and who may look at it."""

from colander import Int, Length, OneOf, Range, SchemaNode, String

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
        node(
            String(),
            "communicate.log_format",
            "Write human for lines to be read, or json for lines to be collected.",
            missing="human",
            validator=OneOf(("human", "json")),
        ),
        node(
            String(),
            "communicate.metrics_token",
            "Write at least 20 characters that whoever reads /metrics sends, or nothing: then "
            "only this machine may.",
            missing="",
            secret=True,
            validator=Length(min=20),
        ),
    ]

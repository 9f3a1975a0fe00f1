"""The settings of text messages, read as ``sms.<name>``."""

from colander import Length, SchemaNode, String

from communicate_sms import (
    settings_abuse,
    settings_factor,
    settings_incoming,
    settings_operators,
    settings_texts,
)
from communicate_sms.ways import Routes, Ways


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        *settings_texts.nodes(),
        SchemaNode(
            Ways(),
            name="ways",
            missing=(),
            description="Write one way to an operator in a line: name kind key=value ….",
        ),
        SchemaNode(
            Routes(),
            name="routes",
            missing={},
            description="Write one prefix of numbers in a line, and the ways for it: +33 way ….",
        ),
        SchemaNode(
            String(),
            name="region",
            missing="FR",
            validator=Length(2, 2),
            description="Write the country whose numbers need no country code, as FR.",
        ),
        *settings_abuse.nodes(),
        *settings_factor.nodes(),
        *settings_incoming.nodes(),
        *settings_operators.nodes(),
    ]

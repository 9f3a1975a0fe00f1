"""The settings of what operators of telephones bring."""

from colander import SchemaNode

from communicate.settings.types import Rate


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            Rate(),
            name="wrong_calls",
            missing="60/10 minute",
            description="Write how often one address may call without proof, as 60/10 minute.",
        ),
    ]

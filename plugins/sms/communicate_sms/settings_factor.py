"""The setting of codes by text message as a second step of signing in."""

from colander import SchemaNode

from communicate.settings.types import Switch


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            Switch(),
            name="second_step",
            missing=True,
            description="Write off unless members may have codes sent as a weaker second step.",
        ),
    ]

"""The settings of what operators do about text messages, read as ``sms.<name>``."""

from colander import SchemaNode

from communicate.settings.types import Rate


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            Rate(),
            name="tests",
            missing="20/hour",
            description="Write how many test messages an operator may send, such as 20/hour.",
        ),
    ]

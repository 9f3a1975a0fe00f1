"""The settings of articles, read as ``articles.<name>``."""

from colander import Int, Range, SchemaNode

from communicate.settings.types import Rate


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            Int(),
            name="longest",
            missing=100_000,
            validator=Range(1_000, 200_000),
            description="Write how many characters an article may have, from 1000 to 200000.",
        ),
        SchemaNode(
            Int(),
            name="keep_versions",
            missing=180,
            validator=Range(1, 3650),
            description="Write for how many days former versions are kept, from 1 to 3650.",
        ),
        SchemaNode(
            Rate(),
            name="feeds",
            missing="120/hour",
            description="Write how often a private feed may be fetched, such as 120/hour.",
        ),
        SchemaNode(
            Rate(),
            name="wrong_feeds",
            missing="60/hour",
            description="Write how often one address may try private feeds that do not exist.",
        ),
    ]

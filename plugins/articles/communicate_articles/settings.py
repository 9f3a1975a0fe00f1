"""The settings of articles, read as ``articles.<name>``."""

from colander import Int, Range, SchemaNode


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
    ]

"""The settings of members' mail programs that read mail, as ``email.<name>``."""

from colander import Int, Range, SchemaNode

from communicate.settings.types import ListenOrOff, Rate


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            ListenOrOff(),
            name="imap",
            missing="",
            description="Write where programs read mail by IMAP, encrypted after a word of theirs "
            "(STARTTLS), such as 0.0.0.0:143, or off.",
        ),
        SchemaNode(
            ListenOrOff(),
            name="imaps",
            missing="",
            description="Write where programs read mail by IMAP, encrypted from the first byte, "
            "such as 0.0.0.0:993, or off.",
        ),
        SchemaNode(
            ListenOrOff(),
            name="pop3",
            missing="",
            description="Write where programs fetch mail by POP3, encrypted after a word of "
            "theirs (STLS), such as 0.0.0.0:110, or off.",
        ),
        SchemaNode(
            ListenOrOff(),
            name="pop3s",
            missing="",
            description="Write where programs fetch mail by POP3, encrypted from the first byte, "
            "such as 0.0.0.0:995, or off.",
        ),
        SchemaNode(
            Int(),
            name="programs_connections",
            missing=2_000,
            validator=Range(1, 100_000),
            description="Write how many programs may be connected by IMAP, and by POP3, 1 to "
            "100000.",
        ),
        SchemaNode(
            Int(),
            name="programs_per_address",
            missing=60,
            validator=Range(1, 100_000),
            description="Write how many of them may come from one network, 1 to 100000.",
        ),
        SchemaNode(
            Rate(),
            name="programs_connects",
            missing="600/minute",
            description="Write how often programs of one network may connect, such as 600/minute.",
        ),
        SchemaNode(
            Int(),
            name="programs_per_member",
            missing=40,
            validator=Range(1, 1_000),
            description="Write how many of them one member may have, 1 to 1000.",
        ),
        SchemaNode(
            Int(),
            name="programs_patience",
            missing=60,
            validator=Range(1, 3_600),
            description="Write how many seconds a program is waited for that has not signed in, "
            "or is in the middle of something, 1 to 3600.",
        ),
    ]

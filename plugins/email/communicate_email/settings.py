"""The settings of e-mail, read as ``email.<name>``."""

from typing import Any

from colander import Int, Invalid, Range, SchemaNode

from communicate.accounts.addresses import BadAddress, clean
from communicate.settings.types import Names, Rate, SettingType, Size


class Domain(SettingType):
    """The name of a domain, as it stands after the ``@``, in ASCII."""

    def read(self, node: SchemaNode, text: str) -> str:
        """Return *text* in small ASCII letters."""
        try:
            return clean(f"x@{text}").rpartition("@")[2]
        except BadAddress:
            raise Invalid(node, "Write the name of a domain, such as example.org.") from None


class Domains(Names):
    """Several of them."""

    def deserialize(self, node: SchemaNode, cstruct: Any) -> Any:
        """Return each in small ASCII letters."""
        found = super().deserialize(node, cstruct)
        return (
            found if not isinstance(found, list) else [Domain().read(node, one) for one in found]
        )


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            Domain(),
            name="domain",
            missing="localhost",
            description="Write the domain of members' addresses, what follows the @ in them, "
            "such as example.org.",
        ),
        SchemaNode(
            Domains(),
            name="domains",
            missing=[],
            description="Write further domains whose mail is for the same members, parted by "
            "blanks.",
        ),
        SchemaNode(
            SettingType(),
            name="postmaster",
            missing="",
            description="Write the login of who reads what is for postmaster@, abuse@, "
            "hostmaster@ and webmaster@: every domain must have them (RFC 2142).",
        ),
        SchemaNode(
            SettingType(),
            name="catch_all",
            missing="",
            description="Write the login of who reads what is for addresses that nobody has; "
            "without one it is refused.",
        ),
        SchemaNode(
            Int(),
            name="aliases",
            missing=20,
            validator=Range(0, 1000),
            description="Write how many further addresses a member may have, from 0 to 1000.",
        ),
        SchemaNode(
            Int(),
            name="disposables",
            missing=100,
            validator=Range(0, 1000),
            description="Write how many random addresses to give away a member may have, from 0 "
            "to 1000.",
        ),
        SchemaNode(
            Rate(),
            name="aliasing",
            missing="20/day",
            description="Write how often a member may try to get a further address, such as "
            "20/day: names that are taken are not to be found out by trying.",
        ),
        SchemaNode(
            Rate(),
            name="carrying",
            missing="30/day",
            description="Write how often a member may bring mail as files or take it home, such "
            "as 30/day.",
        ),
        SchemaNode(
            Size(),
            name="import_size",
            missing=256 * 2**20,
            validator=Range(2**20, 2**34),
            description="Write how large the files of mail may be that a member brings at once, "
            "such as 256 MB.",
        ),
        SchemaNode(
            Int(),
            name="junk_days",
            missing=30,
            validator=Range(1, 3650),
            description="Write for how many days messages stay in the junk folder.",
        ),
        SchemaNode(
            Int(),
            name="trash_days",
            missing=30,
            validator=Range(1, 3650),
            description="Write for how many days messages stay in the trash.",
        ),
        SchemaNode(
            Int(),
            name="hops",
            missing=50,
            validator=Range(5, 1000),
            description="Write through how many machines a message may have come: what has "
            "more is going round in circles.",
        ),
        *webmail(),
    ]


def webmail() -> list[SchemaNode]:
    """Return what the pages ask."""
    return [
        SchemaNode(
            Int(),
            name="page_size",
            missing=30,
            validator=Range(5, 200),
            description="Write how many messages a page shows, from 5 to 200.",
        ),
        SchemaNode(
            Int(),
            name="undo",
            missing=10,
            validator=Range(0, 60),
            description="Write for how many seconds a message that is sent can be taken back.",
        ),
        SchemaNode(
            Rate(),
            name="attaching",
            missing="300/hour",
            description="Write how often a member may attach a file to a message, such as "
            "300/hour.",
        ),
        SchemaNode(
            Rate(),
            name="searching",
            missing="30/minute",
            description="Write how often a member may search the mail, such as 30/minute.",
        ),
    ]

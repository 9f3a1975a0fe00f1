"""Declare how the site is backed up."""

from typing import Any

from colander import Int, Invalid, Range, SchemaNode, null
from pyrage import RecipientError, x25519

from communicate.settings.nodes import node
from communicate.settings.site import production
from communicate.settings.types import FilePath, Names

HORIZON = 48  # hours


class Recipients(Names):
    """Public keys of age, parted by blanks: ``age1…``."""

    def deserialize(self, node: SchemaNode, cstruct: Any) -> Any:
        """Return the keys as a list without repeats, each of which age understands."""
        words = super().deserialize(node, cstruct)
        for word in () if words is null else words:
            try:
                x25519.Recipient.from_str(word)
            except RecipientError:
                raise Invalid(node, f'"{word}" is not a public key of age.') from None
        return words


def nodes() -> list[SchemaNode]:
    """Return the nodes in the order in which they are read."""
    return [
        node(
            Recipients(),
            "communicate.backup_recipients",
            "List the public keys (age1…) to which backups are encrypted; make one with "
            "`communicate backup identity FILE`.",
            missing=[],
        ),
        node(
            FilePath(),
            "communicate.backup_keys",
            "Write the path of the folder, apart from all other backups, that holds the latest "
            "copy of the key ring.",
            missing=None,
        ),
        node(
            Int(),
            "communicate.backup_horizon",
            "Write after how many hours without a backup operators are warned; 0 is never.",
            derived=lambda read: HORIZON if production(read) else 0,
            validator=Range(0, 24 * 366),
        ),
    ]

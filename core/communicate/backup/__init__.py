"""Backup and restore of a serving site: tree, then blobs, then the key ring into a second target.

`making` makes a backup, `verifying` opens one aside, `restoring` brings a site back from one and
erases again whoever was erased since.  ``docs/decisions/backup.md`` says why it is built so.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: "Configurator") -> None:
    """Offer nothing to requests: a backup is a matter of commands, jobs and checks."""

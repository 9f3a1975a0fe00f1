"""What can go wrong with a backup, each with its cure."""

from pathlib import Path


class BackupError(Exception):
    """The backup cannot be made, opened or restored; the message says what to do."""


class NoRecipients(BackupError):
    """Nobody could open a backup: no public key is named."""

    def __init__(self) -> None:
        super().__init__(
            "no public key is named to which the backup could be encrypted: make one with "
            "`communicate backup identity FILE`, keep FILE away from this machine, and write what "
            "the command prints into communicate.backup_recipients"
        )


class NoBackup(BackupError):
    """There is no whole backup in the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} holds no whole backup: name the folder that `communicate backup` wrote to"
        )


class Damaged(BackupError):
    """Something in the backup is not what was written there."""


class CannotOpen(BackupError):
    """The backup, or a part of it, cannot be opened with the identities that were given."""


class NotEmpty(BackupError):
    """There are data already where a backup should be restored to."""


class Unfinished(BackupError):
    """A restore was cut short."""


class KeysUnreachable(BackupError):
    """The copy of the key ring cannot be written."""

"""What can go wrong with sealed things and their keys, and the cure."""


class SealError(Exception):
    """A sealed thing cannot be opened."""


class SealBroken(SealError):
    """The sealed bytes are not those that were sealed.

    They were changed, cut, lengthened or put in another order, or they were sealed for another
    owner or as another kind.  Restore the object from a backup.
    """


class Destroyed(SealError):
    """The key that sealed this is gone: the thing reads as deleted."""

    def __init__(self, uid: int) -> None:
        super().__init__(f"the key of {uid} was destroyed, or never made: show this as deleted")
        self.uid = uid


class KeyRingError(Exception):
    """The key ring cannot do what was asked."""


class WrongMasterKey(KeyRingError):
    """The key ring was wrapped under another master key."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"The master key does not open the key ring {place}. Put back the key that belongs "
            "to it, in the file that communicate.master_key_file names or in "
            "COMMUNICATE_MASTER_KEY. If a change of the master key was interrupted, the new key "
            "lies beside that file with the ending .new: move it over the file."
        )


class KeyRingBusy(KeyRingError):
    """Somebody held the key ring open for too long to wipe what was deleted from it."""

    def __init__(self, place: str, seconds: float) -> None:
        super().__init__(
            f"The key ring {place} was in use for {seconds:g} seconds without a pause, so bytes "
            "of deleted keys may remain in its files. End the long-running reader (a backup?) "
            "and try again."
        )


class MasterKeyError(Exception):
    """There is no usable master key."""


class MasterKeyMissing(MasterKeyError):
    """No master key was given, and none may be made."""


class MasterKeyExposed(MasterKeyError):
    """Other accounts of this machine may read the file of the master key."""


class MasterKeyMalformed(MasterKeyError):
    """What was given as the master key is not the base64 of 32 bytes."""

"""What can go wrong with the object tree, each with its cure."""


class StorageError(Exception):
    """The object tree cannot be used as asked; the message says what to do."""


class AlreadyOpen(StorageError):
    """Another process has the tree open."""


class MissingTree(StorageError):
    """There are blobs, but not the tree that they belong to."""


class BadAddress(StorageError):
    """The setting ``communicate.database`` cannot be understood."""


class NoSite(StorageError):
    """The tree holds no site yet."""


class BadSteps(StorageError):
    """Evolve steps are declared in a way that gives them no order."""


class StepsPending(StorageError):
    """The tree is older than the software."""


class PackBusy(StorageError):
    """A pack could not finish, because something else is using the store."""

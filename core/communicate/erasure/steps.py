"""The steps of an erasure, in order: each may be repeated, a kill between two is harmless."""

from collections.abc import Callable

LEDGER = "ledger"  # its line is on disk, outside the data
CLOSE = "close"  # the account is closed, and everything of it reads as deleted
PLUGINS = "plugins"  # each plugin has emptied or removed what it held, or is pending
AUTHORED = "authored"  # the catalog has none of it
JOBS = "jobs"  # nothing waits to be done or sent for it
ACCOUNT = "account"  # the account and its space are out of the tree
KEY = "key"  # its key is destroyed: every copy of its words is unreadable
WIPE = "wipe"  # no file of the catalog has a deleted word in it
BACKUP = "backup"  # the key ring's backup copy has no such key either
RECEIPT = "receipt"  # all is done

STEPS = (LEDGER, CLOSE, PLUGINS, AUTHORED, JOBS, ACCOUNT, KEY, WIPE, BACKUP, RECEIPT)

AfterStep = Callable[[str], None]


def nothing(_step: str) -> None:
    """Do nothing after a step."""

"""What the tree keeps of what is being written; path and names are an on-disk contract."""

from typing import Any

from BTrees.LLBTree import LLBTree
from BTrees.LOBTree import LOBTree
from persistent import Persistent

from communicate.sealing.content import Sealed


class Draft(Persistent):
    """What a member typed into one form and has not sent: its words, and the form's address.

    *words* is JSON, a text for each field's name.  *saved* is in ms since 1970, UTC; *discarded*,
    too, once its member has thrown it away and may take that back for a moment, else 0.
    """

    discarded = 0

    def __init__(self, place: Sealed, words: Sealed, saved: int) -> None:
        self.place = place
        self.words = words
        self.saved = saved


class Desk(Persistent):
    """The drafts of one member, by 63 bits of an HMAC of the form's address under their key."""

    def __init__(self) -> None:
        self.drafts = LOBTree()  # HMAC -> Draft
        self.sent = LLBTree()  # 63 bits of the hash of a form's token -> ms at which it was sent


class Drafts(Persistent):
    """All drafts of the site."""

    def __init__(self) -> None:
        self.desks = LOBTree()  # uid -> Desk


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault("drafts", Drafts())

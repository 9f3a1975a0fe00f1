"""What one transaction is going to write, gathered until its vote.

The last word on each thing counts, and the order in which different things are said does not
matter: rights are written before items, however late they were stated.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, fields

from communicate.catalog.entries import Entry, Hit, Place

Pair = tuple[str | int, int]


@dataclass
class Changes:
    """A queue of writes; false while it is empty."""

    items: dict[int, Entry | None] = field(default_factory=dict)
    rights: dict[int, tuple[str, ...]] = field(default_factory=dict)
    holders: dict[tuple[str, int], bool] = field(default_factory=dict)
    blocks: dict[tuple[int, int], bool] = field(default_factory=dict)
    wordless: dict[int, None] = field(default_factory=dict)
    forgotten: dict[int, None] = field(default_factory=dict)  # uids
    stale: dict[int, int] = field(default_factory=dict)  # id: the moment the row was written

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def put(self, entry: Entry) -> None:
        """Store *entry* in place of what is known of its id.

        Raises ValueError where a thing of another kind is being stored under the same id.
        """
        other = self.items.get(entry.id)
        if other is not None and other.kind != entry.kind:
            raise ValueError(
                f"{other.kind} and {entry.kind} share the id {entry.id}, and could not both be "
                "found: give each thing its own id, or both one entry"
            )
        self.items[entry.id] = entry
        self.wordless.pop(entry.id, None)

    def remove(self, number: int) -> None:
        """Forget the item *number*, and the rights that it governs."""
        self.items[number] = None
        self.rights.pop(number, None)

    def set_rights(self, acl: int, principals: Iterable[str]) -> None:
        """State who may read every item that *acl* governs."""
        self.rights[acl] = tuple(sorted(set(principals)))

    def drop_words(self, items: Iterable[int]) -> None:
        """Forget the words and the sort keys of *items*; the rows stay."""
        self.wordless.update(dict.fromkeys(items))

    def forget(self, uid: int) -> None:
        """Forget every row that names the member *uid*, but for what is put in its stead."""
        self.forgotten[uid] = None

    def repair(self, row: Hit | Place) -> None:
        """Forget *row* unless it has been written again since it was read."""
        self.stale[row.id] = row.written

    def snapshot(self) -> "Changes":
        """Return a copy that later changes do not touch."""
        return Changes(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})

"""What is different between two versions of the policy, and whether members are to read it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from communicate.privacy.snapshot import DATA, OPERATOR, PURPOSE, RECIPIENT, Piece, essence
from communicate.web.i18n import SOURCE

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
PURPOSEFUL = (DATA, RECIPIENT, PURPOSE)
RECIPIENTS = ("operator:identity", "operator:providers")  # whom the data is with


class Difference(NamedTuple):
    """One piece that came, went, or says something else; *before* and *after* are the pieces."""

    sort: str
    name: str
    before: Piece | None
    after: Piece | None

    @property
    def piece(self) -> Piece:
        """The piece as it is now, or as it was."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 (one of them is there, or nothing is different)
        return found

    @property
    def asks(self) -> bool:
        """Whether it is about a purpose or a recipient, so that members are to know of it."""
        if self.sort == REMOVED:
            return False
        if self.piece["sort"] == OPERATOR:
            return self.name in RECIPIENTS
        if self.piece["sort"] not in PURPOSEFUL:
            return False
        return self.before is None or self.after is None or told(self.before) != told(self.after)


def told(piece: Piece) -> list[object]:
    """Return what of *piece* is its purpose, who gets it, and what."""
    words = piece["words"][SOURCE]
    return [words.get("why"), words.get("fields"), piece.get("audience")]


def differences(old: Mapping[str, Piece], new: Mapping[str, Piece]) -> Iterator[Difference]:
    """Yield what is different in *new*: what came, what changed, and what went."""
    for name, piece in new.items():
        if name not in old:
            yield Difference(ADDED, name, None, piece)
    for name, piece in new.items():
        if name in old and essence(old[name]) != essence(piece):
            yield Difference(CHANGED, name, old[name], piece)
    for name, piece in old.items():
        if name not in new:
            yield Difference(REMOVED, name, piece, None)


def asks(old: Mapping[str, Piece], new: Mapping[str, Piece]) -> bool:
    """Tell whether members are asked to read what is different."""
    return any(one.asks for one in differences(old, new))

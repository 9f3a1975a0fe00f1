"""The last step that a member took with messages, kept in numbers so that it can be taken back.

There is one for an account, of however many messages; the next one takes its place.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from communicate import clock
from communicate.ids import new_id
from communicate_email.content import Account, Mailbox, Step
from communicate_email.store import rows as rowing

STEP = "email.step"
MINUTES = 10  # in which it can be taken back: pages offer it for ten seconds
ADD, REMOVE = "add", "remove"


class Steps:
    """The step of one *account* that can be taken back; *store* is the `IMailStore`."""

    def __init__(self, store: Any, account: Account) -> None:
        self.store = store
        self.account = account
        self._moves: list[tuple[int, int, bytes]] = []
        self._marks: list[tuple[int, int, str, bytes]] = []

    def move(self, source: Mailbox, uids: Iterable[int], target: Mailbox) -> int:
        """Move messages, as `IMailStore.move` does; return how many."""
        made = self.store.move(source, uids, target)
        if made:
            packed = rowing.pack_runs(sorted(made.values()))
            self._moves.append((source.id, target.id, packed))
        return len(made)

    def flag(self, box: Mailbox, uids: Sequence[int], bits: int, how: str) -> int:
        """Set *bits*, or take them away (*how*); return how many messages are different now."""
        before = {row.uid: row.flags & bits for row in rowing.some(box, uids)}
        rows = self.store.flag(box, before, bits, how).rows
        back = REMOVE if how == ADD else ADD
        by_bits: dict[int, list[int]] = {}
        for row in rows:
            by_bits.setdefault(before[row.uid] ^ (row.flags & bits), []).append(row.uid)
        for changed, which in by_bits.items():
            self._marks.append((box.id, changed, back, rowing.pack_runs(which)))
        return len(rows)

    def remember(self) -> int | None:
        """Keep what was done by this object; return its number, None where nothing was."""
        if not self._moves and not self._marks:
            return None
        step = Step(new_id(), self._now + MINUTES * 60_000, tuple(self._moves), tuple(self._marks))
        self.account.step = step
        return step.id

    def take_back(self, number: int) -> Mailbox | None:
        """Take back the step of that *number*; return a folder where messages are as they were.

        None where it is another one by now, or too late.
        """
        step = self.account.step
        if step is None or step.id != number or step.until < self._now:
            return None
        self.account.step = None
        found: Mailbox | None = None
        boxes = self.account.boxes
        for source, target, packed in step.moves:
            if source in boxes and target in boxes:
                self.store.move(boxes[target], rowing.runs_in(packed), boxes[source])
                found = boxes[source]
        for box, bits, how, packed in step.marks:
            if box in boxes:
                self.store.flag(boxes[box], rowing.runs_in(packed), bits, how)
                found = boxes[box]
        return found

    @property
    def _now(self) -> int:
        return clock.milliseconds(clock.now(self.store.request))

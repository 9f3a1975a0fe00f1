"""Messages read: what lists show of them, conversations, searches, their bytes and parts."""

from collections.abc import Iterable, Iterator
from typing import Any

from communicate.interfaces import ISeals
from communicate.sealing.content import Sealed
from communicate_email.content import Account, Mail, Mailbox
from communicate_email.imap.wire.envelopes import parsed
from communicate_email.mime import Envelope
from communicate_email.store import conversing, marks
from communicate_email.store import rows as rowing
from communicate_email.store.conversing import Talk
from communicate_email.store.describing import (
    Head,
    Structure,
    envelope_in,
    envelope_of,
    head_in,
    structure_in,
)
from communicate_email.store.filing import known_places
from communicate_email.store.keeping import HEAD
from communicate_email.store.listed import Listed
from communicate_email.store.marks import Spot
from communicate_email.store.rows import Row
from communicate_email.store.threads import Threads
from communicate_email.store.words import Asked, Search

__all__ = ["Listed", "Reading"]
MOST_FOUND = 1000


class Reading:
    """What reads one *account*: whoever asks has asked `permits`."""

    def __init__(self, request: Any, account: Account) -> None:
        self.request = request
        self.account = account
        self.uid = int(account.owner or 0)
        self.seals: Any = request.find_service(ISeals)
        self.threads = Threads(self.seals, account)

    # Lists

    def page(self, box: Mailbox, *, before: int | None = None, most: int = 50) -> list[Listed]:
        """Return *most* messages of *box*, the latest first, from below the place *before* on.

        `Row.place` of the last one is where the next page goes on.
        """
        uids: list[int] = []
        for key in _downwards(box.dates, before):
            uids.append(key & rowing.LARGEST_UID)
            if len(uids) >= most:
                break
        return self.listed(box, uids)

    def newer(self, box: Mailbox, after: int, most: int = 50) -> list[Listed]:
        """Return the *most* messages of *box* that follow the place *after*, the latest first."""
        keys = iter(box.dates.keys(after, excludemin=True))
        uids = [key & rowing.LARGEST_UID for key, _ in zip(keys, range(most), strict=False)]
        return self.listed(box, reversed(uids))

    def conversations(
        self, box: Mailbox, *, before: int | None = None, most: int = 50
    ) -> list[Talk]:
        """Return *most* conversations of *box*, as `page` does; `Talk.place` is where it goes on.

        A conversation stands where its latest message in *box* does.
        """
        return conversing.newest(self, box, before, most)

    def spots(self, spots: Iterable[Spot]) -> list[Listed]:
        """Return the messages that lie at *spots*, in that order."""
        spots = list(spots)
        listed = {
            (number, one.row.uid): one
            for number, uids in marks.by_box(spots).items()
            if number in self.account.boxes
            for one in self.listed(self.account.boxes[number], uids)
        }
        keys = ((spot.box, spot.uid) for spot in spots)
        return [listed[key] for key in keys if key in listed]

    def thread(self, thread: int) -> list[Listed]:
        """Return the messages of *thread*, wherever they lie, each once, the oldest first."""
        return self.found(self.threads.mails(thread))

    def found(self, numbers: Iterable[int]) -> list[Listed]:
        """Return the mails with those ids, in that order, each where it came first."""
        by_box: dict[int, list[tuple[int, int]]] = {}
        order: list[tuple[int, int]] = []
        for number in numbers:
            places = known_places(self.account, number)
            if places:
                box, uid = places[0]
                by_box.setdefault(box.id, []).append((number, uid))
                order.append((box.id, uid))
        listed = {
            (number, one.row.uid): one
            for number, pairs in by_box.items()
            for one in self.listed(self.account.boxes[number], [uid for _, uid in pairs])
        }
        return [listed[key] for key in order if key in listed]

    def listed(self, box: Mailbox, uids: Iterable[int]) -> list[Listed]:
        """Return the messages *uids* of *box* that there are, in that order."""
        uids = list(uids)
        rows = {row.uid: row for row in rowing.some(box, uids)}
        heads = self.heads(box, rows)
        return [Listed(box, rows[uid], heads[uid]) for uid in uids if uid in rows]

    def heads(self, box: Mailbox, uids: Iterable[int]) -> dict[int, Head]:
        """Return what lists show of each of *uids*; an empty head where its key is gone."""
        found = rowing.heads_of(box, uids)
        heads = self.seals.each((Sealed(self.uid, HEAD, one) for one in found.values()), head_in)
        return {uid: head or Head() for uid, head in zip(found, heads, strict=True)}

    # Searches

    def search(
        self, wanted: list[Asked], *, box: Mailbox | None = None, most: int = MOST_FOUND
    ) -> list[int]:
        """Return ids of mails that have all words *wanted* (`words.asked`), the newest first.

        *box* keeps to one folder; at most *most* are returned.
        """
        found = Search(self.request, self.account).find(wanted)
        if box is not None:
            places = self.account.places
            found = [
                number
                for number in found
                if any(held == box.id for held, _ in rowing.places_in(places.get(number, b"")))
            ]
        return found[:most]

    # Messages

    def raw(self, number: int) -> bytes:
        """Return the message with that id as it came; raise KeyError, or Destroyed."""
        body = self._mail(number).body
        if isinstance(body, Sealed):
            found: bytes = self.seals.open(body)
            return found
        return b"".join(self.seals.open_range(body))

    def pieces(self, number: int, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Return the bytes of a message from *start* up to *stop*, in pieces."""
        body = self._mail(number).body
        if isinstance(body, Sealed):
            return iter([self.seals.open(body)[start:stop]])
        found: Iterator[bytes] = self.seals.open_range(body, start, stop)
        return found

    def structure(self, number: int) -> Structure:
        """Return where the parts of a message are."""
        return structure_in(self.seals.open(self._mail(number).structure))

    def envelope(self, row: Row, head: Head) -> Envelope:
        """Return the envelope of a message."""
        return parsed(self.written(row, head.envelope))

    def envelopes(self, box: Mailbox, uids: Iterable[int]) -> dict[int, Any]:
        """Return for `written` what the head of each of *uids* says of its envelope."""
        found = rowing.heads_of(box, uids)
        sealed = (Sealed(self.uid, HEAD, one) for one in found.values())
        return dict(zip(found, self.seals.each(sealed, envelope_in), strict=True))

    def written(self, row: Row, said: Any) -> bytes:
        """Return the envelope of a message as IMAP writes it, of which its head has *said* so."""
        return envelope_of(said, lambda: self.structure(row.id))

    def _mail(self, number: int) -> Mail:
        found: Mail = self.account.mails[number]
        return found


def _downwards(tree: Any, before: int | None) -> Iterator[int]:
    """Yield the keys of *tree* from the last to the first, from below *before* on."""
    at = before
    while True:
        try:
            at = tree.maxKey() if at is None else tree.maxKey(at - 1)
        except ValueError:
            return
        yield at

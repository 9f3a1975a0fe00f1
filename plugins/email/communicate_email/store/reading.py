"""Messages read: what lists show of them, their bytes, where their parts are."""

from collections.abc import Iterable, Iterator
from typing import Any

from communicate.interfaces import ISeals
from communicate.sealing.content import Sealed
from communicate_email.content import Account, Mail, Mailbox
from communicate_email.store import rows as rowing
from communicate_email.store.describing import Head, head_in
from communicate_email.store.keeping import HEAD

PIECE = 64 * 1024


class Reading:
    """What reads one *account*: whoever asks has asked `permits`."""

    def __init__(self, request: Any, account: Account) -> None:
        self.account = account
        self.uid = int(account.owner or 0)
        self.seals: Any = request.find_service(ISeals)

    def heads(self, box: Mailbox, uids: Iterable[int]) -> dict[int, Head]:
        """Return what lists show of each of *uids*; an empty head where its key is gone."""
        found = rowing.heads_of(box, uids)
        sealed = (Sealed(self.uid, HEAD, one) for one in found.values())
        texts = self.seals.texts(sealed)
        return {
            uid: Head() if text is None else head_in(text)
            for uid, text in zip(found, texts, strict=True)
        }

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

    def structure(self, number: int) -> bytes:
        """Return where the parts of a message are: see `describing`."""
        found: bytes = self.seals.open(self._mail(number).structure)
        return found

    def _mail(self, number: int) -> Mail:
        found: Mail = self.account.mails[number]
        return found

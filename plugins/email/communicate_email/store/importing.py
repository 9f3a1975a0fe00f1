"""Mail that `communicate_email.importing` finds is brought into an account.

Each batch is one transaction; what is there already, by Message-ID and length, is left out, so
that an import that was cut off is begun again, and a growing archive imported again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from communicate.clock import milliseconds
from communicate.quota import QuotaExceeded
from communicate.storage.work import work
from communicate_email import mime
from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.importing import Found, Skipped, found_in
from communicate_email.interfaces import IMailStore
from communicate_email.store import filing
from communicate_email.store.boxes import LONGEST, SEPARATOR, Boxes
from communicate_email.store.keeping import SAID, Keeper
from communicate_email.store.labels import Labels, bits_of
from communicate_email.store.services import with_crlf

BATCH, BATCH_BYTES = 200, 16 * 2**20
_USES = {"spam": "junk", "junk": "junk", "sent": "sent", "trash": "trash", "drafts": "drafts",
         "archive": "archive", "inbox": "inbox"}  # fmt: skip


@dataclass
class Done:
    """What an import did."""

    kept: int = 0
    known: int = 0  # were there already
    skipped: int = 0  # could not be taken
    full: bool = False  # there was no room for more

    @property
    def seen(self) -> int:
        """How many there were so far."""
        return self.kept + self.known + self.skipped


def sources(path: Path) -> Iterator[Found | Skipped]:
    """Yield the messages in *path*: a file of any kind, or a folder of such, as a Maildir."""
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    for file in files:
        name = file.name if file == path else file.relative_to(path).as_posix()
        with file.open("rb") as opened:
            yield from found_in(name, opened)


class Importer:
    """What brings mail into the account of member *uid*, into *folder* unless it says where."""

    def __init__(self, registry: Any, uid: int, folder: str = "INBOX") -> None:
        self.registry, self.uid, self.folder = registry, uid, folder
        self.done = Done()

    def run(
        self,
        found: Iterable[Found | Skipped],
        tick: Callable[[Done], None] = lambda _done: None,
    ) -> Done:
        """Keep the messages *found*, batch by batch; call *tick* after each; return what was done.

        It ends where there is no room left.
        """
        for batch in batches(found):
            done = work(self.registry, partial(self._keep, batch))
            self.done.kept += done.kept
            self.done.known += done.known
            self.done.skipped += done.skipped
            self.done.full = done.full
            tick(self.done)
            if done.full:
                break
        return self.done

    def _keep(self, batch: Sequence[Found | Skipped], request: Any) -> Done:
        account = request.find_service(IMailStore).opened(self.uid)
        keeper, boxes, done = Keeper(request, account), Boxes(request, account), Done()
        labels = Labels(request, account)
        waiting: dict[int, tuple[Mailbox, list[filing.Entry]]] = {}
        for one in batch:
            message = None if isinstance(one, Skipped) else mime.read(with_crlf(one.raw))
            if message is None or isinstance(one, Skipped):
                done.skipped += 1
            elif is_known(account, keeper, message):
                done.known += 1
            else:
                try:
                    entry = keeper.keep(message.raw, _bits(labels, one), _date(one), message)
                except QuotaExceeded:
                    done.full = True
                    break
                box = self._box(boxes, account, one.folder or self.folder)
                waiting.setdefault(box.id, (box, []))[1].append(entry)
                done.kept += 1
        for box, entries in waiting.values():
            filing.put_in(account, box, entries, keeper.now)
        return done

    def _box(self, boxes: Boxes, account: Account, path: str) -> Mailbox:
        """Return the folder at *path*, made where there is none; a name that cannot be: INBOX."""
        use = _USES.get(path.lower())
        if use is not None:
            return account.box(use)
        names = [name.encode()[:LONGEST].decode("utf-8", "ignore") for name in path.split("/")]
        try:
            return boxes.at(path) or boxes.make_path(SEPARATOR.join(names))
        except Refused:
            return account.box("inbox")


def batches(found: Iterable[Found | Skipped]) -> Iterator[list[Found | Skipped]]:
    """Yield *found* in lists that a transaction takes."""
    rest = iter(found)
    while True:
        batch: list[Found | Skipped] = []
        size = 0
        for one in islice(rest, BATCH):
            batch.append(one)
            size += 0 if isinstance(one, Skipped) else len(one.raw)
            if size >= BATCH_BYTES:
                break
        if not batch:
            return
        yield batch


def is_known(account: Account, keeper: Keeper, message: mime.Part) -> bool:
    """Tell whether *account* has a message of that Message-ID and length."""
    ids = mime.message_ids(message, b"message-id")[:1]
    for key in keeper.threads.hashes(ids):
        thread = account.known.get(key)
        if thread is not None:
            mails = (account.mails.get(one) for one in keeper.threads.mails(thread))
            return any(mail is not None and mail.size == len(message.raw) for mail in mails)
    return False


def _bits(labels: Labels, one: Found) -> int:
    """Return flags and labels as bits; of labels, those for which there is room."""
    return labels.flags.bits(one.flags) | bits_of(labels, one.labels)


def _date(one: Found) -> int:
    return SAID if one.date is None else milliseconds(one.date)

"""Threads: which messages belong together, by Message-ID, References and In-Reply-To.

The ids lie in the index as HMACs under the owner's key.  A message joins the thread of the nearest
message that it refers to; all ids that it names lead to that thread from then on, so that what
arrives in the wrong order is put together.  At most a hundred are looked at, a thread is known by
so many (NAMES), and threads that exist are never joined, so that nobody can make one grow by
crafted references.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from communicate_email.content import Account
from communicate_email.store.boxes import hashed
from communicate_email.store.rows import ids_in, pack_ids, pack_thread, thread_in

REFERENCE = "email.reference"
MOST = 500  # messages in one thread: what is more begins another
NAMES = 2000  # Message-IDs that lead to one thread: each delivery into it writes them again


class Threads:
    """The threads of one *account*."""

    def __init__(self, seals: Any, account: Account) -> None:
        self.seals = seals
        self.account = account
        self.uid = int(account.owner or 0)

    def hashes(self, references: Sequence[str]) -> list[int]:
        """Return that under which Message-IDs are known."""
        return [
            hashed(self.seals, self.uid, REFERENCE, one.encode("utf-8", "surrogateescape"))
            for one in references
        ]

    def join(self, number: int, references: Sequence[str]) -> int:
        """Return the thread to which the mail *number* belongs, its own where there is none."""
        known, hashes = self.account.known, self.hashes(references)
        thread = next((known[one] for one in hashes if one in known), number)
        ids, names = thread_in(self.account.threads.get(thread, b""))
        if len(ids) >= 8 * MOST:
            thread, ids, names, hashes = number, b"", b"", []
        room = NAMES - len(names) // 8
        new = [one for one in hashes if one not in known][: max(room, 0)]
        for one in new:
            known[one] = thread
        self.account.threads[thread] = pack_thread(ids + pack_ids([number]), names + pack_ids(new))
        return int(thread)

    def is_alone(self, number: int, thread: int, message_id: str) -> bool:
        """Tell whether it is certain that the mail *number* answers none, and none answers it.

        A thread that is known by the Message-ID of its only mail has been told no other.
        """
        if thread != number or not message_id:
            return False
        ids, names = thread_in(self.account.threads.get(thread, b""))
        return len(ids) == len(names) == len(pack_ids([number]))

    def leave(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Take mails out of their threads, pairs of both ids; an empty one is forgotten."""
        gone: dict[int, set[int]] = {}
        for number, thread in pairs:
            gone.setdefault(thread, set()).add(number)
        for thread, numbers in gone.items():
            ids, names = thread_in(self.account.threads.get(thread, b""))
            left = [one for one in ids_in(ids) if one not in numbers]
            if left:
                self.account.threads[thread] = pack_thread(pack_ids(left), names)
                continue
            self.account.threads.pop(thread, None)
            for one in ids_in(names):
                self.account.known.pop(one, None)

    def mails(self, thread: int) -> list[int]:
        """Return the ids of the mails of a thread, in the order in which they came."""
        ids, _names = thread_in(self.account.threads.get(thread, b""))
        return ids_in(ids)

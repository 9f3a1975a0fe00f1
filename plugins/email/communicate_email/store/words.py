"""Search over one's own mail: the words of messages, in sealed bags that are looked through.

The words of a new message are sealed by themselves; once some 64 messages have come, theirs are
put into one bag.  A search opens every bag and looks for the words in its text; nothing on the
disk tells a word, nor whether two messages share one.  See ``docs/decisions/mail.md``.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from communicate.catalog.text import MIN_PREFIX, stored_words
from communicate.catalog.text import words as words_of
from communicate.interfaces import ISeals
from communicate.sealing.content import Sealed
from communicate_email.content import Account, Bag, Words

WORDS = "email.words"
TOGETHER = 64  # messages in a bag
BESIDE, FULL = 8, 8192  # messages whose words are written anew as one comes, and their bytes
LONGEST = 64 * 1024  # bytes of the words of one message
AUTHOR, TO, SUBJECT, TEXT = b"\x01", b"\x02", b"\x03", b"\x04"
MARKS = (AUTHOR, TO, SUBJECT, TEXT)
_ID = 16  # hexadecimal digits before the words of a message


class Asked(NamedTuple):
    """A word that is looked for: as it is or as the beginning of one, somewhere or anywhere."""

    word: bytes
    mark: bytes = b""


def bag_text(author: str, to: str, subject: str, text: str) -> bytes:
    """Return the words of a message as they are sealed."""
    said = (author, to, subject, text)
    parts = [
        mark + b" " + " ".join(stored_words(one)).encode() + b" "
        for mark, one in zip(MARKS, said, strict=True)
    ]
    found = b"".join(parts)
    return found if len(found) <= LONGEST else found[:LONGEST].rpartition(b" ")[0] + b" "


def asked(query: str, mark: bytes = b"") -> list[Asked]:
    """Return the words of *query*; the last one also begins longer ones, where it is not short."""
    found = [word.encode() for word in words_of(query)]
    if not found:
        return []
    last = b" " + found[-1] + (b"" if len(found[-1]) >= MIN_PREFIX else b" ")
    return [Asked(b" %s " % word, mark) for word in found[:-1]] + [Asked(last, mark)]


class Search:
    """The words of one *account*."""

    def __init__(self, request: Any, account: Account) -> None:
        self.account = account
        self.uid = int(account.owner or 0)
        self.seals: Any = request.find_service(ISeals)

    def add(self, number: int, words: bytes) -> None:
        """Keep the *words*, by `bag_text`, of the mail with the id *number*, the newest."""
        fresh = self.account.fresh
        page = fresh[fresh.maxKey()] if fresh else None
        if page is None or _is_full(page):
            if len(fresh) * BESIDE >= TOGETHER:
                self._put_into_a_bag()
            page = fresh[number] = Words()
        sealed: Sealed = self.seals.seal(self.uid, WORDS, words)
        page.sealed = {**page.sealed, number: sealed.envelope}

    def _put_into_a_bag(self) -> None:
        fresh = self.account.fresh
        self._write(fresh.minKey(), self._fresh())
        for page in fresh.values():  # who takes words out of one meanwhile is refused
            page.sealed = {}
        fresh.clear()

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget the words of the mails with those ids.

        Ids of what came at once into two folders may lie crosswise in two pages.
        """
        fresh = self.account.fresh
        pages = {one: key for key, page in fresh.items() for one in page.sealed}
        rest = set()
        for number in numbers:
            if number in pages:
                self._drop_fresh(pages[number], number)
            else:
                rest.add(number)
        self._drop_from_bags(rest)

    def _drop_from_bags(self, numbers: set[int]) -> None:
        """Forget the words of *numbers*: what is not in the bag for it is in one before."""
        key = _at_most(self.account.bags, max(numbers, default=-1))
        while numbers and key is not None:
            lines = [line for line in self._opened(self.account.bags[key]).split(b"\n") if line]
            left = [line for line in lines if int(line[:_ID], 16) not in numbers]
            if not left:
                del self.account.bags[key]
            elif len(left) < len(lines):
                self._write(key, b"\n".join([b"", *left]))
            numbers = numbers.difference(int(line[:_ID], 16) for line in lines)
            key = _at_most(self.account.bags, min(max(numbers, default=-1), key - 1))

    def _drop_fresh(self, key: int, number: int) -> None:
        page = self.account.fresh[key]
        page.sealed = {one: envelope for one, envelope in page.sealed.items() if one != number}
        if not page.sealed:  # it is written all the same: who adds to it meanwhile is refused
            del self.account.fresh[key]

    def find(self, wanted: list[Asked]) -> list[int]:
        """Return the ids of the mails that have all of *wanted*, the newest first."""
        if not wanted:
            return []
        found: list[int] = []
        for text in self._texts():
            found.extend(sorted(_found(text, wanted), reverse=True))
        return found

    def _texts(self) -> Iterator[bytes]:
        yield self._fresh()
        key = _at_most(self.account.bags, 2**63 - 1)
        while key is not None:
            yield self._opened(self.account.bags[key])
            key = _at_most(self.account.bags, key - 1)

    def _fresh(self) -> bytes:
        lines = [b""]
        for page in self.account.fresh.values():
            for number, envelope in page.sealed.items():
                words = self.seals.open(Sealed(self.uid, WORDS, envelope))
                lines.append(b"%016x" % number + words)
        return b"\n".join(lines)

    def _opened(self, bag: Bag) -> bytes:
        return zlib.decompress(self.seals.open(bag.sealed))

    def _write(self, key: int, text: bytes) -> None:
        sealed: Sealed = self.seals.seal(self.uid, WORDS, zlib.compress(text, 1))
        if key in self.account.bags:
            self.account.bags[key].sealed = sealed
        else:
            self.account.bags[key] = Bag(sealed)


def _is_full(page: Words) -> bool:
    return len(page.sealed) >= BESIDE or sum(map(len, page.sealed.values())) >= FULL


def _found(text: bytes, wanted: list[Asked]) -> Iterator[int]:
    """Yield the ids of the lines of *text* that have all of *wanted*."""
    first, *others = wanted
    at = text.find(first.word)
    while at >= 0:
        start = text.rfind(b"\n", 0, at) + 1
        stop = text.find(b"\n", at)
        stop = len(text) if stop < 0 else stop
        if all(_has(text, one, start, stop) for one in (first, *others)):
            yield int(text[start : start + _ID], 16)
        at = text.find(first.word, stop)


def _has(text: bytes, one: Asked, start: int, stop: int) -> bool:
    if one.mark:
        start = text.find(one.mark, start, stop)
        if start < 0:
            return False
        end = text.find(bytes([one.mark[0] + 1]), start, stop) if one.mark != TEXT else stop
        stop = stop if end < 0 else end
    return text.find(one.word, start, stop) >= 0


def _at_most(tree: Any, number: int) -> int | None:
    try:
        found: int = tree.maxKey(number)
    except ValueError:
        return None
    return found

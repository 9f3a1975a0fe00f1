"""Words of what only some may read: sealed in the catalog, opened and matched for a viewer."""

from collections.abc import Callable, Iterable
from typing import Any

from communicate.catalog.text import Query
from communicate.sealing.content import Sealed
from communicate.sealing.envelope import seal_envelope
from communicate.sealing.errors import Destroyed, SealError
from communicate.sealing.keyring import KeyRing
from communicate.sealing.keys import SITE

KIND = "communicate.words"


def words_sealer(ring: KeyRing) -> Callable[[int | None, str], bytes | None]:
    """Return what seals words under the key of a member, or of the site where nobody owns them.

    It returns None where that key is gone.
    """

    def seal(author: int | None, words: str) -> bytes | None:
        uid = SITE if author is None else author
        try:
            return seal_envelope(ring.member_key(uid), uid, KIND, words.encode())
        except Destroyed:
            return None

    return seal


def matching(seals: Any, rows: Iterable[tuple[int, int | None, bytes]], asked: Query) -> list[int]:
    """Return the ids of those of *rows* whose words, opened with *seals*, have what is *asked*."""
    terms = [f" {word} ".encode() for word in asked.words]
    if asked.prefix is not None:
        terms.append(f" {asked.prefix}".encode())
    return [
        number
        for number, author, envelope in rows
        if _has(seals, SITE if author is None else author, envelope, terms)
    ]


def _has(seals: Any, uid: int, envelope: bytes, terms: list[bytes]) -> bool:
    try:
        words = seals.open(Sealed(uid, KIND, envelope))
    except SealError:  # its key is gone, or was another one: it reads as deleted
        return False
    return all(term in words for term in terms)

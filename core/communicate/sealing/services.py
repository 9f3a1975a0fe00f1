"""Sealing as other parts see it: ``request.find_service(ISeals)``."""

import hmac
from collections.abc import Callable, Container, Iterable
from pathlib import Path
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from zope.interface import implementer

from communicate.interfaces import IKeyRing, ISeals
from communicate.sealing.content import Sealed, SealedBlob
from communicate.sealing.envelope import open_envelope, opener, seal_envelope
from communicate.sealing.errors import Destroyed
from communicate.sealing.files import Range, Source
from communicate.sealing.keyring import KeyRing
from communicate.sealing.keys import SITE, MemberKey
from communicate.sealing.partial import PartialFile
from communicate.sealing.spools import SealedSpool

SHORT = 2_000  # bytes of an envelope whose text is kept beside its key
ERASING = "communicate.erasing"  # in the environ of a request: the uid that it erases


@implementer(ISeals)
class Seals:
    """Seal and open what members author; ``SITE`` as uid stands for the site itself.

    What belongs to an account in *closed* reads as if its key were destroyed already.
    """

    def __init__(self, ring: KeyRing, closed: Container[int] = ()) -> None:
        self._ring = ring
        self._closed = closed

    def seal(self, uid: int, kind: str, data: bytes | str) -> Sealed:
        """Return *data* (text as UTF-8) sealed under the key of *uid*.

        Raise Destroyed if *uid* has no key: nothing is kept for someone who was erased.
        """
        if isinstance(data, str):
            data = data.encode()
        return Sealed(uid, kind, seal_envelope(self._key(uid), uid, kind, data))

    def open(self, sealed: Sealed) -> bytes:
        """Return the bytes that *sealed* holds; raise Destroyed or SealBroken."""
        key = self._key(sealed.uid)
        return open_envelope(key, sealed.uid, sealed.kind, sealed.envelope)

    def text(self, sealed: Sealed) -> str | None:
        """Return the text that *sealed* holds, or None where its key is gone (deleted)."""
        try:
            return self.open(sealed).decode()
        except Destroyed:
            return None

    def texts(self, sealed: Iterable[Sealed]) -> list[str | None]:
        """Return what `text` says of each of *sealed*; each owner's key is looked up once.

        What is short is kept beside the key, and forgotten with it: see `made`.
        """
        return self.each(sealed, str)

    def each(self, sealed: Iterable[Sealed], make: Callable[[str], Any]) -> list[Any]:
        """Return what *make* makes of each of *sealed*, None where its key is gone.

        Of what is short it is kept, as `made` does; each owner's key is looked up once.
        """
        readers: dict[tuple[int, str], Callable[[bytes], Any]] = {}
        found: list[Any] = []
        for one in sealed:
            whose = (one.uid, one.kind)
            try:
                read = readers.get(whose)
                if read is None:
                    read = readers[whose] = reader(self._key(one.uid), *whose, make)
                found.append(read(one.envelope))
            except Destroyed:
                found.append(None)
        return found

    def made(self, sealed: Sealed, make: Callable[[str], Any]) -> Any:
        """Return what *make* makes of the text in *sealed*, None where its key is gone.

        It is kept beside the key, and forgotten with it.
        """
        try:
            key = self._key(sealed.uid)
            place = (make, sealed.kind, sealed.envelope)
            found = key.made.get(place)
            if found is None:
                opened = open_envelope(key, sealed.uid, sealed.kind, sealed.envelope)
                found = make(opened.decode())
                key.keep(place, found)
        except Destroyed:
            return None
        return found

    def seal_stream(self, uid: int, kind: str, stream: Source) -> SealedBlob:
        """Return a blob of all that *stream* holds, sealed under the key of *uid*."""
        blob = SealedBlob(uid, kind)
        blob.fill(self._key(uid), stream)
        return blob

    def spool(self, uid: int, kind: str, connection: Any) -> SealedSpool:
        """Return a new spool for a file of *uid*, beside the blobs of *connection*.

        It may be filled and used after the request that made it.
        """
        folder = Path(connection.db().storage.temporaryDirectory())
        return SealedSpool(folder, self._key(uid), uid, kind)

    def partial(self, uid: int, kind: str, path: Path, size: int) -> PartialFile:
        """Return the file at *path* that comes in parts and is sealed under the key of *uid*.

        It will hold *size* bytes.  Raise `communicate.sealing.partial.Busy` where another one
        writes it.
        """
        return PartialFile(path, self._key(uid), uid, kind, size)

    def take(self, jar: Any, file: PartialFile) -> SealedBlob:
        """Return a blob, in the transaction of *jar*, of what *file*, now whole, holds."""
        blob = SealedBlob(file.uid, file.kind)
        blob.take(jar, file)
        return blob

    def open_range(self, blob: SealedBlob, start: int = 0, stop: int | None = None) -> Range:
        """Return the bytes of *blob* from *start* up to *stop* (None: the end), in pieces.

        Close what is returned unless it is read to its end.
        """
        return blob.range(self._key(blob.uid), start, stop)

    def hmac(self, label: str, data: bytes) -> bytes:
        """Return the HMAC-SHA-256 (RFC 2104) of *data* under the site's key for *label*."""
        return hmac.digest(self._ring.site_key(label), data, "sha256")

    def member_hmac(self, uid: int, label: str, data: bytes) -> bytes:
        """Return the HMAC-SHA-256 of *data* under the key of *uid* for *label*."""
        return hmac.digest(self._key(uid).for_use(label), data, "sha256")

    def _key(self, uid: int) -> MemberKey:
        if uid in self._closed:
            raise Destroyed(uid)
        return self._ring.member_key(uid)


def reader(
    key: MemberKey, uid: int, kind: str, make: Callable[[str], Any]
) -> Callable[[bytes], Any]:
    """Return what reads one envelope after the other, which *uid* has as *kind*.

    It returns what *make* makes of the text.
    """
    known, opened = key.made, opener(key, uid, kind)

    def read(envelope: bytes) -> Any:
        place = (make, kind, envelope)
        found = known.get(place)
        if found is None:
            found = make(opened(envelope).decode())
            if len(envelope) <= SHORT:
                key.keep(place, found)
        return found

    return read


class Closed(Container[int]):
    """The accounts that are being erased, but the one whose erasure *request* serves.

    Their keys still exist for a moment; to everybody they are gone with the transaction that
    closed them, in every process that reads the tree.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._erasures: Any = None

    def __contains__(self, uid: object) -> bool:
        """Tell whether *uid* is such an account."""
        if uid == SITE:
            return False
        if self._erasures is None:
            self._erasures = self._request.root_map.get("erasures")
        if self._erasures is None or uid not in self._erasures.by_uid:
            return False
        return bool(uid != self._request.environ.get(ERASING))


def keyring_of(_context: Any, request: Request) -> KeyRing:
    """Return the ring that was attached to the application."""
    ring: KeyRing = request.registry.getUtility(IKeyRing)
    return ring


def seals_of(context: Any, request: Request) -> Seals:
    """Return the seals of the application's ring."""
    return Seals(keyring_of(context, request), Closed(request))


def includeme(config: Configurator) -> None:
    """Register both services; boot attaches the ring to the registry as the utility IKeyRing."""
    config.register_service_factory(keyring_of, IKeyRing)
    config.register_service_factory(seals_of, ISeals)

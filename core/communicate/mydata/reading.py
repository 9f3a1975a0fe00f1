"""An archive as an import reads it: nothing in it is believed before it is checked.

Whoever sends one may have made it by hand: names that lead out of a folder, documents that unpack
to more than the disk holds, records of another form.  Each is a BadArchive with a sentence, and
nothing of the archive is kept.
"""

import hmac
import json
import re
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zoneinfo import available_timezones

from communicate.mydata import mbox
from communicate.mydata.manifest import FORMAT, VERSION
from communicate.mydata.names import checked

Value = TypeVar("Value")
ENTRIES = 200_000
MANIFEST = 64 * 2**20  # bytes; with what is broken off it may be long
LINE = 4 * 2**20  # bytes of one record
CHUNK = 64 * 1024
RATIO = 200  # times that a document may be larger than what holds it; our own reach about 20
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ORIGIN = b"communicate export origin"


class BadArchive(ValueError):
    """An archive cannot be read; the text is a sentence that says what to do."""


def origin(seals: Any) -> str:
    """Return what tells archives of this site from others': the same for all of its members."""
    found: bytes = seals.hmac("communicate.export.origin", _ORIGIN)
    return found.hex()


class ArchiveFile:
    """A file that claims to be an archive, opened and looked through."""

    def __init__(self, path: Path) -> None:
        try:
            self.zip = ZipFile(path)
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise BadArchive(f"{path.name} is no ZIP file that can be read.") from error
        try:
            self._look()
            self.manifest = self._manifest()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        self.zip.close()

    def _look(self) -> None:
        infos = self.zip.infolist()
        if len(infos) > ENTRIES:
            raise BadArchive("The archive holds too many files to be one of ours.")
        seen: set[str] = set()
        for info in infos:
            if not is_safe(info.filename) or info.filename in seen:
                raise BadArchive(f"The archive holds a file with a name that no export has: "
                                 f"{info.filename[:80]!r}.")  # fmt: skip
            seen.add(info.filename)
            if info.flag_bits & 1 or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise BadArchive("The archive is encrypted, or packed in a way that ours are not.")

    def _manifest(self) -> dict[str, Any]:
        text = b"".join(self.pieces("manifest.json", MANIFEST))
        found = decoded(text, "manifest.json")
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise BadArchive("The archive has no manifest of ours: it is not an export.")
        if found.get("version") != VERSION:
            raise BadArchive(f"The archive is of format {found.get('version')!r:.40}; this "
                             f"version reads {VERSION}.")  # fmt: skip
        documents = found.get("documents")
        if not isinstance(documents, list) or not all(isinstance(one, dict) for one in documents):
            raise BadArchive("The manifest of the archive lists no documents.")
        return found

    def info(self, name: str) -> ZipInfo:
        """Return the entry *name*; raise BadArchive."""
        try:
            return self.zip.getinfo(name)
        except KeyError:
            raise BadArchive(f"The archive lacks {name[:200]}.") from None

    def pieces(self, name: str, most: int) -> Generator[bytes, None, None]:
        """Yield what *name* holds, up to *most* bytes; raise BadArchive where that is too much."""
        info = self.info(name)
        if info.file_size > most or info.file_size > RATIO * max(info.compress_size, CHUNK):
            raise BadArchive(f"{name[:200]} in the archive is too large.")
        size = 0
        try:
            with self.zip.open(info) as source:
                while piece := source.read(CHUNK):
                    size += len(piece)
                    if size > most:
                        raise BadArchive(f"{name[:200]} in the archive is too large.")
                    yield piece
        except (BadZipFile, OSError, EOFError, ValueError, zlib.error) as error:
            if isinstance(error, BadArchive):
                raise
            raise BadArchive(f"{name[:200]} in the archive is damaged.") from error


def is_safe(name: str) -> bool:
    """Tell whether *name* is one that an export may have."""
    parts = name.split("/")
    plain = "\\" not in name and name.isprintable() and len(name) < 2000
    return plain and all(part not in ("", ".", "..") for part in parts)


def decoded(text: bytes, name: str) -> Any:
    """Return the JSON *text*; raise BadArchive."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadArchive(f"{name[:200]} in the archive is no JSON of ours.") from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


class Reading:
    """The part of one plugin in an archive: what ``communicate_import`` is given.

    *here* says whether this very site made the archive.
    """

    def __init__(self, archive: ArchiveFile, plugin: str, *, here: bool) -> None:
        self._archive, self._plugin = archive, checked(plugin)
        self.here = here

    def records(
        self, kind: str, *, most: int = 1000, owned: bool = True
    ) -> Iterator[dict[str, Any]]:
        """Yield the records of *kind*, none where the archive has none; raise BadArchive.

        More than *most* are too many; *owned* False reads participations.
        """
        top = "data" if owned else "participations"
        path = f"{top}/{self._plugin}/{checked(kind)}.json"
        if path not in self._archive.zip.NameToInfo:
            return
        for number, line in enumerate(self._lines(path)):
            if number >= most:
                raise BadArchive(f"{path} in the archive has more than {most} records.")
            row = decoded(line, path)
            if not isinstance(row, dict):
                raise BadArchive(f"{path} in the archive holds something that is no record.")
            yield row

    def _lines(self, path: str) -> Iterator[bytes]:
        """Yield each record as it lies in the document: one a line, between a head and a foot."""
        lines = self._split(path)
        head = next(lines, b"")
        known = decoded(head + b"]}", path)
        if not isinstance(known, dict) or known.get("version") != VERSION:
            raise BadArchive(f"{path} in the archive is no document of ours.")
        for line in lines:
            if line.strip() == b"]}":
                return
            if line.strip():
                yield line.strip().removesuffix(b",")
        raise BadArchive(f"{path} in the archive is cut short.")

    def _split(self, path: str) -> Iterator[bytes]:
        rest = b""
        for piece in self._archive.pieces(path, self._archive.info(path).file_size):
            lines = (rest + piece).split(b"\n")
            rest = lines.pop()
            yield from lines
            if len(rest) > LINE:
                raise BadArchive(f"{path} in the archive has a record that is too long.")
        if rest:
            yield rest

    def file(self, name: Any, most: int) -> bytes:
        """Return the bytes of the file that a record names, up to *most*; raise BadArchive."""
        return b"".join(self.chunks(name, most))

    def chunks(self, name: Any, most: int) -> Iterator[bytes]:
        """Yield the bytes of the file that a record names, up to *most*; raise BadArchive."""
        if not isinstance(name, str) or not name.startswith(f"files/{self._plugin}/"):
            raise BadArchive("A record in the archive names a file that is not its own.")
        yield from self._archive.pieces(name, most)

    def mail(self, name: Any, most: int) -> Generator[bytes, None, None]:
        """Yield the messages of the mbox that a record names, lines ending in CRLF.

        Raise BadArchive where one has more than *most* bytes.
        """
        if not isinstance(name, str) or not name.startswith(f"mail/{self._plugin}/"):
            raise BadArchive("A record in the archive names mail that is not its own.")
        pieces = self._archive.pieces(name, self._archive.info(name).file_size)
        try:
            with closing(pieces), closing(mbox.messages(pieces, most)) as found:
                yield from found
        except mbox.TooLong as error:
            raise BadArchive(f"{name[:200]} in the archive holds too large a message.") from error

    # Checking values

    def text(self, value: Any, longest: int) -> str:
        """Return *value*, text of at most *longest* characters; raise BadArchive."""
        if not isinstance(value, str) or len(value) > longest or _FORBIDDEN.search(value):
            raise BadArchive("A record in the archive has a text that cannot be one.")
        return value

    def one_of(self, value: Any, known: Sequence[Value]) -> Value:
        """Return *value*, one of *known*; raise BadArchive."""
        for each in known:
            if type(each) is type(value) and each == value:
                return each
        raise BadArchive("A record in the archive has a value that is not known here.")

    def zone(self, value: Any) -> str | None:
        """Return *value*, the name of a time zone or None; raise BadArchive."""
        if value is None or (isinstance(value, str) and value in available_timezones()):
            return value
        raise BadArchive("A record in the archive has a time zone that is none.")

    def moment(self, value: Any) -> datetime:
        """Return the moment that *value* is, between 1970 and now; raise BadArchive."""
        try:
            found = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            found = None
        if found is None or found.tzinfo is None:
            raise BadArchive("A record in the archive has a time that is none.")
        if not datetime(1970, 1, 2, tzinfo=UTC) <= found <= datetime(2100, 1, 1, tzinfo=UTC):
            raise BadArchive("A record in the archive has a time that cannot be.")
        return found.astimezone(UTC)


def is_here(manifest: dict[str, Any], seals: Any) -> bool:
    """Tell whether the archive of *manifest* says that this site made it."""
    said = manifest.get("origin")
    return isinstance(said, str) and hmac.compare_digest(said.encode(), origin(seals).encode())

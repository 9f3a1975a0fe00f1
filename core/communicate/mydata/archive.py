"""The archive that ``communicate_export(member, archive)`` writes into: a ZIP, as it comes.

What a plugin gives is written at once, in memory that does not grow with it.  The names inside
and the form of every document are described in ``docs/reference/export.md``.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from communicate.mydata import mbox, names
from communicate.mydata.manifest import VERSION, Document, Manifest, Part
from communicate.mydata.pages import Book, Kept, Words
from communicate.mydata.spool import Spool
from communicate.outbox.errors import reason

TICK = 250  # records between two calls of what looks after progress and memory
LEVEL = 3  # of compression: more costs time and gains little
PACKED = (".webp", ".jpg", ".jpeg", ".png", ".gif", ".avif", ".zip", ".gz", ".mp3", ".mp4", ".ogg")
INCOMPLETE = 1000  # files that the manifest names as broken off
log = logging.getLogger(__name__)


class Halt(Exception):
    """The archive is not wanted any more: nothing of it is to be written."""


class Out(Protocol):
    """What an archive is written to."""

    def write(self, data: bytes, /) -> int:
        """Write all of *data*; return its length."""


class Archive:
    """One member's archive while it is written to *out*.

    What the member owns lies under ``data`` and ``files``; with ``owned=False``, what is another's
    or part of a place of others lies under ``participations``: it is for reading only, and never
    restored.  A record is a mapping of text, numbers, booleans, None, datetimes (aware), dates,
    lists and mappings of these, and the names that `file` returns.
    """

    def __init__(
        self,
        out: Out,
        words: Words,
        manifest: Manifest,
        when: datetime,
        *,
        folder: Path | None = None,
    ) -> None:
        self.manifest = manifest
        self.tick: Callable[[], None] = lambda: None
        self._words, self._folder = words, folder
        self._when = when.timetuple()[:6]
        self._zip = ZipFile(_Sink(out), "w", ZIP_DEFLATED, compresslevel=LEVEL)
        self._taken: set[str] = set()
        self._part = Part("communicate")
        self.count = 0  # records so far

    # What plugins call

    def records(
        self,
        kind: str,
        rows: Iterable[Mapping[str, Any]],
        *,
        owned: bool = True,
        restored: bool = True,
        title: Any = "",
        fields: Mapping[str, Any] | None = None,
    ) -> int:
        """Write *rows* as the document *kind* of this plugin; return how many there were.

        *restored* says whether ``communicate_import`` reads it again: not what other people own,
        and not what would mean nothing elsewhere, such as a session.

        *title* (of several: "Posts") and *fields*, a label for each key that people want to read,
        are for the readable pages, in the order of *fields*; the document has every key.  `file`
        may be called while *rows* are made.
        """
        document, book = self._open(names.checked(kind), owned, title or kind, fields)
        document.restored = owned and restored
        with closing(Spool(self._folder)) as spool:
            spool.write(_head(document))
            try:
                for row in rows:
                    self._row(spool, book, document, row)
                document.complete = True
            finally:
                spool.write(b"\n]}\n")
                self._entry(document.path, spool.pieces())
                self._page(book)
        return document.count

    def file(
        self,
        path: str,
        chunks: bytes | Iterable[bytes] | Callable[[], Iterable[bytes]],
        *,
        owned: bool = True,
        when: datetime | None = None,
    ) -> str:
        """Write a file called *path*, whose parts members may have chosen; return its name.

        The name, put into a record, leads from the record to the file.  *chunks* (or what a
        function without arguments returns, called now) is closed if it can be.
        """
        top = "files" if owned else "participations/files"
        name = self._new(f"{top}/{self._part.name}/{names.path(path)}")
        self.manifest.files += 1
        made = chunks() if callable(chunks) else chunks
        self._entry(name, [made] if isinstance(made, bytes) else made, when)
        return Kept(name)

    def mbox(
        self,
        name: str,
        messages: Iterable[tuple[str, datetime, Iterable[bytes]]],
        *,
        owned: bool = True,
    ) -> str:
        """Write *messages*, each (sender's address, when it came, its bytes), as an mbox.

        *name* is that of the folder, which its member may have chosen; return the file's name.
        """
        top = "mail" if owned else "participations/mail"
        path = self._new(f"{top}/{self._part.name}/{names.path(name)}.mbox")
        self.manifest.mail.append(path)
        self._entry(path, self._letters(messages))
        return Kept(path)

    @contextmanager
    def attempt(self, what: str) -> Iterator[None]:
        """Record an error in the block against *what*, and go on."""
        try:
            yield
        except Halt:
            raise
        except Exception as error:
            log.exception("the export of %s failed", what)
            failure = f"{what}: {reason(error)}"
            self._part.state = "failed"
            self._part.failure = "; ".join(filter(None, (self._part.failure, failure)))

    # What the export calls

    @contextmanager
    def part(self, name: str, state: str = "written") -> Iterator[None]:
        """Let what is written in the block be that of the plugin *name*."""
        self._part = Part(names.checked(name), state)
        self.manifest.parts.append(self._part)
        with self.attempt(name):
            yield

    def close(self) -> None:
        """Write the manifest and the first page, and finish the ZIP."""
        text = json.dumps(asdict(self.manifest), ensure_ascii=False, indent=1)
        self._entry("manifest.json", [text.encode()])
        for path, html in self._words.front(self.manifest):
            self._entry(path, [html.encode("utf-8", "replace")])
        self._zip.close()

    def abandon(self) -> None:
        """Write nothing more: the ZIP is not to be read."""
        self._zip.fp = None

    # Parts

    def _open(self, kind: str, owned: bool, title: Any, fields: Any) -> tuple[Document, Book]:
        top, plugin = "data" if owned else "participations", self._part.name
        path = f"{top}/{plugin}/{kind}.json"
        if self._new(path) != path:
            raise ValueError(f"{path} is written already: one call has all records of a kind")
        book = Book(self._words, f"{plugin}-{kind}" if owned else f"others-{plugin}-{kind}",
                    title, owned, fields)  # fmt: skip
        document = Document(path, plugin, kind, owned, False, book.title, book.path(1))
        self.manifest.documents.append(document)
        return document, book

    def _row(self, spool: Spool, book: Book, document: Document, row: Mapping[str, Any]) -> None:
        line = _encoder.encode(row).encode("utf-8", "replace")
        spool.write(b",\n" + line if document.count else line)
        document.count += 1
        if book.is_full:
            self._page(book, more=True)
        book.add(row, document.count)
        self.count += 1
        if self.count % TICK == 0:
            self.tick()

    def _page(self, book: Book, *, more: bool = False) -> None:
        page = book.page(more=more)
        if page is not None:
            self._entry(page[0], [page[1].encode("utf-8", "replace")])

    def _letters(
        self, messages: Iterable[tuple[str, datetime, Iterable[bytes]]]
    ) -> Iterator[bytes]:
        for number, (sender, when, chunks) in enumerate(messages, 1):
            yield from mbox.message(sender, when, chunks)
            if number % TICK == 0:
                self.tick()

    def _entry(self, name: str, pieces: Iterable[bytes], when: datetime | None = None) -> None:
        info = ZipInfo(name, when.timetuple()[:6] if when else self._when)
        info.compress_type = ZIP_STORED if name.lower().endswith(PACKED) else ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with ExitStack() as stack:
            if hasattr(pieces, "close"):
                stack.callback(pieces.close)
            out = stack.enter_context(self._zip.open(info, "w", force_zip64=True))
            try:
                for piece in pieces:
                    self.manifest.bytes += out.write(piece)
            except BaseException:
                if len(self.manifest.incomplete) < INCOMPLETE:
                    self.manifest.incomplete.append(name)
                raise

    def _new(self, name: str) -> str:
        """Return *name*, or one like it that no file of the archive has on any system."""
        tried, number = name, 1
        while tried.casefold() in self._taken:
            number += 1
            tried = names.numbered(name, number)
        self._taken.add(tried.casefold())
        return tried


class _Sink:
    """What a ZipFile needs of a file that cannot be sought."""

    def __init__(self, out: Out) -> None:
        self.write = out.write

    def flush(self) -> None:
        """Do nothing: *out* is finished by who has opened it."""

    def close(self) -> None:
        """Do nothing."""


def _head(document: Document) -> bytes:
    known = {"version": VERSION, "plugin": document.plugin, "kind": document.kind}
    text = json.dumps({**known, "owned": document.owned, "restored": document.restored})
    return f'{text[:-1]}, "items": [\n'.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a record cannot hold {type(value).__name__}")


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)

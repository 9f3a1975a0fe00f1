"""Files of mail: which kind each is, and the messages in it."""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from communicate_email.importing import marks, mboxes
from communicate_email.importing.found import Found, Skipped, Why

CHUNK = 64 * 1024
ENTRIES = 500_000  # files of one ZIP
RATIO = 200  # times that a file of a ZIP may be larger than what holds it
MESSAGE = 64 * 2**20  # bytes
_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIELD = re.compile(rb"\s{0,64}[!-9;-~]{1,200}[ \t]*:")


def found_in(name: str, file: BinaryIO, most: int = MESSAGE) -> Iterator[Found | Skipped]:
    """Yield the messages of *file*, called *name*: of an mbox, a ZIP of any mail, or one message.

    No more than a message is held; what is not taken is told.  *file* is read from where it
    stands, that of a ZIP must be one in which one can go back.
    """
    begin = file.read(CHUNK)
    if begin.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _packed(file, most)
        return
    yield from _plain(name, _from(begin, file), most)


def _from(begin: bytes, file: BinaryIO) -> Iterator[bytes]:
    if begin:
        yield begin
    while piece := file.read(CHUNK):
        yield piece


def _plain(path: str, chunks: Iterable[bytes], most: int) -> Iterator[Found | Skipped]:
    """Yield the messages of the file at *path*, which is no ZIP."""
    source = iter(chunks)
    begin = next(source, b"")
    whole = _again(begin, source)
    if marks.of_maildir(path) is None and begin.lstrip().startswith(mboxes.FROM):
        for one in mboxes.messages(whole, most, path):
            yield one if isinstance(one, Skipped) else _of_mbox(path, *one)
    elif _FIELD.match(begin):
        yield _one(path, whole, most)
    elif begin.strip():
        yield Skipped(path, Why.STRANGE)


def _again(begin: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
    yield begin
    yield from source


def _one(path: str, chunks: Iterable[bytes], most: int) -> Found | Skipped:
    """Return the message that *chunks* are."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            return Skipped(path, Why.LARGE)
        held.append(chunk)
    return _found(path, b"".join(held), None)


def _found(path: str, raw: bytes, date: datetime | None) -> Found:
    raw = _LINE_END.sub(b"\r\n", raw)
    fields = marks.fields_of(raw)
    flags, labels = marks.flags_in(fields), marks.labels_in(fields)
    named = marks.of_maildir(path)
    if named is not None:
        flags, date = tuple(dict.fromkeys((*flags, *named[0]))), named[1]
    return Found(raw, marks.folder_of(path), flags, labels, date)


def _of_mbox(path: str, raw: bytes, date: datetime | None) -> Found:
    """Return the message *raw* of an mbox, without what that notes of it."""
    found = _found(path, raw, date)
    return replace(found, raw=marks.without(found.raw))


def _packed(file: BinaryIO, most: int) -> Iterator[Found | Skipped]:
    """Yield the messages of all files of a ZIP."""
    try:
        packed = ZipFile(file)
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        yield Skipped("", Why.BROKEN)
        return
    with packed:
        for number, info in enumerate(packed.infolist()):
            if number >= ENTRIES:
                yield Skipped("", Why.MANY)
                return
            if not info.is_dir() and not _is_litter(info.filename):
                yield from _entry(packed, info, most)


def _is_litter(path: str) -> bool:
    """Tell whether the file at *path* is none of mail: indexes, and what a Mac puts beside."""
    last = path.rpartition("/")[2].lower()
    kinds = (".msf", ".dat", ".lock", ".plist", ".ds_store", ".html", ".json", ".index")
    return "__macosx/" in path.lower() or last.endswith(kinds) or last.startswith("dovecot")


def _entry(packed: ZipFile, info: ZipInfo, most: int) -> Iterator[Found | Skipped]:
    known = info.compress_type in (ZIP_STORED, ZIP_DEFLATED) and not info.flag_bits & 1
    if not known:
        yield Skipped(info.filename, Why.BROKEN)
    elif info.file_size > RATIO * max(info.compress_size, CHUNK):
        yield Skipped(info.filename, Why.LARGE)
    else:
        try:
            yield from _plain(info.filename, _pieces(packed, info), most)
        except (BadZipFile, OSError, EOFError, ValueError, zlib.error):
            yield Skipped(info.filename, Why.BROKEN)


def _pieces(packed: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    with packed.open(info) as source:
        while piece := source.read(CHUNK):
            yield piece

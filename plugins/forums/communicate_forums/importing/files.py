"""Find the messages in mbox files and in files of one message, by their place in the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE = 1 << 16
LARGEST = 4 << 20  # bytes of one message that are read: text comes before what is attached
HEAD = 1 << 16  # bytes of headers that are read
# "From " is a separator where a date follows and a header comes next: some archives do not quote
# it inside of messages.
_SEPARATOR = re.compile(rb"^From .*\d\d?:\d\d.*\d{4}")
_HEADER = re.compile(rb"^[!-9;-~]+[ \t]*:")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLANK = (b"\n", b"\r\n")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message lies: from *start* up to *stop* in the file, in an mbox or alone."""

    file: int
    start: int
    stop: int
    boxed: bool


def files_in(path: Path) -> list[Path]:
    """Return *path* itself, or every visible file in that folder and below it, by name."""
    if not path.is_dir():
        return [path]
    found = [each for each in path.rglob("*") if each.is_file()]
    return sorted(each for each in found if not _is_hidden(each.relative_to(path)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def places(files: list[Path]) -> Iterator[Place]:
    """Yield the place of every message in *files*, in order; one line is held at a time."""
    for number, path in enumerate(files):
        if _is_box(path):
            for start, stop in _boxed(path):
                yield Place(number, start, stop, boxed=True)
        elif size := path.stat().st_size:
            yield Place(number, 0, size, boxed=False)


def _is_box(path: Path) -> bool:
    with path.open("rb") as file:
        for line in file:
            if line not in _BLANK:
                return bool(_SEPARATOR.match(line))
    return False


def _boxed(path: Path) -> Iterator[tuple[int, int]]:
    """Yield where each message of an mbox begins, after its separator, and where it ends."""
    with path.open("rb") as file:
        at, start, separator, blank = 0, -1, -1, True
        while line := file.readline(LONGEST_LINE):
            if separator >= 0:
                if _HEADER.match(line) or line in _BLANK:
                    if start >= 0:
                        yield start, separator
                    start = at
                separator = -1
            if blank and line.startswith(b"From ") and _SEPARATOR.match(line):
                separator = at
            blank = line in _BLANK
            at += len(line)
        if start >= 0:
            yield start, at


class Reader:
    """Reads messages by their place; one file is open at a time."""

    def __init__(self, files: list[Path]) -> None:
        self._files = files
        self._number = -1
        self._file: BinaryIO | None = None

    def head(self, place: Place) -> bytes:
        """Return the headers of a message."""
        data = self._read(place, HEAD)
        for blank in (b"\n\n", b"\r\n\r\n"):
            end = data.find(blank)
            if end >= 0:
                data = data[: end + len(blank) // 2]
        return data

    def message(self, place: Place) -> bytes:
        """Return a message, LARGEST bytes of it at most."""
        data = self._read(place, LARGEST)
        return _QUOTED.sub(rb"\1", data) if place.boxed and b"\n>" in data else data

    def date(self, place: Place) -> float:
        """Return when the file of a message was changed last, in seconds since 1970."""
        return self._files[place.file].stat().st_mtime

    def close(self) -> None:
        """Close the file that is open."""
        if self._file is not None:
            self._file.close()
        self._number, self._file = -1, None

    def _read(self, place: Place, most: int) -> bytes:
        if self._file is None or self._number != place.file:
            self.close()
            self._file = self._files[place.file].open("rb")
            self._number = place.file
        self._file.seek(place.start)
        return self._file.read(min(most, place.stop - place.start))

"""Where files come from: a folder, or a ZIP; nothing outside of it is ever read."""

import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from communicate_articles.folders.errors import Unreadable, _

ENDINGS = (".md", ".markdown")
LONGEST = 2 * 2**20  # bytes of one text
PICTURE = 10 * 2**20  # bytes of one picture
MOST = 20_000  # files of a folder that are looked at
MOST_ZIPPED = 2_000  # entries of a ZIP
ENTRY = b"PK\x01\x02"  # what each entry in the list of a ZIP begins with
# The others unpack a few bytes into gigabytes at one go, before anybody can count.
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MOST_BYTES = 200 * 2**20  # that all that is read of one ZIP may have, unpacked
MOST_PICTURES = 300  # of one ZIP that are read: each takes a third of a second

MUCH = _("it is too much for one ZIP: send the others in another one")
DAMAGED = _("it is damaged: make the ZIP again")


class Files(Protocol):
    """Files by their paths, relative, with / between names.

    *pictures* is how many more of them may be read as pictures, None for any number.
    """

    pictures: int | None

    def names(self) -> list[str]:
        """Return the paths of the Markdown files, sorted."""
        ...

    def read(self, name: str, most: int) -> bytes:
        """Return a file; raise Unreadable where there is none, or it is longer than *most*."""
        ...


def inside(base: str, reference: str) -> str | None:
    """Return the path that *reference* means in the file *base*; None where it leads outside."""
    if not reference or reference.startswith("/") or "\\" in reference or ":" in reference:
        return None
    parts: list[str] = list(PurePosixPath(base).parent.parts)
    for part in PurePosixPath(reference).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or None


class FolderFiles:
    """The files below a folder; links are not followed, wherever they lead."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pictures: int | None = None

    def names(self) -> list[str]:
        """Return the paths of the Markdown files, sorted."""
        found = sorted(self._walk())
        if len(found) > MOST:
            raise Unreadable(
                _("there are more than ${n} files: import them in parts", mapping={"n": MOST})
            )
        return found

    def _walk(self) -> Iterator[str]:
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                path = Path(folder, name)
                if name.lower().endswith(ENDINGS) and not path.is_symlink():
                    yield path.relative_to(self.root).as_posix()

    def read(self, name: str, most: int) -> bytes:
        """Return a file; a link on the way, or what is no file, cannot be read."""
        if inside("", name) != name:
            raise Unreadable(_("it lies outside of the folder"))
        handles = [os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)]
        try:
            *folders, last = name.split("/")
            for folder in folders:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
                handles.append(os.open(folder, flags, dir_fd=handles[-1]))
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            handles.append(os.open(last, flags, dir_fd=handles[-1]))
            if not stat.S_ISREG(os.fstat(handles[-1]).st_mode):
                raise Unreadable(_("it is no file"))
            with os.fdopen(handles.pop(), "rb") as file:
                return _bounded(file, most)
        except OSError as error:
            raise Unreadable(
                _("it cannot be read (${why})", mapping={"why": error.strerror})
            ) from None
        finally:
            for handle in handles:
                os.close(handle)


class ZipFiles:
    """The files of a ZIP; what it holds is counted while it is unpacked, not believed."""

    def __init__(self, file: Any) -> None:
        if _occurrences(file, ENTRY) > MOST_ZIPPED:  # reading a long list takes long
            said = _("it holds more than ${n} files: send it in parts", mapping={"n": MOST_ZIPPED})
            raise Unreadable(said)
        try:
            self.zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise Unreadable(_("this is no ZIP: send one made of a folder of .md files")) from None
        entries = self.zip.infolist()
        self.entries = {entry.filename: entry for entry in entries if not entry.is_dir()}
        self.left = MOST_BYTES
        self.pictures: int | None = MOST_PICTURES

    def names(self) -> list[str]:
        """Return the paths of the Markdown files, sorted."""
        hidden = ("__MACOSX/", ".")
        return sorted(
            name
            for name in self.entries
            if name.lower().endswith(ENDINGS)
            and inside("", name) == name
            and not any(part.startswith(hidden) for part in name.split("/"))
            and not name.startswith(hidden)
        )

    def letters(self) -> int:
        """Return how many bytes the Markdown files say that they have: none is read further."""
        return sum(self.entries[name].file_size for name in self.names())

    def read(self, name: str, most: int) -> bytes:
        """Return a file, unpacked as far as *most* bytes."""
        entry = self.entries.get(name)
        if entry is None:
            raise Unreadable(_("it is not there"))
        if entry.flag_bits & 1:
            raise Unreadable(_("it is locked with a password: leave that out"))
        if entry.compress_type not in PACKED:
            said = _("it is packed in a way that is not read here: choose “Deflate”")
            raise Unreadable(said)
        try:
            with self.zip.open(entry) as file:
                data = _bounded(file, min(most, self.left))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
            raise Unreadable(DAMAGED) from None
        except Exception as error:  # zlib.error, lzma.LZMAError: whatever a packer may raise
            if isinstance(error, Unreadable):
                raise Unreadable(MUCH) if self.left < most else error from None
            raise Unreadable(DAMAGED) from None
        self.left -= len(data)
        return data


def _occurrences(file: Any, piece: bytes) -> int:
    """Return how often *piece* is in *file*, which is read again from its start afterwards."""
    file.seek(0)
    count, tail = 0, b""
    while data := file.read(2**20):
        count += (tail + data).count(piece)
        tail = data[1 - len(piece) :]
    file.seek(0)
    return count


def _bounded(file: Any, most: int) -> bytes:
    data: bytes = file.read(most + 1)
    if len(data) > most:
        raise Unreadable(
            _("it has more than ${n} kB: make it smaller", mapping={"n": most // 1000})
        )
    return data

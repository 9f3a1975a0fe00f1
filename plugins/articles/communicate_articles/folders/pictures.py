"""Pictures beside the words: files of the folder on one side, attachments on the other.

A picture is known by its name: one that the article has already is not read again.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from communicate.ids import encode
from communicate.interfaces import ISeals
from communicate.writing.files import BadFile, named
from communicate.writing.interfaces import IAttachments
from communicate_articles.content import Article
from communicate_articles.folders.errors import Unreadable, _
from communicate_articles.folders.files import PICTURE as LARGEST
from communicate_articles.folders.files import Files, inside
from communicate_articles.folders.parsing import PICTURE, Parsed
from communicate_articles.words import Written

SAFE = re.compile(r"[\w.-]+")
SIGN = "attachment:"
OUTSIDE = _("it lies outside of the folder: move it there")
MANY = _("there are many pictures: bring the same ZIP in again for the others")


class Pictures:
    """The pictures that the file *name* refers to, attached to its article."""

    def __init__(self, request: Any, article: Article, files: Files, name: str) -> None:
        self.article, self.files, self.name = article, files, name
        self.attachments = request.find_service(IAttachments)
        self.known = {self.attachments.name(one): one.id for one in article.attached()}
        self.added = 0
        self.remarks: list[tuple[str, Any]] = []  # path of a picture, a sentence

    def filled(self, parsed: Parsed) -> Written:
        """Return the words of *parsed*, which refer to attachments in place of files."""
        text = PICTURE.sub(self._reference, parsed.written.text)
        cover = self._number(parsed.cover) if parsed.cover else 0
        return replace(parsed.written, text=text, cover=cover)

    def _reference(self, found: re.Match[str]) -> str:
        number = self._number(found[2])
        return f"{found[1]}{SIGN}{encode(number)}{found[3]}" if number else found[0]

    def _number(self, reference: str) -> int:
        """Return the id of the attachment that *reference* stands for, 0 where there is none."""
        path = inside(self.name, reference)
        if path is None:
            if "://" not in reference and not reference.startswith(SIGN):
                self.remarks.append((reference[:100], OUTSIDE))
            return 0
        name = named(self._called(path))
        known = self.known.get(name) or self.known.get(f"{name.rpartition('.')[0]}.webp")
        if known is not None:
            return known
        try:
            data = self.files.read(path, LARGEST)
            self._count()
            made = self.attachments.put(self.article, self.article.owner, name, data)
        except (Unreadable, BadFile) as error:
            self.remarks.append((path[:100], error.reason))
            return 0
        self.added += 1
        self.known[self.attachments.name(made)] = made.id
        number: int = made.id
        return number

    def _count(self) -> None:
        """Count one more picture that is read; raise Unreadable where there were enough."""
        if self.files.pictures is None:
            return
        if not self.files.pictures:
            raise Unreadable(MANY)
        self.files.pictures -= 1

    def _called(self, path: str) -> str:
        """Return the name of the picture at *path*: two of one name in two folders are two."""
        own = PurePosixPath(self.name).with_suffix("").as_posix()
        return path.removeprefix(f"{own}/").replace("/", "-")


def named_by_paths(request: Any, article: Article, parsed: Parsed, stem: str) -> Parsed:
    """Return *parsed* with paths below *stem* in place of ids of attachments."""
    text, cover = parsed.written.text, ""
    for number, path, _attachment in placed(request, article, stem):
        text = text.replace(f"({SIGN}{encode(number)}", f"({path}")
        if number == parsed.written.cover:
            cover = path
    return replace(parsed, written=replace(parsed.written, text=text), cover=cover)


def placed(request: Any, article: Article, stem: str) -> Iterator[tuple[int, str, Any]]:
    """Yield id, path and attachment of each picture of *article*."""
    service, taken = request.find_service(IAttachments), set()
    for attachment in article.attached():
        if attachment.is_picture:
            name = service.name(attachment)
            if not SAFE.fullmatch(name) or name in taken:
                name = f"{encode(attachment.id)}.webp"
            taken.add(name)
            yield attachment.id, f"{stem}/{name}", attachment


def data_of(request: Any, attachment: Any) -> bytes:
    """Return the bytes of *attachment*."""
    return b"".join(request.find_service(ISeals).open_range(attachment.file))

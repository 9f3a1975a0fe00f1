"""What a file is: told by what it holds where libmagic is there, else by its name."""

import mimetypes
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

_ = TranslationStringFactory("communicate_vdisk")

HEAD = 8192  # bytes that are looked at
UNKNOWN = "application/octet-stream"
try:
    import magic
except ImportError:  # the library that it needs is not there
    magic = None  # type: ignore[assignment]

# What the standard table lacks on some systems.
MORE = {
    ".md": "text/markdown",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".gpx": "application/gpx+xml",
    ".epub": "application/epub+zip",
}
PACKED = ("application/zip", UNKNOWN)  # what libmagic says of office documents made by hand


class Kind(NamedTuple):
    """How a type looks in a list: an icon, and a word."""

    icon: str
    word: Any


FOLDER = Kind("folder-fill", _("Folder"))
KINDS = (
    ("image/", Kind("file-earmark-image", _("Picture"))),
    ("audio/", Kind("file-earmark-music", _("Sound"))),
    ("video/", Kind("file-earmark-play", _("Film"))),
    ("application/pdf", Kind("file-earmark-pdf", _("PDF"))),
    ("application/vnd.oasis.opendocument.spreadsheet",
     Kind("file-earmark-spreadsheet", _("Table"))),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml",
     Kind("file-earmark-spreadsheet", _("Table"))),
    ("text/csv", Kind("file-earmark-spreadsheet", _("Table"))),
    ("application/vnd.oasis.opendocument.presentation",
     Kind("file-earmark-slides", _("Presentation"))),
    ("application/vnd.openxmlformats-officedocument.presentationml",
     Kind("file-earmark-slides", _("Presentation"))),
    ("application/vnd.", Kind("file-earmark-text", _("Document"))),
    ("text/", Kind("file-earmark-text", _("Text"))),
    ("application/zip", Kind("file-earmark-zip", _("Archive"))),
    ("application/gzip", Kind("file-earmark-zip", _("Archive"))),
    ("application/x-tar", Kind("file-earmark-zip", _("Archive"))),
)  # fmt: skip
ANY = Kind("file-earmark", _("File"))


def media_of(name: str, head: bytes) -> str:
    """Return the type of a file called *name* that begins with *head*; never what was claimed."""
    by_name = named(name)
    if magic is None or not head:
        return by_name
    found = str(magic.from_buffer(head, mime=True))
    if found in PACKED and by_name.startswith("application/"):
        return by_name
    if found.startswith("text/") and by_name.startswith("text/"):
        return by_name  # it knows text when it sees it, and few kinds of it
    return found


def named(name: str) -> str:
    """Return the type that the ending of *name* stands for."""
    dot, ending = name.rpartition(".")[1:]
    known = MORE.get(f".{ending.lower()}") if dot else None
    if known is not None:
        return known
    found, packed = mimetypes.guess_type(f"x.{ending}" if dot else "x", strict=True)
    return "application/gzip" if packed == "gzip" else found or UNKNOWN


def kind_of(media: str) -> Kind:
    """Return how files of the type *media* look in a list."""
    return next((kind for start, kind in KINDS if media.startswith(start)), ANY)

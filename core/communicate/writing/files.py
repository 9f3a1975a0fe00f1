"""Which files can be attached: told by what they hold, not by what they are called."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image
from pyramid.i18n import TranslationStringFactory

from communicate import pictures
from communicate.pictures import BadPicture

_ = TranslationStringFactory("communicate")

SIDE = 1600  # pixels: the longer side of a picture
LONGEST = 120  # characters of a name
OCTETS = "application/octet-stream"
ZIPPED = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "epub": "application/epub+zip",
    "zip": "application/zip",
}
TEXTS = {"txt": "text/plain", "md": "text/markdown", "csv": "text/csv", "ics": "text/calendar",
         "vcf": "text/vcard", "gpx": "application/gpx+xml"}  # fmt: skip
MAGIC = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)
DRAWN = ((0, b"\xff\xd8\xff"), (0, b"\x89PNG\r\n"), (0, b"GIF8"), (8, b"WEBP"))

EMPTY = _("This file is empty.")
UNKNOWN = _("Files of this kind cannot be attached. Put it into a ZIP file, or send a PDF.")


class BadFile(ValueError):
    """A file cannot be attached; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


def too_many(most: int) -> BadFile:
    """Return what is wrong with one file more than *most*."""
    return BadFile(_("At most ${n} files can be attached here.", mapping={"n": most}))


class Taking(NamedTuple):
    """Which files a form takes: how many, and of how many bytes each, and all of them together.

    *whole* is for what leaves the site, and is never shown by it: files of any kind, byte for
    byte.  They are sent to an *address* of the plugin's own then, which lets them lie with its
    own drafts alone, and are counted by its own limit *rate*.
    """

    most: int
    size: int
    total: int = 0  # 0: as large as they come
    whole: bool = False
    address: str = "/account/drafts/files"
    rate: str = "attachments"
    links: bool = False  # whether links to what the member keeps elsewhere can be put in, too


def usual(request: Any) -> Taking:
    """Return what forms take that say nothing else."""
    settings = request.registry.settings
    return Taking(settings["communicate.attachments"], settings["communicate.attachment_size"])


class File(NamedTuple):
    """A file as it is kept: its name, its type, its bytes; sides of a picture, else 0."""

    name: str
    media: str
    data: bytes
    width: int = 0
    height: int = 0


def read(request: Any, upload: Any, taking: Taking | None = None) -> File:
    """Return what is kept of *upload*, which has ``filename`` and ``file``; raise BadFile."""
    taking = taking or usual(request)
    file = upload.file
    file.seek(0)
    data = file.read(taking.size + 1)
    if not data:
        raise BadFile(EMPTY)
    if len(data) > taking.size:
        raise too_large(request, taking.size)
    if taking.whole:
        return File(named(upload.filename), OCTETS, data)
    return kept(named(upload.filename), data)


def too_large(request: Any, most: int) -> BadFile:
    """Return what is wrong with a file of more than *most* bytes."""
    words = {"size": request.page.size(most)}
    return BadFile(_("This file is too large. Send at most ${size}.", mapping=words))


def fit(request: Any, there: Iterable[Any], taking: Taking) -> None:
    """Raise BadFile where the files that are *there* are more than *taking* takes."""
    sizes = [each.size for each in there]
    if len(sizes) > taking.most:
        raise too_many(taking.most)
    if taking.total and sum(sizes) > taking.total:
        words = {"size": request.page.size(taking.total)}
        raise BadFile(_("These files are too large together: ${size} at most.", mapping=words))


def kept(name: str, data: bytes) -> File:
    """Return the file of that *name* as it is kept: a picture made anew; raise BadFile."""
    if any(data.startswith(sign, start) for start, sign in DRAWN):
        try:
            made = pictures.recode(BytesIO(data), SIDE).whole
        except BadPicture as error:
            raise BadFile(error.reason) from error
        with Image.open(BytesIO(made), formats=["WEBP"]) as image:  # our own: only its head
            width, height = image.size
        stem = name.rpartition(".")[0] or name
        return File(f"{stem}.webp", pictures.TYPE, made, width, height)
    return File(name, media_of(name, data), data)


def media_of(name: str, data: bytes) -> str:
    """Return the type of a file by what it holds; raise BadFile for one that we do not take."""
    ending = name.rpartition(".")[2].lower()
    if data.startswith(b"PK\x03\x04") and ending in ZIPPED:
        return ZIPPED[ending]
    for start, sign, media in MAGIC:
        if data.startswith(sign, start):
            return media
    if ending in TEXTS and is_text(data):
        return TEXTS[ending]
    raise BadFile(UNKNOWN)


def is_text(data: bytes) -> bool:
    """Tell whether *data* is text in UTF-8."""
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def named(given: Any) -> str:
    """Return the name of a file as it is shown: its last part, printable, not too long."""
    last = str(given or "").replace("\\", "/").rpartition("/")[2]
    clean = "".join(char for char in last if char.isprintable()).strip()
    stem, dot, ending = clean.rpartition(".")
    if not stem or len(ending) > 8:
        stem, dot, ending = clean, "", ""
    return f"{stem[: LONGEST - 9]}{dot}{ending}" or "file"

"""The words of documents, in bounded memory: HTML, OpenDocument and Office Open XML."""

import html
import io
import zipfile
from contextlib import suppress
from typing import Any
from xml.parsers import expat

LONGEST = 64 * 1024  # characters of which words are found
MOST_HTML = 4 * 2**20  # bytes of a page that is read
MOST_XML = 32 * 2**20  # bytes of a document, unpacked
ENTRIES = 10_000  # files in one document
STEP = 64 * 1024
INSIDE = {"odt": "content.xml", "docx": "word/document.xml"}
ENDS = frozenset(  # what ends a word, by name without namespace
    ("p", "h", "tab", "br", "s", "line-break", "tc", "table-cell", "list-item")
)
MUTE = frozenset(("tracked-changes", "annotation", "instrText", "delText"))  # nothing one reads


class TooLarge(Exception):
    """A document unpacks to more than anybody writes."""


class Enough(Exception):
    """As many characters were read as are wanted."""


def told(text: str) -> bytes:
    """Return *text* as it is kept: no longer than wanted, nothing unprintable."""
    clean = "".join(char if char.isprintable() else " " for char in text[:LONGEST])
    return " ".join(clean.split()).encode()


def words(kind: str, data: bytes) -> bytes:
    """Return the words of a document of that *kind*; raise TooLarge, or what its reader raises."""
    if kind == "html":
        return told(of_html(data))
    return told(of_packed(data, INSIDE[kind]))


def of_html(data: bytes) -> str:
    """Return what a page says, without what only programs read."""
    import nh3  # needed for nothing else

    text = data[:MOST_HTML].decode("utf-8", "replace").replace("<", " <")
    clean = nh3.clean(text, tags=set(), clean_content_tags={"script", "style", "template"})
    return html.unescape(clean)


def of_packed(data: bytes, inside: str) -> str:
    """Return the words of the file *inside* a packed document."""
    reader = Reader()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if len(packed.infolist()) > ENTRIES:
            raise TooLarge
        with packed.open(inside) as source, suppress(Enough):
            reader.read(source)
    return "".join(reader.pieces)


class Reader:
    """What is said in XML.  Nothing is declared in it, and nothing fetched."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.mute = 0
        self.parser: Any = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said

    def read(self, source: Any) -> None:
        """Read *source*, but no more than MOST_XML of it; raise TooLarge, Enough."""
        size = 0
        while piece := source.read(STEP):
            size += len(piece)
            if size > MOST_XML:
                raise TooLarge
            self.parser.Parse(piece, False)
        self.parser.Parse(b"", True)

    def _refuse(self, *_declared: Any) -> None:
        raise ValueError("a document declares entities")

    def _start(self, name: str, _attributes: Any) -> None:
        if name.rpartition(" ")[2] in MUTE:
            self.mute += 1

    def _end(self, name: str) -> None:
        short = name.rpartition(" ")[2]
        if short in MUTE:
            self.mute -= 1
        elif short in ENDS:
            self.pieces.append(" ")

    def _said(self, text: str) -> None:
        if self.mute:
            return
        self.pieces.append(text)
        self.length += len(text)
        if self.length > LONGEST:
            raise Enough

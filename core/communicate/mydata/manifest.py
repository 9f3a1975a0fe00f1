"""What the manifest of an archive says: its parts, its documents, and what of them is complete."""

from dataclasses import dataclass, field

FORMAT, VERSION = "2-communicate export", 1


@dataclass
class Document:
    """A file of records: where it is, what it holds, and whether all of it."""

    path: str
    plugin: str
    kind: str
    owned: bool
    restored: bool
    title: str
    page: str
    count: int = 0
    complete: bool = False


@dataclass
class Part:
    """What became of one plugin: its *state* is "written", "failed" or "off"."""

    name: str
    state: str = "written"
    failure: str = ""


@dataclass
class Manifest:
    """What the archive holds, for who reads it first."""

    site: str
    login: str
    language: str
    made: str
    origin: str = ""
    format: str = FORMAT
    version: int = VERSION
    parts: list[Part] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    mail: list[str] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    incomplete: list[str] = field(default_factory=list)

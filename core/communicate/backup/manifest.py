"""What a backup consists of: the one file that makes it whole, put in place in one go.

It is in clear, because the site has to read it and holds no identity: names, lengths and digests
of encrypted files, and numbers of objects.  It is authenticated under the site's key, so that
nobody who can write to the target can have a site load objects of their making.
"""

import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from communicate.backup.age import Written
from communicate.backup.errors import Damaged

FORMAT = 1
LABEL = "backup/manifest"  # of the key that authenticates it


@dataclass(frozen=True)
class Piece:
    """A part of the tree, the bytes from *start* up to *stop*, in the encrypted file *name*."""

    name: str
    start: int
    stop: int
    size: int
    sha256: str

    @property
    def written(self) -> Written:
        """Length and digest of the encrypted file."""
        return Written(self.size, self.sha256)


@dataclass(frozen=True)
class Tree:
    """The object tree: *kind* is ``filestorage`` or ``postgresql``.

    *tail* is the SHA-256 of the last bytes and *inode* the number of the file, by which the next
    backup knows whether the file has only grown since.
    """

    kind: str
    tid: str
    pieces: tuple[Piece, ...]
    inode: int = 0
    tail: str = ""


@dataclass(frozen=True)
class Manifest:
    """One whole backup; *made* is its recovery point, *blobs* are lengths and digests by name."""

    made: str
    recipients: tuple[str, ...]
    plugins: tuple[str, ...]
    tree: Tree
    blobs: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def when(self) -> datetime:
        """The recovery point, aware, in UTC."""
        return datetime.fromisoformat(self.made)

    def files(self) -> set[str]:
        """Return the names of all encrypted files."""
        return {piece.name for piece in self.tree.pieces} | {blob_file(n) for n in self.blobs}

    def text(self, key: bytes) -> str:
        """Return the manifest as it is written, authenticated under *key*."""
        body = {"format": FORMAT, **asdict(self)}
        return json.dumps({**body, "mac": mac(body, key)}, separators=(",", ":"))


def blob_file(name: str) -> str:
    """Return the file of the blob *name*, ``<oid>-<tid>`` in hexadecimal.

    >>> blob_file("00000000000000a7-0400000000000001")
    'blobs/a7/00000000000000a7-0400000000000001.age'
    """
    return f"blobs/{name[14:16]}/{name}.age"


def mac(body: dict[str, Any], key: bytes) -> str:
    """Return the HMAC-SHA-256 of *body* under *key*, in hexadecimal."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    return hmac.digest(key, canonical, "sha256").hex()


def parse(text: str, place: Path) -> tuple[Manifest, dict[str, Any]]:
    """Return the manifest in *text* and what its digest is of; raise Damaged."""
    try:
        body = json.loads(text)
        if body["format"] != FORMAT:
            raise Damaged(f"{place} was written by a newer version of the software")
        tree = body["tree"]
        pieces = tuple(Piece(**piece) for piece in tree["pieces"])
        manifest = Manifest(
            body["made"],
            tuple(body["recipients"]),
            tuple(body["plugins"]),
            Tree(**{**tree, "pieces": pieces}),
            {name: (size, digest) for name, (size, digest) in body["blobs"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(f"{place} is not what a backup writes") from error
    return manifest, body


def authenticate(body: dict[str, Any], key: bytes, place: Path) -> None:
    """Raise Damaged unless the site whose *key* it is wrote the manifest *body*."""
    body = dict(body)
    if not hmac.compare_digest(str(body.pop("mac", "")), mac(body, key)):
        raise Damaged(
            f"{place} was not written by this site: it was changed, or belongs to another one"
        )

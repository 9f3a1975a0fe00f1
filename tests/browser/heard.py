"""What people wrote on the served site: no page is judged by their words."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl

from communicate.sealing.services import Seals

# What is sealed as it was written; the rest is made of it, or is not words.
KINDS = re.compile(
    r".*(title|post|value|label|name|comment|message|words|note|why|draft|circle|upload|text)"
)
CHOSEN = re.compile(r"[a-z\d_.:/-]*")  # a button or a box, no words


def strings(data: Any) -> Iterator[str]:
    """Yield the strings in *data*: text, or JSON of texts."""
    with suppress(ValueError):
        data = json.loads(data)
    for part in data.values() if isinstance(data, dict) else [data]:
        for one in part if isinstance(part, list) else [part]:
            yield str(one)


class Heard:
    """All that was written, in the order of its coming."""

    def __init__(self) -> None:
        self.words: list[str] = []

    @contextmanager
    def sealing(self) -> Iterator[None]:
        """Note what this process seals meanwhile."""
        seal = Seals.seal

        def noting(seals: Any, uid: int, kind: str, data: Any) -> Any:
            if KINDS.fullmatch(kind):
                self.words += strings(data)
            return seal(seals, uid, kind, data)

        with patch.object(Seals, "seal", noting):
            yield

    def asked(self, request: Any) -> None:
        """Note what a page sends to the site."""
        sent = request.post_data_buffer
        if not sent:
            return
        kind = request.headers.get("content-type", "")
        if kind.startswith("multipart/"):
            parts: Any = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + sent)
            typed = [
                part.get_payload(decode=True).decode(errors="replace")
                for part in parts.walk()
                if not part.is_multipart() and part.get_filename() is None
            ]
        else:
            typed = [value for _name, value in parse_qsl(sent.decode(errors="replace"))]
        self.words += [value for value in typed if not CHOSEN.fullmatch(value)]

    def text(self) -> str:
        """Return all of it on one line, with and without the marks of Markdown."""
        said = "\n".join(dict.fromkeys(self.words))
        plain = re.sub(r"\]\([^)]*\)|[*`\[\]>#]|(?m:^- )", "", said)
        return " ".join([*said.split(), *plain.split()])

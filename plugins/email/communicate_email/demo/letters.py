"""Letters from elsewhere as their senders' programs would have made them."""

from base64 import encodebytes
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from typing import Any

from communicate.demo.writing import Writer
from communicate_email.people import Person

PLAIN, HTML = "text/plain", "text/html"


def letter(stated: dict[str, Any], writer: Writer, to: Person, number: str, at: datetime) -> bytes:
    """Return the letter that *stated* describes, filled by *writer*, with CRLF.

    Known of it: ``sender``, ``subject``, ``text``; ``html`` of the same; ``file``, a name and
    what is in it; ``list``, by which readers of a list know it.
    """
    sender = stated["sender"]
    name, _open, address = sender.rstrip(">").rpartition(" <")
    fields = {
        "From": f"{_coded(name)} <{address}>",
        "To": f"{_coded(to.name)} <{to.address}>",
        "Subject": _coded(writer.fill(stated["subject"])),
        "Date": format_datetime(at),
        "Message-ID": f"<{number}@{address.rpartition('@')[2]}>",
        "MIME-Version": "1.0",
    }
    if "list" in stated:
        fields["List-Id"] = f"{_coded(name)} <{stated['list']}>"
    head = "".join(f"{key}: {value}\r\n" for key, value in fields.items())
    return (head + body(stated, writer, number)).encode()


def body(stated: dict[str, Any], writer: Writer, number: str) -> str:
    """Return what follows the header: one part, or several, parted by *number*."""
    parts = [part(PLAIN, writer.fill(stated["text"]).encode())]
    if "html" in stated:
        parts = [many("alternative", f"a{number}", [*parts, part(HTML, html(stated, writer))])]
    if "file" in stated:
        name, data = stated["file"]
        more = f'Content-Disposition: attachment; filename="{name}"\r\n'
        parts.append(part(PLAIN, writer.fill(data).encode(), more))
        return many("mixed", f"m{number}", parts)
    return parts[0]


def html(stated: dict[str, Any], writer: Writer) -> bytes:
    """Return the HTML of *stated*."""
    return f"<html><body>{writer.fill(stated['html'])}</body></html>".encode()


def part(media: str, data: bytes, more: str = "") -> str:
    """Return a part with its header, coded as base64."""
    coded = encodebytes(data).decode().replace("\n", "\r\n")
    kind = f"Content-Type: {media}; charset=utf-8\r\n{more}"
    return f"{kind}Content-Transfer-Encoding: base64\r\n\r\n{coded}"


def many(kind: str, boundary: str, parts: list[str]) -> str:
    """Return a part that holds *parts*."""
    inner = "".join(f"--{boundary}\r\n{one}" for one in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    return f"{head}{inner}--{boundary}--\r\n"


def _coded(text: str) -> str:
    return str(Header(text, None if text.isascii() else "utf-8", maxlinelen=10_000).encode())

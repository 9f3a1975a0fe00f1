"""A header's fields as they stand in a message (RFC 5322): names, and values not yet decoded."""

import re
from collections.abc import Collection

from communicate_email.mime.limits import MAX_FIELDS

# A field with its folded lines.  No two ways to match the same octets: nothing to backtrack.
_FIELD = re.compile(rb"^(([!-9;-~]+)[ \t]*:(.*+(?:\n[ \t].*+)*+)\n?)", re.MULTILINE)
_BLANK = re.compile(rb"\n\r?\n")
_UNWANTED = bytes(octet for octet in range(32) if octet != 9) + b"\x7f"


class Fields:
    """The fields of one header, found by name in any case, in their order."""

    __slots__ = ("_named", "lines")

    def __init__(self, block: bytes) -> None:
        """Read *block*, the octets of a header; lines that are no field are passed over."""
        self.lines: list[tuple[bytes, bytes, bytes]] = []
        self._named: dict[bytes, list[bytes]] = {}
        for number, match in enumerate(_FIELD.finditer(block)):
            if number == MAX_FIELDS:
                break
            whole, name, value = match.groups()
            self.lines.append((whole, name, value))
            self._named.setdefault(name.lower(), []).append(value)

    def all(self, name: bytes) -> list[bytes]:
        """Return the values of the fields called *name* (lower case), unfolded."""
        return [unfolded(value) for value in self._named.get(name, ())]

    def first(self, name: bytes) -> bytes | None:
        """Return the value of the first field called *name* (lower case), unfolded, or None."""
        values = self._named.get(name)
        return unfolded(values[0]) if values else None

    def only(self, names: Collection[bytes], *, but: bool = False) -> bytes:
        """Return the octets of the fields called one of *names* (lower case), as they stand.

        With *but*, those of all other fields.
        """
        return b"".join(whole for whole, name, _ in self.lines if (name.lower() in names) != but)

    def __bool__(self) -> bool:
        return bool(self.lines)


def unfolded(value: bytes) -> bytes:
    """Return *value* on one line, without line ends, NUL or other controls, trimmed."""
    return value.translate(None, _UNWANTED).strip(b" \t")


def end_of_header(raw: bytes, start: int, stop: int) -> int:
    """Return where the body begins of the header that begins at *start*: after a blank line.

    *stop* where there is none.
    """
    if raw.startswith(b"\n", start):
        return start + 1
    if raw.startswith(b"\r\n", start):
        return start + 2
    blank = _BLANK.search(raw, start, stop)
    return blank.end() if blank else stop

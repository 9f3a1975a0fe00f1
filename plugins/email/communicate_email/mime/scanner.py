"""Messages taken apart (RFC 2046) in one pass and without recursion."""

import re
from collections.abc import Iterator

from communicate_email.mime import limits, params, transfer
from communicate_email.mime.fields import Fields, end_of_header
from communicate_email.mime.parts import Part


def read(raw: bytes) -> Part:
    """Return the message that *raw* is, with its parts.  Never raises, whatever *raw* is."""
    return _Scanner(raw).scan()


class _Open:
    """A part whose end is not yet found."""

    __slots__ = ("boundary", "digest", "hidden", "part")

    def __init__(self, part: Part) -> None:
        self.part = part
        self.boundary: bytes | None = None
        self.hidden: int | None = None  # who used the same boundary outside
        self.digest = part.media == "multipart/digest"


class _Scanner:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.open: list[_Open] = []
        self.boundaries: dict[bytes, int] = {}  # each to the place in *open* of its multipart
        self.count = 0

    def scan(self) -> Part:
        """Return the message."""
        root = self.entity(0, "", "")
        if self.boundaries:
            self.walk()
        self.close(0, len(self.raw))
        return root

    def walk(self) -> None:
        """Go along the boundaries, opening and closing parts."""
        for line, before, after in self.dashed(self.open[-1].part.body):
            place = self.boundaries.get(line)
            if place is not None:
                self.close(place + 1, before)
                if self.count < limits.MAX_PARTS:
                    self.child(place, after)
                    continue
            elif line.endswith(b"--"):
                place = self.boundaries.get(line[:-2])
            if place is not None:
                self.close(place + 1, before)
                self.forget(self.open[place])

    def dashed(self, start: int) -> Iterator[tuple[bytes, int, int]]:
        """Yield the lines that begin with two hyphens, from *start* on: what follows these.

        And where the text before the line ends, and where the next line begins.
        """
        raw, at, longest = self.raw, max(start - 1, 0), limits.MAX_BOUNDARY + 4
        if start == 0 and raw.startswith(b"--"):
            at = -1
        for _ in range(limits.MAX_DASHED):
            if at >= 0:
                at = raw.find(b"\n--", at)
                if at < 0:
                    return
            stop = raw.find(b"\n", at + 1)
            stop = len(raw) if stop < 0 else stop
            line = raw[at + 3 : min(stop, at + 3 + longest)].rstrip(b" \t\r")
            before = at - 1 if at > 0 and raw[at - 1] == 13 else at
            yield line, max(before, 0), min(stop + 1, len(raw))
            at = stop

    def child(self, place: int, start: int) -> None:
        """Begin the next part of the multipart at *place*."""
        parent = self.open[place]
        number = f"{len(parent.part.parts) + 1}"
        if parent.part.number:
            number = f"{parent.part.number}.{number}"
        part = self.entity(start, number, "message/rfc822" if parent.digest else "")
        parent.part.parts.append(part)

    def entity(self, start: int, number: str, default: str) -> Part:
        """Begin a part at *start*, and the message within if it is one."""
        part = self.part(start, number, default)
        self.open.append(_Open(part))
        if part.type == "multipart":
            self.expect(part)
        elif part.type == "message" and self.holds_message(part):
            part.message = self.entity(part.body, number or "1", "")
        return part

    def holds_message(self, part: Part) -> bool:
        return (
            part.subtype in ("rfc822", "global")
            and len(self.open) < limits.MAX_DEPTH
            and transfer.is_identity(part.encoding)
        )

    def expect(self, part: Part) -> None:
        """Look for the boundary of *part* from here on, unless it has none or is too deep."""
        boundary = dict(part.raw_params).get(b"boundary", b"").rstrip()
        if 0 < len(boundary) <= limits.MAX_BOUNDARY and len(self.open) < limits.MAX_DEPTH:
            opened, place = self.open[-1], len(self.open) - 1
            opened.boundary, opened.hidden = boundary, self.boundaries.get(boundary)
            self.boundaries[boundary] = place

    def part(self, start: int, number: str, default: str) -> Part:
        """Read the header at *start*."""
        self.count += 1
        body = self.header_end(start)
        fields = Fields(self.raw[start : min(body, start + limits.MAX_HEADER)])
        if not fields and not _BLANK.match(self.raw, start):
            body = start  # no header at all: what is there is the text
        kind = params.media_type(fields.first(b"content-type"))
        kind = kind or (("message", "rfc822") if default else ("text", "plain"))
        return Part(self.raw, number, start, body, body, fields, *kind)

    def header_end(self, start: int) -> int:
        """Return where the header ends that begins at *start*: never beyond a boundary."""
        size = len(self.raw)
        stop = min(size, start + limits.MAX_PART_HEADER) if self.open else size
        stop = end_of_header(self.raw, start, stop)
        if self.boundaries and self.raw.find(b"--", start, stop) >= 0:
            for line, _, after in self.dashed(start):
                if after > stop:
                    break
                if self.bounds(line):
                    return self.raw.rfind(b"\n", start, after - 1) + 1 or start
        return stop

    def bounds(self, line: bytes) -> bool:
        """Tell whether *line*, without its two hyphens, begins or ends a part that is open."""
        return line in self.boundaries or (line[-2:] == b"--" and line[:-2] in self.boundaries)

    def close(self, place: int, end: int) -> None:
        """End all parts from *place* inwards at *end*."""
        for opened in self.open[place:]:
            opened.part.end = max(end, opened.part.body)
            self.forget(opened)
        del self.open[place:]

    def forget(self, opened: _Open) -> None:
        """Look no longer for the boundary of *opened*."""
        if opened.boundary is None:
            return
        if opened.hidden is None:
            self.boundaries.pop(opened.boundary, None)
        else:
            self.boundaries[opened.boundary] = opened.hidden
        opened.boundary = None


_BLANK = re.compile(rb"\r?\n")

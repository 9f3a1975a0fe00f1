"""Sending what nobody sends by accident, and keeping a list of the answers that were wrong."""

import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes

from communicate.testing.crawl import Form
from communicate.testing.hostile import complaint
from communicate.testing.wire import FORM, Reply, Wire

BOUNDARY = "limite7"
SHOWN = 20  # faults in a message
Pairs = Iterable[tuple[str, bytes]]


def encoded(pairs: Pairs) -> bytes:
    """Return *pairs* of names and values, the values percent-encoded already, as a form's body."""
    return b"&".join(quote_plus(name).encode() + b"=" + value for name, value in pairs)


def multipart(pairs: Pairs, file: tuple[str, bytes]) -> tuple[bytes, str]:
    """Return a body and its type: *pairs* as text, and *file*, a name and bytes, as a file."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + unquote_to_bytes(value.replace(b"+", b" "))
        for name, value in pairs
    ]
    head = f'Content-Disposition: form-data; name="{file[0]}"; filename="../x\\"<.html"'
    kind = "Content-Type: text/html"
    parts.append(f"--{BOUNDARY}\r\n{head}\r\n{kind}\r\n\r\n".encode() + file[1])
    body = b"\r\n".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={BOUNDARY}"


def send(wire: Wire, form: Form, **values: str) -> Reply:
    """Post *form* as it was found, with these *values* in its fields."""
    pairs = [(name, values.get(name, value)) for name, value in form.values()]
    return wire.post(form.action, encoded((name, quote_plus(v).encode()) for name, v in pairs))


class Attack:
    """Judges answers: *state* tells what changes whenever anything is stored.

    *again* is called with the role whose session an accepted form has ended.
    """

    def __init__(
        self, wires: dict[str, Wire], state: Callable[[], Any], again: Callable[[str], None]
    ) -> None:
        self.wires = wires
        self.state = state
        self.again = again
        self.faults: list[str] = []
        self.errors: list[str] = []
        self.statuses: Counter[int] = Counter()

    def judge(
        self, what: object, ask: Callable[[], Reply], *, refused: bool = False, method: str = "GET"
    ) -> Reply:
        """Judge the answer that *ask* returns; *refused*: nothing but a 4xx will do."""
        before = self.state()
        reply = ask()
        self.statuses[reply.status] += 1
        wrong = complaint(reply, method)
        if reply.status >= 500:
            wrong = f"{wrong} {self.errors[-1] if self.errors else ''}"
        if wrong is None and refused and reply.status < 400:
            wrong = f"taken with {reply.status} {reply.header('location')}"
        if wrong is None and reply.status >= 400 and self.state() != before:
            wrong = f"{reply.status}, but something was stored"
        if wrong is not None:
            self.faults.append(f"{what}: {wrong}")
        return reply

    def post(
        self,
        role: str,
        form: Form,
        sent: Pairs | bytes,
        kind: str = FORM,
        *,
        refused: bool = False,
    ) -> Reply:
        """Post *sent*, pairs or a body, to *form* as *role*."""
        body = sent if isinstance(sent, bytes) else encoded(sent)
        wire = self.wires[role]
        what = f"{role} {form.action} {body[-60:]!r}"
        reply = self.judge(what, lambda: wire.post(form.action, body, kind), refused=refused)
        if form.action == "/logout" and reply.status < 400:
            self.again(role)
        return reply

    def get(
        self, role: str, target: str | bytes, *headers: tuple[str, bytes], refused: bool = False
    ) -> Reply:
        """Ask for *target* as *role*."""
        wire = self.wires[role]
        what = f"{role} {target[:120]!r}"
        return self.judge(what, lambda: wire.ask("GET", target, None, headers), refused=refused)

    def note(self, _message: str, *_values: object, exc_info: BaseException) -> None:
        """Remember what a page about a mistake of ours was for, and where that happened."""
        frames = traceback.extract_tb(exc_info.__traceback__)
        own = [frame for frame in frames if "/communicate" in frame.filename] or frames
        self.errors.append(f"{exc_info!r} {own[-1].filename}:{own[-1].lineno}")

    def settle(self, at_least: int = 50) -> None:
        """Raise AssertionError with what was wrong, or where too little was tried."""
        if self.faults:
            shown = "\n".join(self.faults[:SHOWN])
            raise AssertionError(f"{len(self.faults)} faults:\n{shown}")
        if self.statuses.total() < at_least:
            raise AssertionError(f"only {self.statuses.total()} requests were made")

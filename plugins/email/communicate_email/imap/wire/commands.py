"""Commands as they are understood: a tag, a name, and what it was given."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from communicate_email.imap.wire import appending, fetching, listing, searching, selecting, storing
from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.framing import Parts
from communicate_email.imap.wire.scanner import TAG, Scanner
from communicate_email.imap.wire.selecting import mailbox
from communicate_email.imap.wire.sequences import numbers

ID_PAIRS = 30  # RFC 2971, section 3.3


class Command(NamedTuple):
    """A command that can be carried out: *name* in upper case, *args* as its reader returns them.

    *uid* says that messages are named by their uids (``UID FETCH`` …).
    """

    tag: str
    name: str
    args: Any = None
    uid: bool = False


class Login(NamedTuple):
    """``LOGIN``."""

    login: str
    password: str


class Authenticate(NamedTuple):
    """``AUTHENTICATE``: *initial* is what came with it (RFC 4959), None where that is to come."""

    mechanism: str
    initial: bytes | None


class Copy(NamedTuple):
    """``COPY``, ``MOVE``."""

    numbers: Any
    mailbox: str


Reader = Callable[[Scanner], Any]


def read(parts: Parts, allowed: Mapping[str, Reader], *, utf8: bool = False) -> Command:
    """Return the command that *parts* are; raise BadCommand, with its tag where that is known.

    Only what is *allowed* at the time is read any further than to its name.
    """
    scanner = Scanner(parts, utf8=utf8)
    tag = scanner.match(TAG)
    if tag is None:
        raise BadCommand("a tag is expected")
    name = tag[0].decode("ascii")
    try:
        return _read(scanner, name, allowed)
    except BadCommand as error:
        error.tag = name
        raise


def _read(scanner: Scanner, tag: str, allowed: Mapping[str, Reader]) -> Command:
    scanner.space()
    name, uid = scanner.word("a command"), False
    if name == "UID" and "UID" in allowed:
        scanner.space()
        name, uid = scanner.word("a command"), True
        if name not in BY_UID:
            raise BadCommand(f"UID {name} is no command")
    if name not in allowed:
        raise BadCommand(f"{name} is no command, or none that can be given now")
    args = UID_READERS[name](scanner) if uid and name in UID_READERS else allowed[name](scanner)
    scanner.end()
    return Command(tag, name, args, uid)


def nothing(_scanner: Scanner) -> None:
    """Read a command that is given nothing."""


def login(scanner: Scanner) -> Login:
    """Read ``LOGIN``."""
    scanner.space()
    name = scanner.text()
    scanner.space()
    return Login(name, scanner.text())


def authenticate(scanner: Scanner) -> Authenticate:
    """Read ``AUTHENTICATE``."""
    scanner.space()
    mechanism = scanner.word("a mechanism")
    if not scanner.skip(b" "):
        return Authenticate(mechanism, None)
    if scanner.skip(b"="):
        return Authenticate(mechanism, b"")
    return Authenticate(mechanism, from_base64(scanner.astring()))


def from_base64(text: bytes) -> bytes:
    """Return what *text* is the base64 of; raise BadCommand."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise BadCommand("base64 is expected") from None


def identity(scanner: Scanner) -> dict[str, str]:
    """Read ``ID``: what the client says of itself."""
    scanner.space()
    if scanner.peek() != b"(":
        _nil(scanner)
        return {}
    said = scanner.items(lambda: _nstring(scanner), empty=True)
    if len(said) % 2 or len(said) > 2 * ID_PAIRS:
        raise BadCommand(f"at most {ID_PAIRS} pairs are expected")
    return dict(zip(said[::2], said[1::2], strict=True))


def _nil(scanner: Scanner) -> None:
    if scanner.word("a list, or NIL") != "NIL":
        raise BadCommand("a list, or NIL, is expected")


def _nstring(scanner: Scanner) -> str:
    if scanner.at_literal or scanner.peek() == b'"':
        return scanner.string().decode("utf-8", "replace")
    _nil(scanner)
    return ""


def rename(scanner: Scanner) -> tuple[str, str]:
    """Read ``RENAME``."""
    return mailbox(scanner), mailbox(scanner)


def create(scanner: Scanner) -> tuple[str, str | None]:
    """Read ``CREATE``, with the use that RFC 6154 lets one name."""
    name = mailbox(scanner)
    if not scanner.skip(b" "):
        return name, None
    scanner.expect(b"(")
    if scanner.word("USE") != "USE":
        raise BadCommand("USE is expected")
    scanner.space()
    uses = scanner.items(lambda: storing.flag(scanner), empty=True)
    scanner.expect(b")")
    return name, uses[0] if uses else None


def enable(scanner: Scanner) -> list[str]:
    """Read ``ENABLE``."""
    found = []
    while scanner.skip(b" "):
        found.append(scanner.atom().decode("ascii").upper())
    if not found:
        raise BadCommand("an extension is expected")
    return found


def copy(scanner: Scanner) -> Copy:
    """Read ``COPY`` or ``MOVE``."""
    scanner.space()
    found = numbers(scanner)
    return Copy(found, mailbox(scanner))


def expunged(scanner: Scanner) -> Any:
    """Read ``UID EXPUNGE``."""
    scanner.space()
    return numbers(scanner)


BY_UID = frozenset({"FETCH", "STORE", "SEARCH", "SORT", "THREAD", "COPY", "MOVE", "EXPUNGE"})
UID_READERS: Mapping[str, Reader] = {"EXPUNGE": expunged}
ALWAYS: Mapping[str, Reader] = {
    "CAPABILITY": nothing,
    "NOOP": nothing,
    "LOGOUT": nothing,
    "ID": identity,
}
BEFORE: Mapping[str, Reader] = {
    **ALWAYS,
    "STARTTLS": nothing,
    "LOGIN": login,
    "AUTHENTICATE": authenticate,
}
AFTER: Mapping[str, Reader] = {
    **ALWAYS,
    "ENABLE": enable,
    "SELECT": selecting.select,
    "EXAMINE": selecting.select,
    "CREATE": create,
    "DELETE": mailbox,
    "RENAME": rename,
    "SUBSCRIBE": mailbox,
    "UNSUBSCRIBE": mailbox,
    "LIST": listing.list_,
    "LSUB": listing.lsub,
    "NAMESPACE": nothing,
    "STATUS": listing.status,
    "APPEND": appending.append,
    "IDLE": nothing,
    "GETQUOTA": mailbox,
    "GETQUOTAROOT": mailbox,
}
SELECTED: Mapping[str, Reader] = {
    **AFTER,
    "UID": nothing,
    "CHECK": nothing,
    "CLOSE": nothing,
    "UNSELECT": nothing,
    "EXPUNGE": nothing,
    "SEARCH": searching.search,
    "SORT": searching.sort,
    "THREAD": searching.thread,
    "FETCH": fetching.fetch,
    "STORE": storing.store,
    "COPY": copy,
    "MOVE": copy,
}

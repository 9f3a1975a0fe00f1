"""Names of mailboxes in commands, and ``SELECT`` with what a client knew of one (RFC 7162)."""

from typing import NamedTuple

from communicate_email.imap.wire import names
from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.scanner import MANY, U63, Scanner
from communicate_email.imap.wire.sequences import LAST, Numbers, numbers


class Select(NamedTuple):
    """``SELECT``, ``EXAMINE``: *resync* is what the client knew (RFC 7162)."""

    mailbox: str
    condstore: bool = False
    resync: "Resync | None" = None


class Resync(NamedTuple):
    """What a client knew of a mailbox when it left it: *uids* are those it has, None: all.

    *pairs* are numbers of messages and the uids that they had.
    """

    validity: int
    modseq: int
    uids: Numbers | None = None
    pairs: tuple[tuple[int, int], ...] = ()


def mailbox(scanner: Scanner) -> str:
    """Return the name of a mailbox; raise BadCommand."""
    scanner.space()
    return mailbox_here(scanner)


def mailbox_here(scanner: Scanner) -> str:
    """Return the name of a mailbox that follows without a blank; raise BadCommand."""
    try:
        return names.decoded(scanner.astring(), utf8=scanner.utf8)
    except ValueError as error:
        if isinstance(error, BadCommand):
            raise
        raise BadCommand("the name of a mailbox is expected") from None


def select(scanner: Scanner) -> Select:
    """Read ``SELECT`` or ``EXAMINE``, with what RFC 7162 adds."""
    name = mailbox(scanner)
    if not scanner.skip(b" "):
        return Select(name)
    condstore, resync = False, None
    for parameter in scanner.items(lambda: _parameter(scanner)):
        if isinstance(parameter, Resync):
            resync = parameter
        condstore = True
    return Select(name, condstore, resync)


def _parameter(scanner: Scanner) -> Resync | None:
    name = scanner.word("CONDSTORE or QRESYNC")
    if name == "CONDSTORE":
        return None
    if name != "QRESYNC":
        raise BadCommand(f"{name} is nothing that a mailbox is selected with")
    scanner.space()
    scanner.expect(b"(")
    validity = scanner.number(least=1)
    scanner.space()
    modseq = scanner.number(U63, 1)
    uids: Numbers | None = None
    pairs: tuple[tuple[int, int], ...] = ()
    if scanner.skip(b" "):
        if scanner.peek() == b"(":
            pairs = _pairs(scanner)
        else:
            uids = _known(scanner)
            pairs = _pairs(scanner) if scanner.skip(b" ") else ()
    scanner.expect(b")")
    return Resync(validity, modseq, uids, pairs)


def _known(scanner: Scanner) -> Numbers:
    """Return a set of numbers that says of each which it is."""
    found = numbers(scanner)
    if found.saved or any(end == LAST for pair in found.ranges for end in pair):
        raise BadCommand("numbers are expected that say which they are")
    return found


def _pairs(scanner: Scanner) -> tuple[tuple[int, int], ...]:
    """Return which number had which uid."""
    scanner.expect(b"(")
    ours = _each(_known(scanner))
    scanner.space()
    uids = _each(_known(scanner))
    scanner.expect(b")")
    if len(ours) != len(uids):
        raise BadCommand("as many numbers as uids are expected")
    return tuple(zip(ours, uids, strict=True))


def _each(found: Numbers) -> list[int]:
    ranges = list(found.within(0))
    if sum(high - low + 1 for low, high in ranges) > MANY:
        raise BadCommand("these are too many numbers")
    return [number for low, high in ranges for number in range(low, high + 1)]

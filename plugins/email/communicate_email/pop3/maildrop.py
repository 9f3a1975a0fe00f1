"""The inbox as a program that fetches it sees it: as it was when the program signed in."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from communicate_email.interfaces import IMailStore
from communicate_email.mime.fields import end_of_header
from communicate_email.signing import entered
from communicate_email.store import rows as rowing
from communicate_email.store.rows import Row


class Maildrop(NamedTuple):
    """What there was: rows in order, and what makes their uids unlike those of other times."""

    uid: int
    validity: int
    rows: tuple[Row, ...]

    def name(self, row: Row) -> str:
        """Return what UIDL calls the message *row*: the same for as long as it is there."""
        return f"{self.validity}.{row.uid}"


def opened(uid: int, request: Any) -> Maildrop:
    """Return the inbox of member *uid*."""
    store = request.find_service(IMailStore)
    account = entered(request, uid)
    box = account.box("inbox")
    return Maildrop(uid, store.boxes(account).validity(box), tuple(rowing.every(box)))


def told(uid: int, row: Row, lines: int | None, request: Any) -> bytes | None:
    """Return the answer that holds the message *row* of member *uid*, see `stuffed`.

    None where that is there no more.
    """
    store = request.find_service(IMailStore)
    account = entered(request, uid)
    if rowing.one(account.box("inbox"), row.uid) is None:
        return None
    return b"+OK %d octets\r\n" % row.size + stuffed(store.reading(account).raw(row.id), lines)


def delete(uid: int, uids: Iterable[int], request: Any) -> None:
    """Destroy the messages *uids* in the inbox of member *uid*, those that are there, together."""
    store = request.find_service(IMailStore)
    store.expunge(entered(request, uid).box("inbox"), uids)


def stuffed(octets: bytes, lines: int | None = None) -> bytes:
    """Return the answer that holds *octets*: dots doubled, and one alone at the end.

    With *lines* only the header and so many lines of the text.
    """
    if lines is not None:
        octets = _top(octets, lines)
    if octets.startswith(b"."):
        octets = b"." + octets
    return octets.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _top(octets: bytes, lines: int) -> bytes:
    at = end_of_header(octets, 0, len(octets))
    if lines >= octets.count(b"\r\n", at):
        return octets
    for _line in range(lines):
        at = octets.index(b"\r\n", at) + 2
    return octets[:at]

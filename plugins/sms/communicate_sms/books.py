"""What each member has here, found by the member's number even where the account is gone."""

from typing import Any

from communicate.interfaces import IMembers
from communicate.storage.mounts import member_mount
from communicate_sms.content import BOOK, Book
from communicate_sms.queue import exchange_of


def book_of(request: Any, uid: int) -> Book | None:
    """Return what member *uid* has, or None where there is nothing yet."""
    found: Book | None = exchange_of(request).books.get(uid)
    return found


def made_book(request: Any, uid: int) -> Book:
    """Return what member *uid* has, made where there is nothing yet; raise LookupError."""
    found = book_of(request, uid)
    if found is not None:
        return found
    member = request.find_service(IMembers).by_uid(uid)
    if member is None:
        raise LookupError("nobody has that number")
    made: Book = member_mount(request, member, BOOK)
    exchange_of(request).books[uid] = made
    return made


def drop_book(request: Any, uid: int) -> None:
    """Have member *uid* have nothing here."""
    found = exchange_of(request).books.pop(uid, None)
    member = request.find_service(IMembers).by_uid(uid, closed=True)
    if found is not None and member is not None and member.get(BOOK) is found:
        del member[BOOK]

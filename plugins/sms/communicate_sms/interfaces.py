"""What the services of text messages promise: ask with ``request.find_service(IX)``.

Whoever calls has asked ``permits``.  What cannot be done raises
`communicate_sms.errors.Declined`, whose ``reason`` is a sentence for the member.
"""

from typing import Any

from zope.interface import Interface


class ITexts(Interface):
    """Text messages of members: sending, conversations, what comes in."""

    def send(author: int, to: Any, text: str, at: int = 0) -> Any:
        """Have *text* of member *author* sent to a `ToNumber` or `ToMember`; return the Message.

        It leaves at *at* (ms), now where that is past.  Raise Declined.
        """

    def preview(author: int, to: Any, text: str) -> Any:
        """Return a `Preview` of what would leave; raise Declined where nothing would.

        How often *author* writes is not asked before there is a text.
        """

    def around(author: int, to: Any) -> tuple[str, str]:
        """Return what leaves before and after what *author* writes to *to*."""

    def change(message: Any, text: str, at: int = 0) -> Any:
        """Put another message in the place of *message*, which waits; return it."""

    def cancel(message: Any) -> bool:
        """Take *message*, which waits, out for good; tell whether it still waited."""

    def delete(thing: Any) -> None:
        """Hide a conversation or a message at once, and destroy it in ten seconds."""

    def undo(thing: Any) -> None:
        """Show again what was deleted, and have leave what had not left."""

    def talks(uid: int, before: int | None = None, most: int = 30) -> list[Any]:
        """Return a batch of conversations of *uid*, the latest first; *before* is a ``moved``."""

    def talk(uid: int, number: int) -> Any:
        """Return the conversation of *uid* with that id, or None."""

    def with_whom(uid: int, to: Any) -> Any:
        """Return the conversation of *uid* with *to*, or None."""

    def lines(talk: Any, before: int | None = None, most: int = 50) -> list[Any]:
        """Return a batch of `Line` of *talk* in their order: the last ones, or those *before*."""

    def waiting(talk: Any) -> list[Any]:
        """Return the `Line` of each message of *talk* that is to leave later, the next first."""

    def unread(uid: int) -> int:
        """Return how many messages *uid* has not read."""

    def see(talk: Any) -> None:
        """Count what came in *talk* as read."""

    def to(talk: Any) -> Any:
        """Return the `ToNumber` or `ToMember` that *talk* is with, None where that is nobody."""

    def name(talk: Any) -> Any:
        """Return a `Name`: whom *talk* is with, as its owner may know it."""

    def receive(uid: int, by: Any, text: str, came: int) -> Any:
        """Keep *text* that came (ms) to member *uid* by a `ToNumber` or `ToMember`.

        Return what was kept, None where *uid* does not want anything from there.
        """


class INumbers(Interface):
    """Which telephone number is proven to be whose, and who may see or use it."""

    def of(uid: int) -> str | None:
        """Return the number (E.164) that member *uid* has proven, or None."""

    def owner(e164: str) -> int | None:
        """Return the uid of the member who has proven *e164*, or None.

        It is never told to a member: not even that there is one.
        """

    def begin(member: Any, written: str) -> str:
        """Have a code sent to the number that *written* means; return it as E.164.

        Whether another member has it, nobody can tell.  Raise `numbers.Unfit`, or Declined where
        there have been too many codes.
        """

    def read(member: Any, written: str) -> str:
        """Return the number that *written* means, to which a code could be sent now.

        Raise `numbers.Unfit` or Declined.
        """

    def awaits(uid: int) -> str | None:
        """Return the number of member *uid* whose code may still be typed, or None."""

    def cancel(member: Any) -> None:
        """Have the number that awaits a code await none any more."""

    def prove(member: Any, code: str) -> bool:
        """Make the number that awaits *code* the member's; tell whether it is.

        It is not with a wrong or an old code, and not where another member has the number.
        """

    def remove(member: Any) -> bool:
        """Forget the member's number, and what awaits a code; tell whether there was one."""

    def choose(member: Any, *, shown_to: Any, open_to: Any) -> None:
        """Have those of one `Audience` see the member's number, those of another write to it."""

    def may_text(uid_from: int, uid_to: int) -> bool:
        """Tell whether member *uid_from* may write to the number of *uid_to*, shown or not."""

    def visible(viewer: Any, uid: int) -> str | None:
        """Return the number of member *uid* where *viewer* (principals) may see it, else None."""


class IAllowance(Interface):
    """Who may send how much; *purpose* is "message", "code", "notice" or "test".

    *author* is a uid, *e164* the number, *parts* what `communicate_sms.parts` counts.  Where the
    author is not told the number, *to* is the uid of whose it is: what is refused, and when,
    then tells nothing of it.
    """

    def check(
        author: int,
        e164: str,
        parts: int,
        purpose: str = "message",
        *,
        to: int | None = None,
        at: int = 0,
    ) -> None:
        """Raise `communicate_sms.errors.Declined` where it may not be sent; count nothing.

        It leaves now, or *at* that moment (ms).
        """

    def hit(
        author: int,
        e164: str,
        parts: int,
        purpose: str = "message",
        *,
        to: int | None = None,
        at: int = 0,
    ) -> None:
        """Do as `check` does, and count it: whoever queues a message calls this just before."""

    def left(author: int) -> int:
        """Return how many parts *author* may still send in these 24 hours."""

    def give_back(
        author: int, e164: str, parts: int, *, to: int | None = None, at: int = 0
    ) -> None:
        """Count a message of so many *parts* to that number no more: it has not left.

        It is the one that was to leave next to *at* (ms).
        """

    def answered(author: int, e164: str, *, to: int | None = None) -> None:
        """Let *author* write again to a number that has just answered."""

    def may_begin(author: int) -> bool:
        """Tell whether *author* may send without proving a number of their own first."""

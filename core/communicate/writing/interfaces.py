"""What other parts ask of what members write with."""

from collections.abc import Iterator, Mapping
from typing import Any

from zope.interface import Interface


class IDrafts(Interface):
    """Drafts: what members typed and have not sent, sealed, for themselves alone.

    There is one for a member and a *place*, the address of the form.  Forms with an editor keep,
    show and drop theirs by themselves (`communicate.web.forms`): plugins have nothing to do.
    """

    def of(uid: int, place: str) -> Any:
        """Return the `communicate.writing.drafts.Opened` of member *uid* at *place*, or None."""

    def keep(uid: int, place: str, words: Mapping[str, str], token: str = "") -> Any:
        """Keep *words*, by the name of the field, in place of what was kept before.

        Without any words there is no draft any more.  Nothing is kept of the form with that
        *token* where it was sent a moment ago: what comes late does not come back.  Return the
        `communicate.writing.content.Draft`, or None.
        """

    def drop(uid: int, place: str, token: str = "") -> None:
        """Destroy the draft at *place*: the form with that *token* was sent."""

    def discard(uid: int, place: str) -> bool:
        """Hide the draft at *place*, and destroy it in a moment; tell whether there was one."""

    def restore(uid: int, place: str) -> bool:
        """Take back ``discard``; tell whether it was not too late."""

    def all(uid: int) -> Iterator[Any]:
        """Yield what member *uid* has not sent, the latest first, as ``of`` returns it."""

    def count(uid: int) -> int:
        """Return how many drafts member *uid* has."""

    def erase(uid: int, most: int) -> int:
        """Destroy at most *most* drafts of member *uid*; return how many."""

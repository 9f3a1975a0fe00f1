"""What the service of reports promises."""

from collections.abc import Iterable
from typing import Any

from zope.interface import Interface


class IReports(Interface):
    """What members report, and what moderators decide."""

    def has_reported(uid: int, kind: str, item: int) -> bool:
        """Tell whether a report of that thing by member *uid* waits for a decision."""

    def report(
        kind: str, thing: Any, reason: str, note: str = "", *, shown: Iterable[Any] = ()
    ) -> None:
        """Report *thing*, which the signed-in member may read, with its words of now.

        *shown* are further things of that kind which the member may read, and discloses to
        moderators so that they understand: this site copies their words, nobody can invent any.
        The files beside them which the member may read are disclosed, too.
        """

    def waiting() -> int:
        """Return how many cases wait that the signed-in moderator may decide."""

    def case(number: int) -> Any:
        """Return the case of that id which the signed-in moderator may see, or None."""

    def decide(case: Any, decision: str, why: str = "") -> None:
        """Do what *decision* says (keep, hide, delete, warn), and tell author and reporters."""


class ISuspensions(Interface):
    """Members who are kept out, why, and until when."""

    def suspend(member: Any, *, until: int = 0, why: str = "", judge: int | None = None) -> None:
        """Keep *member* out until the moment *until* (ms; 0: until somebody ends it), and say so.

        Raise `communicate.reports.suspensions.NotYours` where *judge* may not.
        """

    def of(uid: int) -> Any:
        """Return the suspension of member *uid*, or None."""

    def end(member: Any) -> None:
        """Let *member* in again, and say so."""

    def end_if_over(member: Any) -> None:
        """Let *member* in again where the end of the suspension has passed."""

    def appeal(member: Any, words: str) -> None:
        """Keep what the suspended *member* says against it; once."""

    def decide(member: Any, heard: bool, why: str) -> None:
        """Decide about the appeal of *member* for the signed-in moderator, and say so."""

"""What the service of reports promises."""

from typing import Any

from zope.interface import Interface


class IReports(Interface):
    """What members report, and what moderators decide."""

    def has_reported(uid: int, kind: str, item: int) -> bool:
        """Tell whether a report of that thing by member *uid* waits for a decision."""

    def report(kind: str, thing: Any, reason: str, note: str = "") -> None:
        """Report *thing*, which the signed-in member may read, with its words of now."""

    def waiting() -> int:
        """Return how many cases wait that the signed-in moderator may decide."""

    def case(number: int) -> Any:
        """Return the case of that id which the signed-in moderator may see, or None."""

    def decide(case: Any, decision: str, why: str = "") -> None:
        """Do what *decision* says (keep, hide, delete, warn), and tell author and reporters."""

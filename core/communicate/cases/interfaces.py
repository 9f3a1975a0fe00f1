"""What the service of cases promises."""

from collections.abc import Iterator, Sequence
from typing import Any

from zope.interface import Interface


class ICases(Interface):
    """Access of staff to what is narrower than *members*: asked for, approved, logged, told."""

    def ask(member: Any, **terms: Any) -> Any:
        """Ask for a case on *member* for the signed-in operator; return it; raise Refused.

        *terms*: ``kinds``, ``things`` ((kind, id) each), ``reason``, ``reference``, ``ends`` (ms),
        ``reader`` (a member of staff), ``order`` and ``silent_until`` (ms).  A lone operator
        approves by asking.
        """

    def approve(case: Any) -> None:
        """Have *case* begin, approved by the signed-in operator; raise Refused."""

    def close(case: Any) -> None:
        """End *case* at once: nothing can be read through it any more."""

    def grant(kinds: Sequence[str], ends: int) -> Any:
        """Let all staff read the *kinds* of the signed-in member until *ends* (ms)."""

    def case(number: int) -> Any:
        """Return the case of that id that the signed-in member of staff may see, or None."""

    def listed() -> list[Any]:
        """Return the cases that the signed-in member of staff may see, the newest first."""

    def shown(uid: int) -> list[Any]:
        """Return the cases about member *uid* of which the member may know, the newest first."""

    def readable(case: Any, after: int = 0) -> Iterator[tuple[Any, Any]]:
        """Yield kind and thing of what *case* opens, from above the id *after*, without words."""

    def read(case: Any, kind: str, item: int) -> Any:
        """Return the thing, once that is logged and told; None where *case* does not open it."""

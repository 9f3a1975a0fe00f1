"""What the service of profiles promises."""

from collections.abc import Mapping
from typing import Any

from zope.interface import Interface


class IProfiles(Interface):
    """What members show of themselves, and to whom."""

    def visible(member: Any) -> list[Any]:
        """Return the elements with a value that the viewer may read, in their owner's order."""

    def sees(member: Any, kind: str) -> bool:
        """Tell whether the viewer may see what the standing element *kind* is about."""

    def name(member: Any) -> str | None:
        """Return the name of *member* if the viewer may read it."""

    def value(element: Any) -> str | None:
        """Return the text that *element* holds, or None where there is none, or it is gone."""

    def label(element: Any) -> str | None:
        """Return the owner's own label of *element*, or None."""

    def add(member: Any, kind: str, values: Mapping[str, Any]) -> Any:
        """Add an element of *kind*; *values* are those of its form.  Raise `Full`."""

    def change(element: Any, values: Mapping[str, Any]) -> None:
        """Give *element* the *values* of its form: value, label, year, picture."""

    def move(element: Any, steps: int) -> None:
        """Move *element* up (negative) or down."""

    def delete(element: Any) -> None:
        """Remove *element* with all that it holds, at once."""

    def stand(member: Any, kind: str) -> Any:
        """Return the standing element of *kind*, made private where there is none."""

    def limit(element: Any, audience: Any) -> None:
        """Let *audience* read *element* from now on."""

    def conceal(element: Any, hidden: bool) -> None:
        """Hide *element* from all but its owner and moderators, or show it again."""

    def arrange(member: Any, blocks: Any) -> None:
        """Keep the order of the blocks of services, (name, shown) each."""

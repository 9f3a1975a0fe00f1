"""The one picker of "visible to"."""

from collections.abc import Iterator
from typing import Any, ClassVar

import colander

from communicate.audience import LEVELS, Audience
from communicate.web.visible import Choice, choices, circles_in, logins_in
from communicate.web.widgets.base import Widget

PARTS = ("level", "people", "circles", "sure")  # the names of the controls, after the field's


class AudienceWidget(Widget):
    """A radio for each of *levels*, with its icon and a sentence; who is chosen by name.

    The controls of a field ``visible`` are ``visible`` (the level), ``visible.people`` (logins),
    ``visible.circles`` (ids) and, with *confirm*, ``visible.sure``.
    """

    template: ClassVar[str] = "audience"
    levels: tuple[str, ...] = LEVELS
    confirm = True

    def sent_in(self, field: Any, posted: Any) -> Any:
        """Return each part that was sent, in a list; None where none was."""
        names = {part: field.name if part == "level" else f"{field.name}.{part}" for part in PARTS}
        found = {part: posted.getall(name) for part, name in names.items() if name in posted}
        return found or None

    def serialize(self, field: Any, cstruct: Any, **kw: Any) -> str:
        """Return the picker, opened on the present value, or on the narrowest choice."""
        return super().serialize(field, colander.null, shown=self.shown(field, cstruct), **kw)

    def shown(self, field: Any, cstruct: Any) -> dict[str, Any]:
        """Return what is ticked and typed: as it was sent, or as the value says."""
        request = self.request_of(field)
        if isinstance(cstruct, dict):
            one = {part: _first(cstruct.get(part)) for part in PARTS}
            return {**one, "circles": {str(each) for each in cstruct.get("circles") or ()}}
        audience = cstruct if isinstance(cstruct, Audience) else None
        level = audience.level if audience is not None else cstruct
        known = level if level in self.levels else self.levels[0]
        people = logins_in(request, audience) if request is not None else []
        return {
            "level": known,
            "people": ", ".join(people),
            "circles": {str(number) for number in circles_in(audience)},
            "sure": "",
        }

    def choices(self, field: Any) -> list[Choice]:
        """Return the choices, narrow to wide, each with its sentence."""
        return choices(self.request_of(field), self.levels)

    def circles(self, field: Any) -> Iterator[tuple[str, str]]:
        """Yield id and name of each circle of the viewer."""
        request = self.request_of(field)
        return iter(()) if request is None else own_circles(request)

    def asks(self, field: Any) -> bool:
        """Tell whether "everyone" is to be confirmed: it is not what counted before."""
        before = (field.schema.bindings or {}).get("before")
        return self.confirm and getattr(before, "level", before) != "public"

    @staticmethod
    def request_of(field: Any) -> Any:
        """Return the request of the form; None for one that no member sees."""
        request = (field.schema.bindings or {}).get("request")
        return request if getattr(request, "member", None) is not None else None


def own_circles(request: Any) -> Iterator[tuple[str, str]]:
    """Yield id and name of each circle of the viewer of *request*."""
    from communicate.interfaces import IContacts

    for each in request.find_service(IContacts).circles(request.member.uid):
        yield str(each.id), each.name


def _first(sent: Any) -> str:
    return sent[0] if sent and isinstance(sent[0], str) else ""

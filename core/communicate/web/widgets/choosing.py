"""Controls that offer a choice."""

from collections.abc import Iterable
from typing import Any, ClassVar

import colander

from communicate.audience import LEVELS
from communicate.web.marks import AUDIENCES
from communicate.web.widgets.base import Widget


class CheckboxWidget(Widget):
    """A single yes, with its label behind it."""

    template: ClassVar[str] = "checkbox"
    sent = "yes"

    def deserialize(self, field: Any, pstruct: Any) -> Any:
        """Return what was sent; a box left open sends nothing."""
        return pstruct


class ChoiceWidget(Widget):
    """One of *choices*, pairs of value and label: a list of radios, or a select when *folded*."""

    template: ClassVar[str] = "choice"
    choices: Iterable[tuple[str, Any]] = ()
    folded = False

    @property
    def says_none(self) -> bool:
        """Whether one of the choices stands for no answer, so that the field needs no other."""
        return any(value == "" for value, _label in self.choices)


class AudienceWidget(Widget):
    """The picker of "visible to": a radio for each of *levels*, with its icon and a sentence."""

    template: ClassVar[str] = "audience"
    levels: tuple[str, ...] = LEVELS

    @property
    def choices(self) -> list[tuple[str, str, Any, Any]]:
        """Level, icon, word and sentence of each choice, narrow to wide."""
        return [(level, *AUDIENCES[level]) for level in self.levels]

    def serialize(self, field: Any, cstruct: Any, **kw: Any) -> str:
        """Return the picker, opened on the present value, or on the narrowest choice."""
        if cstruct in (colander.null, None, ""):
            cstruct = self.levels[0]
        return super().serialize(field, getattr(cstruct, "level", cstruct), **kw)

"""Controls that offer a choice."""

from collections.abc import Iterable
from typing import Any, ClassVar

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
    drafted: ClassVar[bool] = True
    choices: Iterable[tuple[str, Any]] = ()
    folded = False

    @property
    def says_none(self) -> bool:
        """Whether one of the choices stands for no answer, so that the field needs no other."""
        return any(value == "" for value, _label in self.choices)

"""Controls that people type into."""

from datetime import date
from typing import Any, ClassVar

import colander

from communicate.web.widgets.base import Widget
from communicate.writing import linking


class LineWidget(Widget):
    """One line of text; *kind* is the ``type`` of the input."""

    drafted: ClassVar[bool] = True
    kind = "text"


class PasswordWidget(LineWidget):
    """A password: never written back into a page."""

    kind = "password"
    drafted: ClassVar[bool] = False
    keeps_value: ClassVar[bool] = False


class HiddenWidget(LineWidget):
    """A value that travels with the form, without a label."""

    template: ClassVar[str] = "hidden"
    drafted: ClassVar[bool] = False
    hidden = True


class AreaWidget(Widget):
    """Several lines of text, *rows* of them shown at first.

    *drafts* is whether what is typed is kept as a draft, with the other text of the form.
    """

    template: ClassVar[str] = "area"
    drafted: ClassVar[bool] = True
    rows = 8
    drafts = False


class EditorWidget(AreaWidget):
    """Markdown: a text area with help; the module ``editor.js`` adds the toolbar.

    *live* is the address that shows a preview while one types, empty for none; *attaches* is
    whether files can be attached to it, and *taking* which, a `communicate.writing.files.Taking`
    where they are not the usual ones.
    """

    template: ClassVar[str] = "editor"
    live = ""
    drafts = True
    attaches = False
    taking: Any = None

    def linkables(self, field: Any) -> list[Any]:
        """Return what links can be made to from here."""
        request = (field.schema.bindings or {}).get("request")
        if request is None or self.taking is None or not self.taking.links:
            return []
        return linking.offers(request)

    @staticmethod
    def removed(field: Any) -> list[int]:
        """Return the ids of what was ticked off."""
        form = (field.schema.bindings or {}).get("form")
        return [] if form is None else list(form.removed)

    @staticmethod
    def attached(field: Any) -> list[Any]:
        """Return what is attached so far, each with its name."""
        form = (field.schema.bindings or {}).get("form")
        return [] if form is None else list(form.attached)


class DateWidget(LineWidget):
    """A day, with the browser's own picker."""

    kind = "date"

    def serialize(self, field: Any, cstruct: Any, **kw: Any) -> str:
        """Return the control; a day is written as browsers expect it, YYYY-MM-DD."""
        shown = cstruct.isoformat() if isinstance(cstruct, date) else cstruct
        return super().serialize(field, colander.null if shown is None else shown, **kw)


class MomentWidget(LineWidget):
    """A day and an hour, with the browser's own picker; *folded*, it opens when it is wanted."""

    template: ClassVar[str] = "moment"
    drafted: ClassVar[bool] = False
    kind = "datetime-local"
    folded = False

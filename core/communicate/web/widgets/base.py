"""What all widgets share: a template, and what ties a control to its help and its error."""

from collections.abc import Callable
from typing import Any, ClassVar

import colander
import deform.widget
from markupsafe import Markup


class Widget(deform.widget.Widget):
    """A control of one value, rendered by ``communicate:templates/form/<template>.pt``.

    *attributes* are further attributes of the control (``autocomplete``, ``inputmode``).  *below*
    makes HTML of what the control shows, which stands under it: what a page says of the value.
    """

    template: ClassVar[str] = "line"
    attributes: ClassVar[dict[str, str]] = {}
    below: Callable[[str], Markup] | None = None
    multipart: ClassVar[bool] = False
    keeps_value: ClassVar[bool] = True
    drafted: ClassVar[bool] = False  # whether its text is part of the form's draft

    def serialize(self, field: Any, cstruct: Any, **kw: Any) -> str:
        """Return the HTML of the control, its label, its help and its error."""
        shown = cstruct if isinstance(cstruct, str) and self.keeps_value else ""
        return str(field.renderer(self.template, field=field, widget=self, value=shown, **kw))

    def sent_in(self, field: Any, posted: Any) -> Any:
        """Return what *posted*, the values of a form, holds of this field; None for nothing.

        Two values where one is asked for, or a file, are no text, and the type says so.
        """
        sent = posted.getall(field.name)
        one = len(sent) == 1 and (self.multipart or isinstance(sent[0], str))
        return sent[0] if one else sent or None

    def deserialize(self, field: Any, pstruct: Any) -> Any:
        """Return what the browser sent; nothing at all counts as missing."""
        return colander.null if pstruct in (colander.null, None, "") else pstruct

    def control(self, field: Any) -> dict[str, str]:
        """Return the attributes of the control: id, name, and all that assistive tools need."""
        found = {"id": field.oid, "name": field.name, **self.attributes, **self.described(field)}
        if field.error:
            found["aria-invalid"] = "true"
        if field.required:
            found["required"] = "required"
        return found

    def group(self, field: Any) -> dict[str, str]:
        """Return the attributes of the fieldset around several controls of one name."""
        return {"id": field.oid, "tabindex": "-1", **self.described(field)}

    def described(self, field: Any) -> dict[str, str]:
        """Return what ties a control to its error and its help."""
        parts = [f"{field.oid}-error"] if field.error else []
        parts += [f"{field.oid}-help"] if field.description else []
        return {"aria-describedby": " ".join(parts)} if parts else {}

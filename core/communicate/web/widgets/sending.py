"""Controls that send files."""

from typing import Any, ClassVar

import colander

from communicate.web.widgets.base import Widget


class FileWidget(Widget):
    """A file; the browser keeps its name, we never write it back."""

    template: ClassVar[str] = "file"
    multipart: ClassVar[bool] = True
    keeps_value: ClassVar[bool] = False

    def deserialize(self, field: Any, pstruct: Any) -> Any:
        """Return the upload; a browser sends an empty one where none was chosen."""
        if pstruct in (colander.null, None, "", b"") or not getattr(pstruct, "filename", "x"):
            return colander.null
        return pstruct

"""The rows of a list as HTML: the template once for each kind of row, then filled for each."""

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

from communicate.web.skeletons import Pieces, Skeleton, as_is, joined

TEMPLATE = "communicate_email:templates/row.pt"
#: What rows are kinds by; "marked": as deleted, by a program that has not destroyed it yet.
ALIKE = ("pick", "unread", "here", "answered", "forwarded", "marked", "attached", "starred")
FILLED = ("value", "path", "who", "count", "subject", "line", "time")
LABEL = Markup('<span class="tag hue-{}">{}</span>')
FOLDER = Markup('<span class="tag">{}</span>')


def rows_html(request: Any, rows: Iterable[Mapping[str, Any]]) -> Markup:
    """Return the HTML of *rows*, which `communicate_email.views.rows` makes."""
    skeleton = Skeleton(request, TEMPLATE)
    shapes: dict[tuple[Any, ...], Pieces] = {}
    found = []
    for row in rows:
        labels = _labels(row)
        parts = {name: escape(row[name]) for name in FILLED}
        parts["labels"] = labels
        alike = (*[row[name] for name in ALIKE], bool(row["count"]), bool(labels))
        shape = shapes.get(alike)
        if shape is None:
            kind = dict(zip((*ALIKE, "together", "labelled"), alike, strict=True))
            shape = shapes[alike] = skeleton.pieces(kind, parts)
        found.append(joined(shape, parts))
    return as_is("".join(found))


def _labels(row: Mapping[str, Any]) -> Markup:
    """Return the folder and the labels that *row* names, as far as it does."""
    found = [FOLDER.format(row["folder"])] if row["folder"] else []
    found += [LABEL.format(one["hue"], one["name"]) for one in row["labels"]]
    return Markup().join(found)

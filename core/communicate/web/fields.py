"""Fields of forms: each function returns a colander node with its type, limits and widget.

    class TopicSchema(Schema):
        title = fields.line(_("Title"), longest=120)
        body = fields.words(_("Text"), longest=40_000)  # Markdown; plain text: fields.area

Further keywords go to the node (``validator``, ``name``); *attributes* to the control.
"""

from collections.abc import Sequence
from typing import Any

import colander
from pyramid.i18n import TranslationStringFactory

from communicate.audience import LEVELS
from communicate.web import types, widgets
from communicate.web.visible import VisibleTo

_ = TranslationStringFactory("communicate")

NEEDED = _("This is needed.")
Attributes = dict[str, str]


class Schema(colander.MappingSchema):
    """The fields of one form, in the order in which they are shown."""


class Longest:
    """A validator: at most *limit* characters."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, node: Any, value: str) -> None:
        """Raise `colander.Invalid` where *value* is longer."""
        if len(value) > self.limit:
            message = _(
                "Write at most ${limit} characters; there are ${count}.",
                mapping={"limit": self.limit, "count": len(value)},
            )
            raise colander.Invalid(node, message)


def line(title: Any, *, longest: int = 200, kind: str = "text", **more: Any) -> Any:
    """Return a field of one line of at most *longest* characters; *kind* is the input's type.

    With *below*, a function, what it makes of the value stands under the field.
    """
    below = more.pop("below", None)
    widget = widgets.LineWidget(kind=kind, below=below, attributes=_attributes(more, longest))
    return _node(types.Text(), title, widget, longest, more)


def area(
    title: Any, *, longest: int = 10_000, rows: int = 8, drafts: bool = False, **more: Any
) -> Any:
    """Return a field of several lines of at most *longest* characters.

    With *drafts*, what is typed is kept as a draft until it is sent, as of `words`; with *below*,
    a function, what it makes of the value stands under the field.
    """
    below = more.pop("below", None)
    attributes = _attributes(more, longest)
    widget = widgets.AreaWidget(rows=rows, drafts=drafts, below=below, attributes=attributes)
    return _node(types.Text(lines=True), title, widget, longest, more)


def words(
    title: Any,
    *,
    longest: int = 10_000,
    rows: int = 8,
    live: str = "",
    drafts: bool = True,
    attaches: Any = False,
    **more: Any,
) -> Any:
    """Return a field for Markdown of at most *longest* characters, in the site's one editor.

    It has a toolbar and a help for Markdown.  With *live*, ``/preview`` or the address of a view
    of your own that does as `communicate.writing.views.preview`, a preview follows what is typed.
    What is typed is kept as a draft until it is sent, unless *drafts* is false.  With *attaches*,
    files are attached to the draft: `communicate.writing.interfaces.IAttachments.take` gives them
    to the thing that is made of the form.  It may be a `communicate.writing.files.Taking`, where
    they are other files than usual.
    """
    widget = widgets.EditorWidget(
        rows=rows,
        live=live,
        drafts=drafts,
        attaches=bool(attaches),
        taking=None if isinstance(attaches, bool) else attaches,
        attributes=_attributes(more, longest),
    )
    return _node(types.Text(lines=True), title, widget, longest, more)


def password(title: Any, *, new: bool = False, longest: int = 1000, **more: Any) -> Any:
    """Return a field for a password, one that exists or a *new* one; kept exactly as typed."""
    attributes = {"autocomplete": "new-password" if new else "current-password"}
    widget = widgets.PasswordWidget(attributes={**attributes, **_attributes(more, None)})
    return _node(types.Text(raw=True), title, widget, longest, more)


def integer(title: Any, *, low: int | None = None, high: int | None = None, **more: Any) -> Any:
    """Return a field for a whole number from *low* to *high*."""
    attributes = {"inputmode": "numeric", **_attributes(more, None)}
    widget = widgets.LineWidget(attributes=attributes)
    bounds = colander.Range(
        low,
        high,
        min_err=_("Write a number that is at least ${min}."),
        max_err=_("Write a number that is at most ${max}."),
    )
    return _node(types.Number(), title, widget, None, {"validator": bounds, **more})


def day(title: Any, **more: Any) -> Any:
    """Return a field for a date."""
    return _node(
        types.Day(), title, widgets.DateWidget(attributes=_attributes(more, None)), None, more
    )


def moment(title: Any, *, folded: bool = False, **more: Any) -> Any:
    """Return a field for a day and an hour, a `datetime` in UTC, typed in the viewer's time zone.

    *folded* shows the title alone until it is pressed.
    """
    widget = widgets.MomentWidget(folded=folded, attributes=_attributes(more, None))
    return _node(types.Moment(), title, widget, None, more)


def choice(
    title: Any, choices: Sequence[tuple[str, Any]], *, folded: bool = False, **more: Any
) -> Any:
    """Return a field for one of *choices*, pairs of value and label; *folded* makes a select."""
    widget = widgets.ChoiceWidget(
        choices=choices, folded=folded, attributes=_attributes(more, None)
    )

    def offered(node: Any, value: str) -> None:
        if value not in {known for known, _label in choices}:
            raise colander.Invalid(node, _("Choose one of the answers."))

    return _node(types.Text(), title, widget, None, {"validator": offered, **more})


def checkbox(title: Any, **more: Any) -> Any:
    """Return a field for a yes; with ``required=True`` it must be ticked."""
    more.setdefault("required", False)
    more.setdefault("missing", colander.required if more["required"] else False)
    widget = widgets.CheckboxWidget(attributes=_attributes(more, None))
    return _node(types.Checked(), title, widget, None, more)


def audience(
    title: Any = None, *, levels: Sequence[str] = LEVELS, confirm: bool = True, **more: Any
) -> Any:
    """Return a field for the `Audience`, one of *levels*.

    What was not public before becomes so with a box ticked, unless *confirm* is false: for what
    is public by its nature.
    """
    widget = widgets.AudienceWidget(levels=tuple(levels), confirm=confirm)
    typ = VisibleTo(tuple(levels), confirm=confirm)
    return _node(typ, title or _("Visible to"), widget, None, more)


def file(title: Any, **more: Any) -> Any:
    """Return a field for a file."""
    widget = widgets.FileWidget(attributes=_attributes(more, None))
    return _node(types.Upload(), title, widget, None, more)


def hidden(*, longest: int = 2000, **more: Any) -> Any:
    """Return a field that travels with the form unseen."""
    more.setdefault("required", False)
    return _node(types.Text(), "", widgets.HiddenWidget(), longest, more)


def _attributes(more: dict[str, Any], longest: int | None) -> Attributes:
    found: Attributes = dict(more.pop("attributes", None) or {})
    if longest is not None:
        found.setdefault("maxlength", str(longest))
    return found


def _node(typ: Any, title: Any, widget: Any, longest: int | None, more: dict[str, Any]) -> Any:
    validators = [Longest(longest)] if longest is not None else []
    if "validator" in more:
        validators.append(more.pop("validator"))
    if not more.pop("required", True):
        more.setdefault("missing", "" if type(typ) is types.Text else None)
    return colander.SchemaNode(
        typ,
        title=title,
        description=more.pop("help", ""),
        widget=widget,
        validator=colander.All(*validators) if validators else None,
        missing_msg=NEEDED,
        **more,
    )

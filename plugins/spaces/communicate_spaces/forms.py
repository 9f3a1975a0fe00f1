"""The forms of comments."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate.web import fields
from communicate.web.forms import Button, Form, Schema, preview_button

_ = TranslationStringFactory("communicate_spaces")

LONGEST_REASON = 500
LEVELS = ("private", "contacts", "chosen", "members")


def comment_form(  # noqa: PLR0913  # all but two by name
    request: Request,
    title: Any,
    *,
    action: str = "",
    place: str = "",
    body: str = "",
    begins: str = "",
    button: Any = _("Comment"),  # noqa: B008  # a constant
    comment: Any = None,
) -> Form:
    """Return the form with the words of a comment; *title* is above the field.

    *body* is in it, and *begins* before what was typed there and not sent, which is kept under
    *place*, the page on which the form is.  *comment* is the one that is changed.
    """
    schema = Schema()
    schema.add(
        fields.words(
            title,
            name="body",
            longest=request.registry.settings["spaces.longest"],
            rows=4,
            live="/preview",
            attaches=True,
        )
    )
    return Form(
        schema,
        request,
        [Button("post", button), preview_button()],
        action=action,
        place=place,
        values={"body": body} if body else None,
        adds={"body": begins} if begins else None,
        holder=comment,
    )


def edit_form(request: Request, comment: Any, body: str) -> Form:
    """Return the form that changes *comment*, whose words are *body*."""
    title, button = _("Your comment"), _("Save")
    return comment_form(request, title, body=body, button=button, comment=comment)


def reason_form(request: Request) -> Form:
    """Return the form with which a moderator hides a comment."""
    schema = Schema()
    schema.add(
        fields.area(
            _("Reason"),
            name="reason",
            longest=LONGEST_REASON,
            rows=4,
            help=_("The author reads it. Say what to change, or where to write it instead."),
        )
    )
    return Form(schema, request, [Button("hide", _("Hide"))])


def who_field() -> Any:
    """Return the field that says who may comment."""
    return fields.audience(_("Who may comment"), name="who", levels=LEVELS)


def approval_field() -> Any:
    """Return the field that says whether comments wait."""
    return fields.checkbox(
        _("Show comments only when I have read them"),
        name="approval",
        help=_("Until then only you and their author see them."),
    )


def space_form(request: Request, values: dict[str, Any]) -> Form:
    """Return the form with the rules of a space."""
    schema = Schema()
    schema.add(fields.audience(_("Who reads the comments on my space"), name="readers"))
    schema.add(who_field())
    schema.add(approval_field())
    return Form(schema, request, [Button("save", _("Save"))], values=values)


def thing_form(request: Request, values: dict[str, Any]) -> Form:
    """Return the form with the rules of one thing."""
    schema = Schema()
    choices = [("space", _("As for my space")), ("own", _("Something else for this one"))]
    schema.add(fields.choice(_("Rules"), choices, name="rules"))
    schema.add(who_field())
    schema.add(approval_field())
    return Form(schema, request, [Button("save", _("Save"))], values=values)

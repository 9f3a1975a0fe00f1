"""Forms: colander says what is valid, deform holds the fields, our templates show them.

    form = Form(TopicSchema(), request, [Button("post", _("Post"))])
    if request.method == "POST":
        try:
            values = form.validate()
        except FormInvalid:
            request.response.status = 400
        else:
            ...
            return form.done(address)
    return {"title": ..., "form": form}

A page shows ``${structure: form.render()}``.

A form in which people write has a button that shows a preview, and the words are shown on top::

    form = Form(schema, request, [Button("post", _("Post")), preview_button()])
    ...
    if form.pressed == PREVIEW:
        form.preview = request.find_service(IMarkdown).render(values["body"])
        return {"title": ..., "form": form}

What is typed into such a form is kept as a draft while it is not sent, for its member alone: see
`communicate.writing.interfaces.IDrafts`.  The form opens with it, and `Form.done` drops it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NoReturn

import colander
import deform
from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import get_renderer

from communicate.web import once
from communicate.web.buttons import PREVIEW, Button, preview_button, previewed
from communicate.web.fields import Schema
from communicate.web.rescue import MARK
from communicate.web.skeletons import CommonPage, pieces_of, put_in
from communicate.web.widgets import AudienceWidget, PasswordWidget
from communicate.writing import drafting, linking
from communicate.writing.attachments import numbers_in
from communicate.writing.files import Taking, usual
from communicate.writing.interfaces import IAttachments

_ = TranslationStringFactory("communicate")

__all__ = [
    "PREVIEW",
    "Button",
    "Form",
    "FormInvalid",
    "Schema",
    "blank",
    "preview_button",
    "previewed",
]

TEMPLATES = "communicate:templates/form/"


class FormInvalid(Exception):
    """What was sent cannot be used; *form* shows why, beside each field."""

    def __init__(self, form: "Form") -> None:
        super().__init__("the form is not valid")
        self.form = form


class Form:
    """One form of one request.

    *values* fills the fields; *action* is the address, empty for the page's own; *name* sets the
    ids of the fields apart where a page has several forms.

    *place* is the address at which the form is found again, without words of anybody's: its draft
    is kept by it.  It is *action* unless given.  *adds* is what is added to a draft's words, such
    as a quotation just asked for, by the name of the field; it is the value where there is none.
    *holder* is the thing that is changed, where it has attachments already; *ticked* are the ids
    of those that are ticked off as the form opens.
    """

    preview: Markup | None = None  # clean HTML of what was written, shown above the form

    def __init__(  # noqa: PLR0913  (all but three by name)
        self,
        schema: Any,
        request: Any,
        buttons: Sequence[Button] = (),
        *,
        values: Mapping[str, Any] | None = None,
        action: str = "",
        name: str = "",
        place: str = "",
        adds: Mapping[str, str] | None = None,
        holder: Any = None,
        ticked: Sequence[int] = (),
    ) -> None:
        self.request = request
        self.page: Any = None  # what its templates see as `page`, if not that of the request
        self.buttons = tuple(buttons) or (Button("save", _("Save")),)
        self.action = action
        self.name = name
        self.holder = holder
        self.ticked = ticked
        self.first = dict(values or {})  # what the fields hold before anybody types
        self.is_done = False
        self.leads: Any = None  # what a link is to be put in from, where that was asked for
        self.received: list[tuple[int, Any]] = []  # files that came: id of the attachment, file
        self.drafted = drafting.wanted(request, schema.children)
        self.place = place or action or request.path_info
        self.draft = drafting.of(request, self.place) if self.drafted else None
        for node in schema.children:
            node.oid = f"{name}-{node.name}" if name else node.name
            # For types and widgets that ask who is there, or what the value was.
            node.bindings = {
                "request": request,
                "before": (values or {}).get(node.name),
                "form": self,
            }
        self.form = deform.Form(
            schema,
            renderer=self._renderer(),
            appstruct=drafting.merged(values or {}, self.draft, self.drafted, adds or {}),
            focus="off",
        )

    # What came

    @property
    def pressed(self) -> str:
        """The name of the button that was pressed; the first one where none was named."""
        names = [button.name for button in self.buttons]
        return next((name for name in names if name in self.request.POST), names[0])

    def validate(self) -> dict[str, Any]:
        """Return the values by field name; raise `FormInvalid`, or lead on where already done.

        Who asks for a link is led to where it is chosen; what was typed and sent is kept.

        A second click on the same button, or a page sent again, raises the redirect that the
        first one was answered with: see `communicate.web.once`.
        """
        once.check(self.request)
        self.leads = self.request.POST.get(linking.FROM) if self.attaching else None
        sent = self._sent()
        if self.drafted:
            drafting.keep_afterwards(self, sent)
        wrong = drafting.receive(self) if self.attaching else None
        if self.leads:
            raise linking.way(self, self.leads)
        try:
            found: dict[str, Any] = self.form.validate_pstruct(sent)
        except deform.ValidationFailure as failure:
            raise FormInvalid(self) from failure
        if wrong is not None:
            self.fail(self.attaching, wrong)
        return found

    def fail(self, field: str | None, message: Any) -> NoReturn:
        """Put *message* beside *field*, or on top of the form for None; raise `FormInvalid`."""
        target = self.form if field is None else self.form[field]
        target.error = colander.Invalid(target.schema, message)
        raise FormInvalid(self)

    def done(self, address: str) -> Any:
        """Return the redirect to *address*, and remember it for the same form sent again."""
        self.is_done = True
        if self.drafted:
            token = self.request.POST.get(once.FIELD, "")
            drafting.drop(self.request, self.place, token if isinstance(token, str) else "")
        return once.done(self.request, address)

    def _sent(self) -> dict[str, Any]:
        posted = self.request.POST
        found = {}
        for field in self.form.children:
            sent = field.widget.sent_in(field, posted)
            if sent is not None:
                found[field.name] = sent
        return found

    @property
    def removed(self) -> list[int]:
        """The ids of the attachments that are ticked off."""
        if self.request.method != "POST":
            return list(self.ticked)
        return numbers_in(self.request.POST.getall(drafting.REMOVED))

    # What is shown

    @property
    def attaching(self) -> str | None:
        """The name of the field by which files are attached, or None."""
        names = (field.name for field in self.fields if getattr(field.widget, "attaches", False))
        return next(names, None) if self.drafted else None

    @property
    def taking(self) -> Taking:
        """Which files it takes."""
        names = self.attaching
        given = None if names is None else getattr(self.form[names].widget, "taking", None)
        return given or usual(self.request)

    @property
    def attached(self) -> list[Any]:
        """What is attached so far."""
        if not self.attaching:
            return []
        found: list[Any] = self._attachments.written(self.place, self.holder)
        return [(each, self._attachments.name(each)) for each in found]

    @property
    def _attachments(self) -> Any:
        return self.request.find_service(IAttachments)

    def previewed(self) -> Markup:
        """Return the piece of the page that shows the preview, with what is attached."""
        html = self.preview or Markup("")
        if self.attaching:
            html = self._attachments.fill_written(html, self.place, self.holder)
        return previewed(self.request, html)

    def render(self) -> Markup:
        """Return the HTML of the form, errors on top and beside the fields."""
        html = self._renderer()("form", form=self)
        return Markup(html)  # noqa: S704  # from our template

    @property
    def fields(self) -> list[Any]:
        """The fields, in order."""
        return list(self.form.children)

    @property
    def discard(self) -> str:
        """The id of the small form that throws the draft away."""
        return f"{self.name}-discard" if self.name else "discard"

    @property
    def multipart(self) -> bool:
        """Whether a file can be sent with it."""
        return self.attaching is not None or any(field.widget.multipart for field in self.fields)

    @property
    def mark(self) -> str | None:
        """The name of the mark of a form that asks for a password: see `web.rescue`."""
        asked = any(isinstance(field.widget, PasswordWidget) for field in self.fields)
        return MARK if asked else None

    @cached_property
    def token(self) -> str:
        """What tells this form from the next one, even with the same words in it."""
        return once.new()

    @cached_property
    def csrf(self) -> Markup:
        """The hidden field that shows that the form is ours."""
        field: Markup = self.request.page.csrf()
        return field

    @property
    def message(self) -> Any:
        """What is wrong with the form as a whole, or None."""
        error = self.form.error
        return error.msg if error is not None and error.msg else None

    @property
    def errors(self) -> list[tuple[Any, list[Any]]]:
        """Each field in error with its messages."""
        return [(field, messages(field)) for field in self.fields if field.error]

    def _renderer(self) -> Any:
        page = self.page or self.request.page

        def render(template: str, **values: Any) -> Any:
            template_of = get_renderer(f"{TEMPLATES}{template}.pt")
            field = values.get("field")
            found = messages(field) if field is not None else []
            return template_of({**values, "page": page, "messages": found}, {})

        return render


def blank(
    request: Any, name: str, make: Callable[[str], Form], action: str, place: str = ""
) -> Markup:
    """Return the HTML of the form that ``make(action)`` makes, as it is before anything is typed.

    Under this *name*, it is made and rendered once in each language: see `skeletons`.  Where its
    member has a draft at *place*, the form's own, it is made anew with that.  A form with the
    audience picker shows its member's circles, and is no such form: TypeError.
    """
    place = place or action
    if drafting.of(request, place) is not None:
        return make(action).render()

    def html(marks: Mapping[str, Markup]) -> str:
        form = make(marks["action"])
        form.page = CommonPage(request.page)
        if any(isinstance(field.widget, AudienceWidget) for field in form.fields):
            raise TypeError(f"the form {name!r} has an audience: it is its member's own")
        form.csrf, form.token, form.place = marks["csrf"], marks["once"], marks["place"]
        return str(form.render())

    parts = {"action": action, "csrf": request.page.csrf(), "once": once.new(), "place": place}
    return put_in(pieces_of(request, ("form", name), html, parts), parts)


def messages(field: Any) -> list[Any]:
    """Return what is wrong with *field*, each message once."""
    if field.error is None:
        return []
    found = field.error.messages() or [
        part for child in field.error.children for part in child.messages()
    ]
    return list(dict.fromkeys(found))

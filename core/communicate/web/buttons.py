"""The buttons of forms, and the piece of a page that the button for a preview shows."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

_ = TranslationStringFactory("communicate")

PREVIEW = "preview"  # the name of the button


@dataclass(frozen=True)
class Button:
    """A submit button; the first of a form is the one that saves, and looks like it."""

    name: str
    title: Any
    style: str = ""
    icon: str = ""
    unchecked: bool = False  # the browser does not check the fields first

    def css(self, first: bool) -> str:
        """Return the classes of the button."""
        return f"btn btn-{self.style or ('primary' if first else 'plain')}"


def preview_button() -> Button:
    """Return the button that shows what was written as it will be read."""
    return Button(PREVIEW, _("Preview"))


def previewed(request: Any, html: Markup) -> Markup:
    """Return the piece of a page that shows the clean *html* as a preview."""
    made = render("communicate:templates/preview.pt", {"html": html}, request)
    return Markup(made)  # noqa: S704  # from our template

"""Our widgets: plain controls of HTML, without inline script; modules make them smoother."""

from communicate.web.widgets.base import Widget
from communicate.web.widgets.choosing import CheckboxWidget, ChoiceWidget
from communicate.web.widgets.picking import AudienceWidget
from communicate.web.widgets.sending import FileWidget
from communicate.web.widgets.writing import (
    AreaWidget,
    DateWidget,
    EditorWidget,
    HiddenWidget,
    LineWidget,
    MomentWidget,
    PasswordWidget,
)

__all__ = [
    "AreaWidget",
    "AudienceWidget",
    "CheckboxWidget",
    "ChoiceWidget",
    "DateWidget",
    "EditorWidget",
    "FileWidget",
    "HiddenWidget",
    "LineWidget",
    "MomentWidget",
    "PasswordWidget",
    "Widget",
]

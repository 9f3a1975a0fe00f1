"""Whole pages, put together from pieces: see `communicate.web.skeletons`.

A page that is opened all the time makes its content by itself.  Its template, which says what
stands in the head and puts the content into the layout, is then alike for everybody but for texts:

    return whole(request, "communicate_forums:templates/topic.pt", {"title": title, ...})

It is rendered once for each kind, with marks where the texts and the pieces of the frame will be.
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from pyramid.renderers import get_renderer, render, render_to_response

from communicate.web.page import LAYOUT
from communicate.web.skeletons import OF_A_REQUEST, CommonPage, pieces_of, text_with

FRAME = ("links", "topbar", "footer", "bottombar")  # pieces of the layout, made for a viewer
OF_THE_KIND = ("theme", "keys", "indexed", "chooses", "policy_changed")  # what the layout asks too
TEXTS = (str, Markup)


class Framed(CommonPage):
    """What the template and the layout see as `page`: marks in the place of the frame."""

    notices = ()

    def __init__(self, page: Any, given: Mapping[str, Any]) -> None:
        super().__init__(page)
        vars(self).update(given)


def whole(request: Any, template: str, values: Mapping[str, Any]) -> Any:
    """Return the answer of *request* that *template* makes of *values*.

    It is put together from pieces where all of *values* are texts, None, True or False, and
    no notice is given on top of the page; else it is rendered.  The template asks of a text
    only whether it is there.
    """
    page = request.page
    parts = {name: value for name, value in values.items() if type(value) in TEXTS and value}
    kind = {name: value for name, value in values.items() if name not in parts}
    if page.notices or not all(map(_is_plain, kind.values())):
        return render_to_response(template, dict(values), request)
    its = {name: getattr(page, name) for name in OF_THE_KIND}
    frame = {f"page.{name}": getattr(page, name) for name in FRAME}

    def make(marks: Mapping[str, Markup]) -> str:
        framed = Framed(page, its | {name: marks[f"page.{name}"] for name in FRAME})
        given = {**dict.fromkeys(OF_A_REQUEST), "layout": get_renderer(LAYOUT).implementation()}
        texts = {name: marks[name] for name in parts}
        html: str = render(template, {**given, "page": framed, **kind, **texts}, request)
        return html

    told = ("whole", template, *kind.items(), *its.items())
    response = request.response
    response.text = text_with(pieces_of(request, told, make, [*frame, *parts]), frame | parts)
    return response


def _is_plain(value: Any) -> bool:
    """Tell whether *value* may be part of a kind."""
    return value is None or type(value) is bool or (type(value) in TEXTS and not value)

"""Our own texts in Markdown, one file for each language, and the mark in the browser's tab."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup
from pyramid.response import Response
from pyramid.view import view_config

from communicate.content import Site
from communicate.permissions import OPEN
from communicate.web.i18n import SOURCE
from communicate.web.markdown import parser


@lru_cache(32)
def page_html(name: str, language: str) -> Markup:
    """Return the HTML of our own page *name*, in English where *language* has none."""
    folder = files("communicate").joinpath("pages")
    path = folder.joinpath(language, f"{name}.md")
    if not path.is_file():
        path = folder.joinpath(SOURCE, f"{name}.md")
    return markdown_html(path.read_text(encoding="utf-8"))


def markdown_html(text: str) -> Markup:
    """Return the HTML of *text*, which core or a plugin brings; its headings begin with h2."""
    return Markup(parser(heading=1, breaks=False).render(text))  # noqa: S704  # the package's own


@view_config(context=Site, name="favicon.ico", permission=OPEN)
@view_config(context=Site, name="favicon.svg", permission=OPEN)
def favicon(context: Any, request: Any) -> Response:
    """Serve the mark for browsers that ask for it by itself."""
    content = files("communicate").joinpath("static", "favicon.svg").read_bytes()
    return Response(content, content_type="image/svg+xml")

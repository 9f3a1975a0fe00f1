"""Pages of text in Markdown, one file for each language: privacy, cookies, terms, help."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.response import Response
from pyramid.view import view_config

from communicate.content import Site
from communicate.interfaces import IPlugins
from communicate.permissions import OPEN
from communicate.web.i18n import SOURCE
from communicate.web.markdown import parser

_ = TranslationStringFactory("communicate")

TEMPLATE = "communicate:templates/text.pt"
VERSION = "1"
TITLES = {
    "privacy": _("Privacy"),
    "cookies": _("Cookies"),
    "terms": _("Terms"),
    "help": _("Help"),
}


@lru_cache(32)
def page_html(name: str, language: str) -> Markup:
    """Return the HTML of our own page *name*, in English where *language* has none."""
    folder = files("communicate").joinpath("pages")
    path = folder.joinpath(language, f"{name}.md")
    if not path.is_file():
        path = folder.joinpath(SOURCE, f"{name}.md")
    text = path.read_text(encoding="utf-8")
    return Markup(parser(heading=1, breaks=False).render(text))  # noqa: S704  # ours, from the package


def show(name: str, request: Any) -> dict[str, Any]:
    """Return what the template needs to show the page *name*."""
    return {
        "title": TITLES[name],
        "text": page_html(name, request.locale_name),
        "version": VERSION,
    }


@view_config(context=Site, name="privacy", permission=OPEN, renderer=TEMPLATE)
def privacy(context: Any, request: Any) -> dict[str, Any]:
    """Show what is held about people, and why."""
    return show("privacy", request)


@view_config(
    context=Site,
    name="cookies",
    permission=OPEN,
    renderer="communicate:templates/cookies.pt",
)
def cookies(context: Any, request: Any) -> dict[str, Any]:
    """Show each cookie that core or a plugin declares, and its life."""
    declared = request.registry.getUtility(IPlugins).gather("communicate_cookies")
    return {**show("cookies", request), "cookies": declared}


@view_config(context=Site, name="terms", permission=OPEN, renderer=TEMPLATE)
def terms(context: Any, request: Any) -> dict[str, Any]:
    """Show what members agree to."""
    return show("terms", request)


@view_config(context=Site, name="help", permission=OPEN, renderer=TEMPLATE)
def help_page(context: Any, request: Any) -> dict[str, Any]:
    """Show how things work here."""
    return show("help", request)


@view_config(context=Site, name="favicon.ico", permission=OPEN)
@view_config(context=Site, name="favicon.svg", permission=OPEN)
def favicon(context: Any, request: Any) -> Response:
    """Serve the mark for browsers that ask for it by itself."""
    content = files("communicate").joinpath("static", "favicon.svg").read_bytes()
    return Response(content, content_type="image/svg+xml")

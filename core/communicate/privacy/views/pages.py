"""``/privacy``, ``/cookies``, ``/terms`` and ``/help``: written by the site, read by everyone."""

from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.view import view_config

from communicate.accounts.consent import TERMS
from communicate.content import Site
from communicate.permissions import OPEN
from communicate.privacy import inventory, telling, versions
from communicate.web.i18n import SOURCE
from communicate.web.pages import markdown_html, page_html

_ = TranslationStringFactory("communicate")

TEXT = "communicate:templates/text.pt"
TEMPLATES = "communicate:templates/privacy/"
SECTIONS = (
    ("operator", _("Who runs the site")),
    ("short", _("In short")),
    ("data", _("Data, service by service")),
    ("recipients", _("To whom the site speaks")),
    ("consents", _("What waits for your consent")),
    ("deleting", _("When you delete")),
    ("protection", _("How it is protected")),
    ("rights", _("Your rights")),
)


def text_of(request: Any, name: str) -> Any:
    """Return our own text *name* in the language of *request*, as HTML."""
    return page_html(name, request.locale_name)


def show(request: Any, name: str, title: Any, **more: Any) -> dict[str, Any]:
    """Return what a page shows that is one text."""
    return {"title": title, "text": text_of(request, name), "version": "", **more}


@view_config(context=Site, name="privacy", permission=OPEN, renderer=f"{TEMPLATES}privacy.pt")
def privacy(_context: Any, request: Any) -> dict[str, Any]:
    """Show what is kept of people and why, who receives it, and for how long it stays."""
    found = inventory.services(request.registry)
    purposes = [(service.name, purpose) for service in found for purpose in service.purposes]
    return {
        "title": _("What this site keeps, and why"),
        "sections": SECTIONS,
        "operator": telling.operator(request),
        "services": telling.services(request, found),
        "parties": telling.parties(request, found),
        "purposes": purposes,
        "horizons": telling.horizons(request),
        "postgresql": telling.is_postgresql(request.registry.settings),
        "encrypted": str(request.registry.settings["communicate.url"]).startswith("https:"),
        "texts": {
            name: text_of(request, f"privacy-{name}") for name in ("short", "protection", "rights")
        },
        "present": versions.present(request.registry),
    }


@view_config(context=Site, name="cookies", permission=OPEN, renderer=f"{TEMPLATES}cookies.pt")
def cookies(_context: Any, request: Any) -> dict[str, Any]:
    """Show each cookie that core or a plugin declares, and its life."""
    found = [
        (service.name, cookie)
        for service in inventory.services(request.registry)
        for cookie in service.cookies
    ]
    more = {"cookies": found, "present": versions.present(request.registry)}
    return show(request, "cookies", _("Cookies"), **more)


@view_config(context=Site, name="terms", permission=OPEN, renderer=TEXT)
def terms(_context: Any, request: Any) -> dict[str, Any]:
    """Show what members agree to, and with whom."""
    more = {"operator": telling.operator(request)}
    agreed = render(f"{TEMPLATES}parties.pt", more, request)
    text = text_of(request, "terms") + Markup(agreed)  # noqa: S704  # escaped by its template
    return {"title": _("Terms"), "text": text, "version": TERMS}


@view_config(context=Site, name="help", permission=OPEN, renderer=f"{TEMPLATES}help.pt")
def help_page(_context: Any, request: Any) -> dict[str, Any]:
    """Show how things work here, and the pages of help about each service."""
    if request.subpath:
        raise HTTPNotFound
    return show(request, "help", _("Help"), pages=telling.help_pages(request.registry).values())


@view_config(route_name="help.page", permission=OPEN, request_method="GET", renderer=TEXT)
def help_about(request: Any) -> dict[str, Any]:
    """Show one page of help, in English where the language of the page has none."""
    found = telling.help_pages(request.registry).get(request.matchdict["name"])
    if found is None:
        raise HTTPNotFound
    _plugin, page = found
    text = page.text.get(request.locale_name) or page.text.get(SOURCE, "")
    return {"title": page.title, "text": markdown_html(text), "version": ""}

"""What every template is given: `layout`, and `page`, the helper of this request."""

import time
from functools import cached_property
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape
from pyramid.config import Configurator
from pyramid.csrf import get_csrf_token
from pyramid.events import BeforeRender
from pyramid.renderers import get_renderer

from communicate.interfaces import IAudiences, IContacts, INotifications
from communicate.permissions import OPERATE
from communicate.principals import MODERATORS, PUBLIC
from communicate.privacy.versions import is_asked
from communicate.reports.interfaces import IReports
from communicate.web import frame, marks
from communicate.web.figures import Figures
from communicate.web.i18n import LANGUAGES
from communicate.web.menu import Entry, services
from communicate.web.notices import Notice, alerts, take
from communicate.web.people import People
from communicate.web.skeletons import as_is
from communicate.web.static import address
from communicate.web.visible import named

LAYOUT = "communicate:templates/layout.pt"
THEMES = ("light", "dark")
SAFE_IN_PATH = "/:@!$&'()*+,;=~-._"


class Page(People, Figures):
    """The helper of one request; what it finds out, it finds out once.

    A *bare* page asks neither the session nor the tree: it is what an error page uses when they
    do not answer.
    """

    indexed = False  # whether search engines may keep this page: see `communicate.web.indexing`

    def __init__(self, request: Any, *, bare: bool = False) -> None:
        self.request = request
        self.bare = bare
        self.settings = request.registry.settings
        self.site_name: str = self.settings.get("communicate.name", "2 Communicate")
        self.chooses = False  # whether it has a button that needs the form of the layout
        self._people = {}
        self._pictures = {}

    @cached_property
    def member(self) -> Any:
        """The signed-in member, or None."""
        return None if self.bare else self.request.member

    @cached_property
    def login(self) -> str:
        """The login of the signed-in member, empty for a stranger."""
        return "" if self.member is None else self.login_of(self.member.uid) or ""

    @cached_property
    def language(self) -> str:
        """The language of this page: fr or en."""
        return str(self.request.locale_name)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The other languages, each with its own name for itself."""
        return [(code, name) for code, name in LANGUAGES.items() if code != self.language]

    @cached_property
    def theme(self) -> str | None:
        """The member's choice of light or dark; None leaves it to the system."""
        chosen = getattr(self.member, "appearance", None)
        return chosen if chosen in THEMES else None

    @cached_property
    def keys(self) -> str | None:
        """What the page says of shortcuts of a single key: "off", where the member has none."""
        return "off" if getattr(self.member, "keys", None) == "off" else None

    @cached_property
    def here(self) -> str:
        """The address of this page, path and query, to come back to after a small form."""
        try:
            query = self.request.query_string if self.request.method == "GET" else ""
            path = quote(self.request.path_info, safe=SAFE_IN_PATH)
        except UnicodeDecodeError:
            return "/"
        return f"{path}?{query}" if query else path

    @cached_property
    def menu(self) -> list[Entry]:
        """The services that the viewer may open, the current one marked."""
        return [] if self.bare else services(self.request)

    @cached_property
    def searches(self) -> bool:
        """Whether the page has a search box: there is something that the viewer could find."""
        return not self.bare and PUBLIC in self.request.viewer

    @cached_property
    def version(self) -> str:
        """The version of the software, for operators; empty for everybody else."""
        if self.member is None or not self.request.has_permission(OPERATE, self.request.site):
            return ""
        return marks.software_version()

    @property
    def is_operator(self) -> bool:
        """Whether the viewer operates the site."""
        return bool(self.version)

    @cached_property
    def joining(self) -> bool:
        """Whether strangers may join by themselves."""
        return bool(self.settings.get("communicate.joining", "open") == "open")

    @cached_property
    def notices(self) -> list[Notice]:
        """What the last action has to say, taken once."""
        return [] if self.bare else [*take(self.request), *alerts(self.request)]

    @cached_property
    def unread(self) -> int:
        """How many notices the member has not read."""
        if self.member is None:
            return 0
        return int(self.request.find_service(INotifications).unread(self.member.uid))

    @cached_property
    def live(self) -> str:
        """When this page is made, in milliseconds, where it may wait for news; else empty."""
        if self.member is None or not self.request.registry.communicate_live.listens:
            return ""
        return str(time.time_ns() // 1_000_000)

    @cached_property
    def asked(self) -> int:
        """How many requests to be a contact the member has yet to answer."""
        if self.member is None:
            return 0
        count: int = self.request.find_service(IContacts).waiting(self.member.uid)
        return count

    @cached_property
    def is_moderator(self) -> bool:
        """Whether the viewer decides about reports."""
        return self.member is not None and MODERATORS in self.request.viewer

    @cached_property
    def reports(self) -> int:
        """How many reports wait for the viewer to decide."""
        return int(self.request.find_service(IReports).waiting()) if self.is_moderator else 0

    @property
    def policy_changed(self) -> bool:
        """Whether the member is asked to read what the site now does with data."""
        if self.member is None or self.here.startswith("/privacy/changes"):
            return False
        return is_asked(self.request.registry, self.member)

    # Addresses

    def url(self, target: Any, *elements: str, **query: Any) -> str:
        """Return the relative address of *target*, thing or path, and of *elements* below it."""
        if isinstance(target, str):
            path = "/".join((target.rstrip("/"), *map(quote_element, elements)))
            path = path or "/"
        else:
            path = self.request.resource_path(target, *elements)
            path = path if elements or path == "/" else path.rstrip("/")
        words = {name: value for name, value in query.items() if value is not None}
        tail = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in words.items())
        return f"{path}?{tail}" if tail else path

    def static(self, spec: str) -> str:
        """Return the address of a static file such as ``communicate:static/site.css``."""
        return address(self.request, spec)

    # Pieces of HTML

    def csrf(self) -> Markup:
        """Return the hidden field that every form needs."""
        return self._csrf

    @property
    def links(self) -> Markup:
        """What every page loads."""
        return frame.links(self)

    @property
    def topbar(self) -> Markup:
        """The bar on top of the page."""
        return frame.topbar(self)

    @property
    def footer(self) -> Markup:
        """The foot of the page."""
        return frame.footer(self)

    @property
    def bottombar(self) -> Markup:
        """The bar at the bottom of a phone."""
        return frame.bottombar(self)

    @cached_property
    def _csrf(self) -> Markup:
        if self.bare:
            return Markup("")
        token = escape(get_csrf_token(self.request))
        return as_is(f'<input type="hidden" name="csrf_token" value="{token}">')

    def icon(self, name: str) -> Markup:
        """Return the icon *name* of Bootstrap Icons, hidden from screen readers."""
        return marks.icon(name)

    def badge(self, thing: Any) -> Markup:
        """Return who may read *thing*, a content object or an `Audience`, as the site lets it."""
        shown = self.audiences.effective(thing)
        return marks.badge(shown.level, self.request.localizer)

    def audience_button(self, thing: Any) -> Markup:
        """Return the badge of *thing*; for its owner, a button that leads to the picker."""
        if not self.audiences.offers(thing):
            return self.badge(thing)
        shown = self.audiences.effective(thing)
        label = named(self.request, shown) or self.say(marks.AUDIENCES[shown.level][1])
        address = self.url(thing, "audience")
        self.chooses = True
        return marks.audience_button(
            shown.level, label, address, self.here, self.request.localizer
        )

    @cached_property
    def audiences(self) -> Any:
        """The service that knows who may read what."""
        return self.request.find_service(IAudiences)

    def pager(self, newer: str | None = None, older: str | None = None) -> Markup:
        """Return links to the page before and the page after; empty where there is neither."""
        return marks.pager(newer, older, self.request.localizer)


def quote_element(element: str) -> str:
    """Return *element* as one element of a path."""
    return quote(str(element), safe=SAFE_IN_PATH.replace("/", ""))


def page_of(request: Any) -> Page:
    """Return the page of *request*, which lets go of it when it ends: each refers to the other."""
    request.add_finished_callback(lambda request: request.__dict__.pop("page", None))
    return Page(request)


def add_globals(event: BeforeRender) -> None:
    """Give `layout` and `page` to the template that is about to be rendered."""
    request = event.get("request")
    if request is None or "page" in event:
        return
    event["layout"] = get_renderer(LAYOUT).implementation()
    event["page"] = request.page


def includeme(config: Configurator) -> None:
    """Install ``request.page`` and the globals of templates."""
    config.registry.communicate_formats = {}
    config.add_request_method(page_of, "page", reify=True)
    config.add_subscriber(add_globals, BeforeRender)

"""What the pages about privacy say, made ready for their templates."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from babel import Locale
from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory

from communicate.declarations import PersonalData, Recipient
from communicate.interfaces import IPlugins
from communicate.privacy import inventory
from communicate.privacy.inventory import Service
from communicate.settings.operator import PREFIX, Provider, stated
from communicate.web import marks

_ = TranslationStringFactory("communicate")

COUNTRY = 2  # letters of a code such as FR


class Kind(NamedTuple):
    """A row of the table of data."""

    what: str
    why: str
    badge: Markup
    kept: str


class Party(NamedTuple):
    """A row of the table of those to whom something goes."""

    service: str
    who: str
    fields: str
    why: str


class Told(NamedTuple):
    """A service, with the rows of its table."""

    name: str
    title: str
    lead: str
    kinds: list[Kind]


class Operator(NamedTuple):
    """What the operator says, in the language of the page."""

    identity: str
    contact: str
    link: str
    providers: list[Provider]
    sites: list[str]
    measures: list[str]
    authority: str


def services(request: Any, found: Iterable[Service]) -> list[Told]:
    """Return each of the services *found* that keeps anything, with its rows."""
    say = request.page.say
    return [
        Told(each.name, say(each.title), say(each.lead), [kind(request, one) for one in each.data])
        for each in found
        if each.data
    ]


def kind(request: Any, declared: PersonalData) -> Kind:
    """Return the row of one kind of data; who sees it is as narrow as the site is."""
    settings, say = request.registry.settings, request.page.say
    level = declared.audience
    if level == "public" and settings["communicate.widest_audience"] == "members":
        level = "members"
    badge = marks.badge(level, request.localizer)
    return Kind(say(declared.what), say(declared.why), badge, say(declared.kept(settings)))


def parties(request: Any, found: Iterable[Service]) -> list[Party]:
    """Return the row of each outside party that one of the services *found* declares."""
    return [party(request, each.name, one) for each in found for one in each.recipients]


def party(request: Any, service: str, declared: Recipient) -> Party:
    """Return the row of one outside party."""
    page = request.page
    fields = [page.say(inventory.field_words(declared, name)) for name in declared.fields]
    return Party(service, page.say(declared.who), page.list(fields), page.say(declared.why))


def operator(request: Any) -> Operator:
    """Return what the operator says."""
    settings, language = request.registry.settings, request.locale_name

    def said(name: str) -> Any:
        return stated(settings, name, language)

    contact = settings[f"{PREFIX}contact"]
    return Operator(
        said("identity"),
        contact,
        contact if contact.startswith("https:") else f"mailto:{contact}",
        [one._replace(country=country(one.country, language)) for one in said("providers")],
        said("sites"),
        said("measures"),
        said("authority"),
    )


def country(said: str, language: str) -> str:
    """Return the name of the country *said*, which may be a code of two letters."""
    if len(said) == COUNTRY and said.isupper():
        return str(Locale.parse(language).territories.get(said, said))
    return said


def horizons(request: Any) -> dict[str, str]:
    """Return how long what was deleted may lie in files and in backups, in words."""
    settings, page = request.registry.settings, request.page
    days = settings[f"{PREFIX}backup_days"]
    packed = timedelta(days=settings["communicate.pack_days"] + 1)
    return {
        "files": page.span(packed) if packed.days > 1 else page.say(_("24 hours")),
        "backups": page.span(timedelta(days=days)) if days else "",
    }


def is_postgresql(settings: Any) -> bool:
    """Tell whether a store of the site lies in PostgreSQL, which keeps a log of its own."""
    names = ("database", "catalog", "keyring")
    return any(
        urlsplit(settings[f"communicate.{name}"]).scheme.startswith("postgres") for name in names
    )


def help_pages(registry: Any) -> dict[str, tuple[str, Any]]:
    """Return the pages of help by name, each with whose it is; the first of a name counts."""
    found: dict[str, tuple[str, Any]] = {}
    for plugin, answer in registry.getUtility(IPlugins).duty("communicate_help"):
        for page in inventory.told(answer):
            found.setdefault(page.name, (plugin, page))
    return found

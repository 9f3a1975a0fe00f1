"""Languages: which one a request speaks, and the translations of every package.

The msgids are English; French is in ``locale/fr/LC_MESSAGES/<domain>.po`` of each package.  The
catalogs are read from these files when the application starts: there is no compiled file that
could be missing from a wheel, stale in development, or unwritable on a server.
"""

import gettext
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from pyramid.config import Configurator
from pyramid.i18n import Localizer, Translations, TranslationString
from pyramid.interfaces import ILocalizer
from pyramid.threadlocal import get_current_request
from pyramid_chameleon.interfaces import IChameleonTranslate
from translationstring import ChameleonTranslate

LANGUAGES = {"fr": "Français", "en": "English"}
SOURCE = "en"
COOKIE = "lang"
# Packages of others that speak to members: their catalogs come compiled.
FOREIGN = ("colander",)


class Plural(NamedTuple):
    """A sentence with a count: for one, for many, and the domain that translates it."""

    one: str
    many: str
    domain: str

    def say(self, localizer: Localizer, n: int, shown: str) -> str:
        """Return the sentence for *n*, with ``${n}`` as *shown*."""
        return str(
            localizer.pluralize(self.one, self.many, n, domain=self.domain, mapping={"n": shown})
        )


class PluralFactory:
    """Makes the `Plural` sentences of one domain; call it ``_n``, as extraction expects."""

    def __init__(self, domain: str) -> None:
        self.domain = domain

    def __call__(self, one: str, many: str) -> Plural:
        """Return the sentence that says *one* for one and *many* for more."""
        return Plural(one, many, self.domain)


def negotiate(request: Any) -> str:
    """Return the language of *request*: its cookie's, the member's, or the site's."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    chosen = getattr(_member(request), "language", None)
    if chosen in LANGUAGES:
        return str(chosen)
    return str(request.registry.settings.get("communicate.language", "fr"))


def _member(request: Any) -> Any:
    try:
        return request.member
    except Exception:  # an error page must have a language, whatever failed
        return None


def catalogs(package: str, language: str) -> Iterator[Path]:
    """Yield the files of translations of *package* into *language*."""
    folder = Path(str(files(import_module(package)))) / "locale" / language / "LC_MESSAGES"
    yield from sorted(folder.glob("*.po"))


def compiled(path: Path, language: str) -> Translations:
    """Return the translations of one ``.po`` file, its domain being the name of the file."""
    found = binary(path, language, path.stat().st_mtime_ns)
    return Translations(BytesIO(found), domain=path.stem)


@lru_cache(64)
def binary(path: Path, language: str, changed: int) -> bytes:
    """Return the ``.mo`` file of the ``.po`` file at *path*, read once until it has *changed*."""
    with path.open("rb") as source:
        catalog = read_po(source, locale=language, domain=path.stem)
    target = BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def foreign(language: str) -> Iterator[Translations]:
    """Yield the compiled translations that other packages bring for *language*."""
    for package in FOREIGN:
        folder = Path(str(files(import_module(package)))) / "locale"
        path = folder / language / "LC_MESSAGES" / f"{package}.mo"
        if path.is_file():
            with path.open("rb") as source:
                yield Translations(source, domain=package)


def add_translations(config: Configurator, package: str) -> None:
    """Teach every language what *package* brings."""
    for language in LANGUAGES:
        localizer = config.registry.getUtility(ILocalizer, name=language)
        for path in catalogs(package, language):
            localizer.translations.add(compiled(path, language))


def translate(message: TranslationString) -> Any:
    """Return *message* in the language of the request that is being answered.

    What comes back is passed on as it is: Chameleon compares it by identity.
    """
    request = get_current_request()
    return message.interpolate() if request is None else request.localizer.translate(message)


_spoken = ChameleonTranslate(translate)
MOST_KNOWN = 4096  # sentences remembered for each language


def spoken(message: Any, domain: str | None = None, mapping: Any = None, **named: Any) -> Any:
    """Return *message* for a template; a sentence without parts is looked up once a language."""
    request = get_current_request()
    if request is None or mapping or type(message) is not str:
        return _spoken(message, domain, mapping, **named)
    known: dict[Any, Any] = request.localizer.__dict__.setdefault("known", {})
    key = (message, domain, named.get("default"))
    if key not in known:
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[key] = _spoken(message, domain, mapping, **named)
    return known[key]


def includeme(config: Configurator) -> None:
    """Install the negotiation, the localizers of all languages, and core's translations."""
    config.set_locale_negotiator(negotiate)
    config.registry.registerUtility(spoken, IChameleonTranslate)
    config.add_directive("add_translations", add_translations)
    for language in LANGUAGES:
        translations = Translations()
        translations._catalog = {}  # what none of the packages translates stays as it is
        translations.plural = gettext.c2py("n > 1" if language == "fr" else "n != 1")
        for extra in foreign(language):
            translations.add(extra)
        config.registry.registerUtility(
            Localizer(language, translations), ILocalizer, name=language
        )
    add_translations(config, "communicate")

"""What the pages about privacy say, as plain data: to be kept, and compared with another time.

A piece is one thing said: a kind of data, a recipient, a cookie, a purpose, or a statement of the
operator.  Its words are kept in every language, because catalogs change; what is compared is the
English ones, so that a better translation is no new version.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from babel.units import format_unit
from pyramid.interfaces import ILocalizer

from communicate.privacy import inventory
from communicate.privacy.inventory import Service
from communicate.settings.operator import PREFIX, STATED, stated
from communicate.web.i18n import LANGUAGES, SOURCE

Piece = dict[str, Any]
DATA, RECIPIENT, COOKIE, PURPOSE, OPERATOR = "data", "recipient", "cookie", "purpose", "operator"


def pieces(registry: Any) -> dict[str, Piece]:
    """Return every piece of the policy of the site of *registry*, by name."""
    found: dict[str, Piece] = {}
    for service in inventory.services(registry):
        found.update(of_service(registry, service))
    found.update(of_operator(registry.settings))
    return found


def of_service(registry: Any, service: Service) -> Iterator[tuple[str, Piece]]:
    """Yield name and piece of all that *service* declares."""
    settings = registry.settings
    for kind in service.data:
        words: dict[str, Any] = {"what": kind.what, "why": kind.why, "kept": kind.kept(settings)}
        yield f"{DATA}:{kind.kind}", piece(registry, DATA, service, words, audience=kind.audience)
    for party in service.recipients:
        names = [inventory.field_words(party, name) for name in party.fields]
        words = {"what": party.who, "why": party.why, "fields": names}
        yield f"{RECIPIENT}:{party.name}", piece(registry, RECIPIENT, service, words)
    for cookie in service.cookies:
        life = None if cookie.life is None else int(cookie.life.total_seconds())
        words = {"what": cookie.name, "why": cookie.purpose}
        yield f"{COOKIE}:{cookie.name}", piece(registry, COOKIE, service, words, life=life)
    for purpose in service.purposes:
        words = {"what": purpose.title, "why": purpose.text}
        yield f"{PURPOSE}:{purpose.name}", piece(registry, PURPOSE, service, words)


def piece(
    registry: Any, sort: str, service: Service, words: Mapping[str, Any], **more: Any
) -> Piece:
    """Return a piece of that *sort* with its *words* in every language."""
    said = {
        language: {name: say(registry, language, text) for name, text in words.items()}
        | {"service": say(registry, language, service.title)}
        for language in LANGUAGES
    }
    return {"sort": sort, "words": said, **more}


def say(registry: Any, language: str, text: Any) -> Any:
    """Return *text*, or each of a list of them, in *language*."""
    localizer = registry.getUtility(ILocalizer, name=language)
    if isinstance(text, list):
        return [str(localizer.translate(each)) for each in text]
    return str(localizer.translate(text))


def of_operator(settings: Mapping[str, Any]) -> Iterator[tuple[str, Piece]]:
    """Yield name and piece of each statement that the operator makes."""
    for name, *_rest in STATED:
        said = {language: plain(stated(settings, name, language)) for language in LANGUAGES}
        if any(said.values()):
            words = {language: {"what": value} for language, value in said.items()}
            yield f"{OPERATOR}:{name}", {"sort": OPERATOR, "words": words}
    contact, backups = settings[f"{PREFIX}contact"], settings[f"{PREFIX}backup_days"]
    if contact:
        words = {language: {"what": contact} for language in LANGUAGES}
        yield f"{OPERATOR}:contact", {"sort": OPERATOR, "words": words}
    days = {"backup_days": backups, "pack_days": settings["communicate.pack_days"] + 1}
    for name, count in days.items():
        if count:
            words = {language: {"what": days_in(language, count)} for language in LANGUAGES}
            yield f"{OPERATOR}:{name}", {"sort": OPERATOR, "words": words}


def days_in(language: str, count: int) -> str:
    """Return that many days in words."""
    return str(format_unit(count, "duration-day", locale=language))


def plain(value: Any) -> Any:
    """Return *value* as builtins: a provider as one line."""
    return (
        [" – ".join(one) if isinstance(one, tuple) else one for one in value]
        if isinstance(value, list)
        else value
    )


def essence(piece: Piece) -> Piece:
    """Return what of *piece* is compared."""
    return {**piece, "words": piece["words"][SOURCE]}


def same(one: Mapping[str, Piece], other: Mapping[str, Piece]) -> bool:
    """Tell whether both say the same."""
    return one.keys() == other.keys() and all(essence(one[k]) == essence(other[k]) for k in one)

"""What the site keeps of people, service by service, as core and the enabled plugins declare it.

Core's own kinds are many: they are told under a few headings, each with the packages it tells of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate import duties
from communicate.declarations import Cookie, PersonalData, Purpose, Recipient, Text
from communicate.interfaces import IPlugins
from communicate.plugins import CORE

_ = TranslationStringFactory("communicate")

# Name, title, what is said first, and the packages of core that it tells of.
HEADINGS: tuple[tuple[str, Text, Text, tuple[str, ...]], ...] = (
    (
        "account",
        _("Your account"),
        _("What lets you sign in, and keeps others from doing it in your place."),
        ("accounts", "factors", "privacy", "mydata", "disclosure"),
    ),
    (
        "space",
        _("Your space"),
        _("It is empty until you put something in, and each element says who sees it."),
        ("profile",),
    ),
    (
        "contacts",
        _("Your contacts"),
        _("People whom you know here; each of you has agreed to it."),
        ("contacts",),
    ),
    ("notices", _("What you are told"), "", ("notifications",)),
    (
        "moderation",
        _("Reports, moderation and help"),
        _("Only when somebody reports something, or asks for help."),
        ("reports", "cases"),
    ),
)
REST = (
    "site",
    _("What the site needs in order to work"),
    _("None of this is for people to look at: it makes search, mail and deleting work."),
)
HOOKS = {
    "data": "communicate_personal_data",
    "recipients": "communicate_recipients",
    "cookies": "communicate_cookies",
    "purposes": "communicate_purposes",
}
FIELDS: Mapping[str, Text] = {
    "address": _("your e-mail address"),
    "subject": _("the subject"),
    "text": _("the text"),
    "login": _("your login"),
    "name": _("your name"),
    "number": _("the telephone number"),
}


@dataclass(frozen=True)
class Service:
    """What one service, a plugin or a heading of core, declares; *plugin* is whose it is."""

    name: str
    plugin: str
    title: Text
    lead: Text = ""
    data: tuple[PersonalData, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    purposes: tuple[Purpose, ...] = ()


def services(registry: Any) -> list[Service]:
    """Return every service that declares anything: what members use first, the inner works last.

    A plugin that fails to answer is logged and left out; the kit tells its author.
    """
    plugins = registry.getUtility(IPlugins)
    found = {part: dict(plugins.duty(hook)) for part, hook in HOOKS.items()}
    *headings, rest = core_services(
        {part: found[part][CORE] for part in ("recipients", "cookies", "purposes")}
    )
    own = [
        of_plugin(plugins, name, {part: found[part][name] for part in HOOKS})
        for name in plugins.enabled
    ]
    return [service for service in (*headings, *own, rest) if declares(service)]


def declares(service: Service) -> bool:
    """Tell whether *service* has anything to say."""
    return any((service.data, service.recipients, service.cookies, service.purposes))


def core_services(declared: Mapping[str, Any]) -> Iterator[Service]:
    """Yield core's headings, and last what is told under none of them."""
    by_package = duties.by_package("personal_data")
    for name, title, lead, packages in HEADINGS:
        kinds = [kind for package in packages for kind in by_package.pop(package, ())]
        yield Service(name, CORE, title, lead, tuple(kinds))
    left = [kind for kinds in by_package.values() for kind in kinds]
    parts: dict[str, Any] = {part: told(answer) for part, answer in declared.items()}
    yield Service(*(REST[0], CORE, *REST[1:]), data=tuple(left), **parts)


def of_plugin(plugins: Any, name: str, declared: Mapping[str, Any]) -> Service:
    """Return what the plugin *name* declares, under the title of what it hangs into the site."""
    parts: dict[str, Any] = {part: told(answer) for part, answer in declared.items()}
    return Service(name, name, title_of(plugins, name), **parts)


def told(answer: Any) -> tuple[Any, ...]:
    """Return what a hook answered; nothing where it failed."""
    return () if answer is None or isinstance(answer, Exception) else tuple(answer)


def title_of(plugins: Any, name: str) -> Text:
    """Return what members call the plugin *name*."""
    try:
        mounts = plugins.call(name, "communicate_mounts") or ()
    except Exception:  # it is logged where it matters
        mounts = ()
    return next((mount.title for mount in mounts), name)


def field_words(recipient: Recipient, name: str) -> Text:
    """Return what members call the field *name* that goes to *recipient*."""
    return recipient.words.get(name) or FIELDS.get(name) or name

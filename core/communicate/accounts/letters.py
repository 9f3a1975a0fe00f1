"""The mails that accounts send: short, in the reader's language, without a member's words."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pyramid.i18n import Localizer, TranslationStringFactory
from pyramid.interfaces import ILocalizer

from communicate.interfaces import IMailer, IMembers

_ = TranslationStringFactory("communicate")


class Letter(NamedTuple):
    """The subject and the text of a mail; ``${site}``, ``${login}``, ``${link}`` are filled in."""

    subject: Any
    text: Any


LETTERS: Mapping[str, Letter] = {
    "join": Letter(
        _("Confirm your account on ${site}"),
        _(
            "mail-join",
            default="Hello,\n\nsomebody, most likely you, asked for the account ${login} on "
            "${site} with this address.\n\nConfirm it within two days:\n${link}\n\n"
            "If it was not you, do nothing: no account is made.\n",
        ),
    ),
    "exists": Letter(
        _("You have an account on ${site}"),
        _(
            "mail-exists",
            default="Hello,\n\nsomebody, most likely you, asked for a new account on ${site} with "
            "this address. You have one already: ${login}.\n\nSign in, or choose a new password:\n"
            "${link}\n\nIf it was not you, do nothing: nothing has changed.\n",
        ),
    ),
    "invitation": Letter(
        _("You are invited to ${site}"),
        _(
            "mail-invitation",
            default="Hello,\n\nyou are invited to ${site}. Choose your login and your password "
            "within two weeks:\n${link}\n\nIf you do not want to, do nothing.\n",
        ),
    ),
    "reset": Letter(
        _("Choose a new password for ${site}"),
        _(
            "mail-reset",
            default="Hello ${login},\n\nsomebody, most likely you, asked for a new password on "
            "${site}. Choose it within an hour:\n${link}\n\n"
            "If it was not you, do nothing: your password stays as it is.\n",
        ),
    ),
    "changed": Letter(
        _("Your password on ${site} has changed"),
        _(
            "mail-changed",
            default="Hello ${login},\n\nyour password on ${site} was changed, and every other "
            "session was ended.\n\nIf it was not you, choose a new password at once:\n${link}\n",
        ),
    ),
    "address": Letter(
        _("Confirm your new address on ${site}"),
        _(
            "mail-address",
            default="Hello ${login},\n\nconfirm within a day that ${site} may write to you here:\n"
            "${link}\n\nIf you did not ask for it, do nothing.\n",
        ),
    ),
    "moved": Letter(
        _("Your address on ${site} has changed"),
        _(
            "mail-moved",
            default="Hello ${login},\n\n${site} writes to another address from now on. This one "
            "is forgotten.\n\nIf it was not you, write to those who operate the site at once.\n",
        ),
    ),
    "replayed": Letter(
        _("Your kept session on ${site} was ended"),
        _(
            "mail-replayed",
            default="Hello ${login},\n\nwhat kept you signed in on ${site} was used from two "
            "places. A copy of the cookie may be in other hands, so it was ended, with its "
            "sessions.\n\nIf that was not you, choose a new password:\n${link}\n",
        ),
    ),
}


def localizer(registry: Any, language: str | None) -> Localizer:
    """Return the localizer of *language*, or of the site's."""
    found = registry.queryUtility(ILocalizer, name=language or "")
    site = registry.settings.get("communicate.language", "fr")
    return found or registry.getUtility(ILocalizer, name=site)


def send(
    request: Any, name: str, member: Any, link: str = "/reset", to: str | None = None
) -> None:
    """Queue the letter *name* to *member*, or about *member* to the address *to*."""
    address = to or request.find_service(IMembers).address_of(member)
    if address:
        words = {"login": member.login, "link": link}
        write(request, name, address, member.language, words, owner=member.uid)


def write(
    request: Any,
    name: str | Letter,
    to: str,
    language: str | None,
    words: Mapping[str, str],
    *,
    owner: int | None = None,
) -> None:
    """Queue a letter to the address *to*; the word ``link`` is a path of this site.

    *name* is that of a letter above, or a letter that another package brings.
    """
    settings = request.registry.settings
    mapping = {**words, "site": settings["communicate.name"]}
    if "link" in mapping:
        mapping["link"] = f"{settings['communicate.url']}{mapping['link']}"
    translate = localizer(request.registry, language).translate
    letter = name if isinstance(name, Letter) else LETTERS[name]
    request.find_service(IMailer).queue(
        to,
        translate(letter.subject, mapping=mapping),
        translate(letter.text, mapping=mapping),
        owner=owner,
    )

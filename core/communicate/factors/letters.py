"""The mails about second factors and app passwords: what changed, and what to do if unasked."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.letters import Letter, localizer, write
from communicate.interfaces import IMembers
from communicate.storage.work import work

_ = TranslationStringFactory("communicate")

UNKNOWN = _("an unknown browser")

LETTERS = {
    "device": Letter(
        _("New sign-in on ${site}"),
        _(
            "mail-device",
            default="Hello ${login},\n\nyour account on ${site} was opened with a browser that "
            "had not been used for it lately: ${browser}.\n\nIf it was you, there is nothing to "
            "do. If not, end that session and change your password:\n${link}\n",
        ),
    ),
    "on": Letter(
        _("Two-step sign-in on ${site} is on"),
        _(
            "mail-second-on",
            default="Hello ${login},\n\nsigning in to ${site} takes a second step from now on. "
            "Keep your recovery codes in a safe place: they open your account if you lose what "
            "the second step needs.\n\nIf it was not you, write to those who operate the site at "
            "once.\n",
        ),
    ),
    "changed": Letter(
        _("Two-step sign-in on ${site} was changed"),
        _(
            "mail-second-changed",
            default="Hello ${login},\n\nan authenticator app, a passkey or the recovery codes of "
            "your account on ${site} were added, removed or made anew.\n\nIf it was not you, look "
            "at once, and change your password:\n${link}\n",
        ),
    ),
    "off": Letter(
        _("Two-step sign-in on ${site} is off"),
        _(
            "mail-second-off",
            default="Hello ${login},\n\nsigning in to ${site} takes the password alone from now "
            "on.\n\nIf it was not you, change your password at once:\n${link}\n",
        ),
    ),
    "reset": Letter(
        _("Two-step sign-in on ${site} was reset"),
        _(
            "mail-second-reset",
            default="Hello ${login},\n\nthose who operate ${site} have taken the second step of "
            "your sign-in away, because somebody who said to be you had lost what it needs. "
            "Sign in with your password, and set it up anew:\n${link}\n\nIf you did not ask for "
            "it, answer them at once.\n",
        ),
    ),
    "recovery": Letter(
        _("A recovery code opened your account on ${site}"),
        _(
            "mail-recovery",
            default="Hello ${login},\n\none of your recovery codes was used to sign in to "
            "${site}. It works no more; ${left} are left.\n\nIf it was not you, change your "
            "password at once, and make new codes:\n${link}\n",
        ),
    ),
    "guessed": Letter(
        _("Somebody knows your password on ${site}"),
        _(
            "mail-guessed",
            default="Hello ${login},\n\nsomebody gave your right password on ${site} and then "
            "failed at the second step again and again. The account stayed closed.\n\nIf it was "
            "not you, choose a new password:\n${link}\n",
        ),
    ),
    "further-on": Letter(
        _("Signing in to ${site} has a weaker way from now on"),
        _(
            "mail-further-on",
            default="Hello ${login},\n\nbeside your app or your passkey, your account on ${site} "
            "takes another second step from now on, which is weaker: ${way}.\n\nIf it was not "
            "you, turn it off at once, and change your password:\n${link}\n",
        ),
    ),
    "further-off": Letter(
        _("A way of signing in to ${site} was turned off"),
        _(
            "mail-further-off",
            default="Hello ${login},\n\nyour account on ${site} takes this second step no more: "
            "${way}. Your other ways stay as they are.\n\nIf it was not you, look at once, and "
            "change your password:\n${link}\n",
        ),
    ),
    "further-used": Letter(
        _("Your account on ${site} was opened by the weaker way"),
        _(
            "mail-further-used",
            default="Hello ${login},\n\nsomebody gave your password on ${site}, and took the "
            "second step in this way: ${way}.\n\nIf it was not you, change your password at "
            "once, and turn that way off:\n${link}\n",
        ),
    ),
    "copied": Letter(
        _("A passkey of yours on ${site} was refused"),
        _(
            "mail-copied",
            default="Hello ${login},\n\none of your passkeys on ${site} counted backwards, as if "
            "there were a copy of it. The sign-in was refused.\n\nRemove that passkey, and add a "
            "new one:\n${link}\n",
        ),
    ),
    "app": Letter(
        _("A new app password on ${site}"),
        _(
            "mail-app",
            default="Hello ${login},\n\nan app password was made for your account on ${site}.\n\n"
            "If it was not you, revoke it, and change your password:\n${link}\n",
        ),
    ),
}
LINKS = {"device": "/account/sessions", "off": "/reset", "guessed": "/reset"}
LINKS |= {"app": "/account/app-passwords"}


def send(request: Any, name: str, member: Any, **words: str) -> None:
    """Queue the letter *name* to *member* with the transaction of *request*."""
    to = request.find_service(IMembers).address_of(member)
    if to:
        link = LINKS.get(name, "/account/second-factor")
        known = {"login": member.login, "link": link, **words}
        write(request, LETTERS[name], to, member.language, known, owner=member.uid)


def send_at_once(request: Any, name: str, member: Any) -> None:
    """Queue the letter *name* to *member*, even though what *request* did is undone."""
    uid = member.uid

    def queue(own: Any) -> None:
        found = own.find_service(IMembers).by_uid(uid)
        if found is not None:
            send(own, name, found)

    work(request.registry, queue)


def in_words(request: Any, member: Any, about: dict[str, str]) -> str:
    """Return what kind of browser *about* describes, in the language of *member*."""
    known = ", ".join(filter(None, (about["browser"], about["system"])))
    return known or str(localizer(request.registry, member.language).translate(UNKNOWN))

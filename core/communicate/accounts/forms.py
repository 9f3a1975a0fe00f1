"""The forms of accounts, and the checks that several of them share."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import colander
from pyramid.i18n import TranslationStringFactory

from communicate.accounts import addresses, logins, passwords
from communicate.web import fields
from communicate.web.forms import Form, Schema
from communicate.web.i18n import LANGUAGES

_ = TranslationStringFactory("communicate")

PLAIN = {"autocapitalize": "none", "spellcheck": "false"}
NAME = {"autocomplete": "username", **PLAIN}
MAIL = {"autocomplete": "email", **PLAIN}
ADDRESS = _("E-mail address")
KEYS = (("", _("They work")), ("off", _("They do nothing")))
APPEARANCES = (("", _("As my system")), ("light", _("Light")), ("dark", _("Dark")))


def own_login(text: Any) -> Any:
    """Return what was typed as a new login in small letters; nothing stays nothing."""
    return logins.normal(text) if isinstance(text, str) else text


def an_address(node: Any, value: str) -> None:
    """Raise `colander.Invalid` where *value* is no e-mail address."""
    try:
        addresses.clean(value)
    except addresses.BadAddress as error:
        raise colander.Invalid(node, error.reason) from error


def login_field() -> Any:
    """Return the field for a new login."""
    return fields.line(
        _("Login"),
        name="login",
        longest=logins.LONGEST,
        preparer=own_login,
        attributes=NAME,
        help=_("3 to 30 small letters, digits and . _ -. Everybody can see it; it cannot change."),
    )


ADDRESS_HELP = _("Only you and those who operate the site know it.")


def address_field(title: Any = ADDRESS, *, help: Any = ADDRESS_HELP) -> Any:
    """Return the field for an e-mail address, of the member unless *help* says whose."""
    return fields.line(
        title,
        name="email",
        kind="email",
        longest=addresses.LONGEST,
        validator=an_address,
        attributes=MAIL,
        help=help,
    )


def new_password_field() -> Any:
    """Return the field for a new password."""
    return fields.password(
        _("New password"),
        name="password",
        new=True,
        help=_("At least ten characters. Several unrelated words make a good one."),
    )


class SignIn(Schema):
    """Sign in."""

    login = fields.line(_("Login or e-mail address"), longest=addresses.LONGEST, attributes=NAME)
    password = fields.password(_("Password"))
    remember = fields.checkbox(
        _("Keep me signed in on this computer"),
        help=_(
            "keep-help",
            default="Thirty days at most. Not on a computer that others use. It ends what keeps "
            "you signed in elsewhere.",
        ),
    )
    came_from = fields.hidden()


def joining(*, invited: bool = False, terms: bool = True) -> Any:
    """Return the form to join; an invitation brings the address with it."""
    schema = Schema()
    schema.add(login_field())
    if not invited:
        schema.add(address_field())
    schema.add(new_password_field())
    if terms:
        accept = _("I accept the terms and have read the privacy policy")
        schema.add(fields.checkbox(accept, name="terms", required=True))
    return schema


def resetting() -> Any:
    """Return the form that asks for a new password."""
    schema = Schema()
    name = _("Login or e-mail address")
    schema.add(fields.line(name, name="login", longest=addresses.LONGEST, attributes=NAME))
    return schema


def setting_password(*, confirmed: bool = False) -> Any:
    """Return the form for a new password; *confirmed* asks for the present one too."""
    schema = Schema()
    if confirmed:
        schema.add(fields.password(_("Present password"), name="present"))
    schema.add(new_password_field())
    return schema


def setting_address() -> Any:
    """Return the form for another e-mail address."""
    schema = Schema()
    schema.add(address_field(_("New e-mail address")))
    schema.add(fields.password(_("Present password"), name="present"))
    return schema


def erasing() -> Any:
    """Return the form that erases the account."""
    schema = Schema()
    schema.add(fields.password(_("Present password"), name="present"))
    return schema


@cache
def zones() -> tuple[tuple[str, str], ...]:
    """Return the time zones by IANA name: continents and oceans, without old aliases."""
    names = sorted(name for name in available_timezones() if _is_place(name))
    return tuple((name, name.replace("_", " ")) for name in ("UTC", *names))


def _is_place(name: str) -> bool:
    areas = "Africa America Antarctica Asia Atlantic Australia Europe Indian Pacific"
    return name.partition("/")[0] in areas.split() and "/" in name


def preferences() -> Any:
    """Return the form for language, time zone, appearance and keys."""
    languages = (("", _("The site’s")), *LANGUAGES.items())
    schema = Schema()
    schema.add(
        fields.choice(_("Language"), languages, name="language", folded=True, required=False)
    )
    schema.add(
        fields.choice(
            _("Time zone"),
            (("", _("The site’s")), *zones()),
            name="zone",
            folded=True,
            required=False,
        )
    )
    schema.add(
        fields.choice(_("Appearance"), APPEARANCES, name="appearance", folded=True, required=False)
    )
    schema.add(
        fields.choice(
            _("Keyboard shortcuts of a single key"),
            KEYS,
            name="keys",
            folded=True,
            required=False,
            help=_("Such as / for the search. Turn them off if you speak to your computer."),
        )
    )
    return schema


def check_password(form: Form, request: Any, password: str, *words: str) -> None:
    """Raise `FormInvalid` where *password* is easy to guess for who knows *words*."""
    site = request.registry.settings["communicate.name"]
    try:
        passwords.check_strength(password, (*words, site))
    except passwords.WeakPassword as error:
        form.fail("password", error.reason)


def local_path(text: Any, default: str = "/") -> str:
    """Return *text* if it is an address of this site without a host, else *default*."""
    if not isinstance(text, str) or not text.startswith("/") or text.startswith(("//", "/\\")):
        return default
    try:
        parts = urlsplit(text)
    except ValueError:
        return default
    clean = not parts.scheme and not parts.netloc and "\\" not in text and text.isprintable()
    return text if clean and text.isascii() else default

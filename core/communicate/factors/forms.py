"""The forms of the second step, of what it needs, and of app passwords."""

from collections.abc import Iterable
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.factors.passkeys import LONGEST
from communicate.web import fields
from communicate.web.forms import Schema

_ = TranslationStringFactory("communicate")

ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
AT_ONCE = {"autofocus": "autofocus"}
BY_HAND = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
SCOPE = "scope-"


def code(*, at_once: bool = True) -> Any:
    """Return the form for a code of the authenticator app; *at_once* it takes what is typed."""
    schema = Schema()
    help_ = _("Six digits that your authenticator app shows now.")
    attributes = ONE_TIME | (AT_ONCE if at_once else {})
    schema.add(fields.line(_("Code"), name="code", longest=20, attributes=attributes, help=help_))
    return schema


def sent() -> Any:
    """Return the form for a code that was sent."""
    schema = Schema()
    help_ = _("Six digits. They work in this browser only, once, and for ten minutes.")
    attributes = ONE_TIME | AT_ONCE
    schema.add(fields.line(_("Code"), name="sent", longest=20, attributes=attributes, help=help_))
    return schema


def recovery() -> Any:
    """Return the form for a recovery code."""
    schema = Schema()
    help_ = _("One of the ten that you kept when you set the second step up. Each works once.")
    schema.add(
        fields.line(
            _("Recovery code"),
            name="recovery",
            longest=60,
            attributes=BY_HAND | AT_ONCE,
            help=help_,
        )
    )
    return schema


def passkey() -> Any:
    """Return the form that a script fills with a browser's answer."""
    schema = Schema()
    schema.add(fields.hidden(name="credential", longest=LONGEST, required=True))
    return schema


def passkey_alone() -> Any:
    """Return the same form for a stranger; empty, it asks what the answer is to be about."""
    schema = Schema()
    schema.add(fields.hidden(name="credential", longest=LONGEST))
    schema.add(fields.hidden(name="remember", longest=3))
    schema.add(fields.hidden(name="came_from"))
    return schema


def confirming() -> Any:
    """Return the form that asks for the password alone."""
    schema = Schema()
    schema.add(fields.password(_("Present password"), name="present"))
    return schema


def naming() -> Any:
    """Return the form for the name of a new passkey."""
    schema = Schema()
    help_ = _("Such as the device it is on. Only you see it.")
    schema.add(fields.line(_("Name of the passkey"), name="name", longest=60, help=help_))
    schema.add(fields.password(_("Present password"), name="present"))
    return schema


def app(scopes: Iterable[Any]) -> Any:
    """Return the form for a new app password that opens some of *scopes*."""
    schema = Schema()
    help_ = _("Such as the program and the device. Only you see it.")
    schema.add(fields.line(_("What it is for"), name="title", longest=60, help=help_))
    for scope in scopes:
        schema.add(fields.checkbox(scope.title, name=f"{SCOPE}{scope.name}"))
    schema.add(fields.password(_("Present password"), name="present"))
    return schema


def chosen(values: dict[str, Any]) -> list[str]:
    """Return the names of the scopes that were ticked."""
    return [
        name.removeprefix(SCOPE)
        for name, ticked in values.items()
        if name.startswith(SCOPE) and ticked
    ]

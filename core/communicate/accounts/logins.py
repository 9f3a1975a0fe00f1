"""Logins: their grammar, and the names that no member may take."""

import re
from collections.abc import Iterable

from pyramid.i18n import TranslationString, TranslationStringFactory

_ = TranslationStringFactory("communicate")

TAKEN = _("This login is taken. Choose another.")

SHORTEST, LONGEST = 3, 30
_GRAMMAR = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", re.ASCII)

# RFC 2142: mailbox names that belong to the site, and what people take for its voice.
_RFC_2142 = """
    info marketing sales support abuse noc security postmaster hostmaster usenet news webmaster
    www uucp ftp
"""
_VOICES = """
    admin administrator administrateur root system operator operators operateur moderator
    moderators moderateur everyone anonymous deleted mailer-daemon noreply no-reply bounce daemon
    nobody owner staff team help contact privacy legal
"""
OF_THE_SITE = frozenset((_RFC_2142 + _VOICES).split())


class BadLogin(ValueError):
    """A login cannot be given; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: TranslationString) -> None:
        super().__init__(reason.interpolate())
        self.reason = reason


def normal(text: str) -> str:
    """Return what a person typed as a login in the form in which logins are kept."""
    return text.strip().lower()


def check(login: str, reserved: Iterable[str] = ()) -> None:
    """Raise BadLogin unless *login* follows the grammar and is not a reserved name.

    3 to 30 of a-z 0-9 . _ -, beginning and ending with a letter or digit, no two marks in a row.

    >>> check("claire.morvan")
    >>> check("claire..morvan")
    Traceback (most recent call last):
        ...
    communicate.accounts.logins.BadLogin: Use 3 to 30 small letters, ... no two marks in a row.
    """
    if not SHORTEST <= len(login) <= LONGEST or not _GRAMMAR.fullmatch(login):
        raise BadLogin(
            _(
                "login-grammar",
                default="Use 3 to 30 small letters, digits and . _ -, beginning and ending with "
                "a letter or digit, no two marks in a row.",
            )
        )
    if login in OF_THE_SITE or login in reserved:
        raise BadLogin(_("This login belongs to the site. Choose another."))

"""What second factors and app passwords write into a member's archive: names and days, no key."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.interfaces import IAppPasswords, IFactors, ISeals

_ = TranslationStringFactory("communicate")

Row = dict[str, Any]
EPOCH = date(1970, 1, 1)
FACTOR = {
    "kind": _("Kind"),
    "name": _("Name"),
    "created": _("Made"),
    "used": _("Last used"),
    "left": _("Left"),
}
APP = {
    "title": _("Title"),
    "scopes": _("Opens"),
    "created": _("Made"),
    "used": _("Last used"),
}


def export(member: Any, archive: Any) -> None:
    """Write what *member* has of second factors, app passwords and known kinds of browser."""
    held = member.request.find_service(IFactors).of(member.uid)
    archive.records("second-factor", factors(member, held), restored=False,
                    title=_("Second factors"), fields=FACTOR)  # fmt: skip
    archive.records("app-password", apps(member), restored=False,
                    title=_("App passwords"), fields=APP)  # fmt: skip
    archive.records("browser-kind", browsers(held), restored=False,
                    title=_("Kinds of browser"), fields={"day": _("Last sign-in")})  # fmt: skip


def factors(member: Any, held: Any) -> Iterator[Row]:
    """Yield what the second step is taken with."""
    if held is None:
        return
    if held.totp is not None:
        yield {"kind": "totp", "created": moment(held.totp_since) if held.totp_since else None}
    seals = member.request.find_service(ISeals)
    for passkey in held.passkeys.values():
        yield {
            "kind": "passkey",
            "name": seals.text(passkey.name),
            "created": moment(passkey.created),
            "used": None if passkey.used is None else moment(passkey.used),
        }
    for name, since, _mark in held.further:
        yield {"kind": name, "created": moment(since)}
    if held.codes:
        yield {"kind": "recovery codes", "left": len(held.codes)}


def apps(member: Any) -> Iterator[Row]:
    """Yield the app passwords, without what they are checked with."""
    for app in member.request.find_service(IAppPasswords).of(member.uid):
        yield {
            "title": app["title"],
            "scopes": list(app["scopes"]),
            "created": moment(app["created"]),
            "used": day(app["used"]),
        }


def browsers(held: Any) -> Iterator[Row]:
    """Yield the day of the last sign-in with each kind of browser; the kind is an HMAC."""
    yield from ({"day": day(last)} for _mark, last in (held.seen if held is not None else ()))


def day(count: int | None) -> date | None:
    """Return the date that *count* days since 1970 stand for."""
    return None if count is None else EPOCH + timedelta(days=count)

"""What second factors and app passwords state to the hooks: see `communicate.duties`."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Cookie, Notification, PersonalData
from communicate.factors import jobs as work
from communicate.factors.content import ROOT
from communicate.factors.devices import NOTICE
from communicate.factors.exporting import export  # noqa: F401  # duties
from communicate.factors.waits import Waits, declared_cookie
from communicate.interfaces import IFactors

_ = TranslationStringFactory("communicate")

CONTENT = "communicate.factors.content"


def cookies() -> list[Cookie]:
    """Return the cookie of the second step."""
    return [
        declared_cookie(
            _("Ties the second step of signing in to this browser, for five or ten minutes")
        )
    ]


def jobs() -> list[Any]:
    """Return the handlers of this package's work."""
    return list(work.JOBS)


def notifications() -> list[Notification]:
    """Return the notice of a new browser; its mail is a letter of its own, sent at once."""
    return [
        Notification(
            NOTICE,
            _("A new browser opens my account"),
            _("Your account was opened with a browser not used for it lately"),
            _("Your account was opened ${n} times with browsers not used for it lately"),
            icon="shield-exclamation",
            mail="never",
        )
    ]


def personal_data() -> list[PersonalData]:
    """Return what this package keeps of a member."""
    return [
        PersonalData(
            "second-factor",
            _(
                "What your second step is checked with: secret of the authenticator app and "
                "passkeys with their names (sealed), recovery codes in a form that nobody can "
                "read back, when each was last used; further ways that you turned on, and a code "
                "on its way, in such a form, too"
            ),
            _("So that your password alone does not open your account"),
            "private",
            _("Until you remove it or erase your account; a step that was begun, ten minutes"),
            tuple(
                f"{CONTENT}:{name}"
                for name in ("MemberFactors", "Passkey", "SentCode", "Guesses", "Waiting")
            ),
        ),
        PersonalData(
            "app-passwords",
            _(
                "App passwords: their title (sealed), what they open, the day of the last use; "
                "the password itself in a form that nobody can read back"
            ),
            _("So that programs open one service each, and never with your own password"),
            "private",
            _("Until you revoke it or erase your account"),
            (f"{CONTENT}:AppPassword",),
        ),
        PersonalData(
            "browser-kinds",
            _(
                "Fingerprints of the kinds of browser with which you signed in, and the last day "
                "of each"
            ),
            _("To tell you when a new one opens your account"),
            "private",
            _("The last 20, until you erase your account"),
            (f"{CONTENT}:MemberFactors", f"{CONTENT}:Factors"),
        ),
    ]


def erase(member: Any, receipt: Any) -> None:
    """Erase what this package keeps of *member*."""
    if ROOT in member.request.root_map:
        Waits(member.request).forget(member.uid)
        count = member.request.find_service(IFactors).forget(member.uid)
        if count:
            receipt.erased("communicate.factors", count)


def held(request: Any, uid: int) -> dict[str, int]:
    """Return how much there is of what is kept of member *uid*."""
    found = request.find_service(IFactors).of(uid)
    if found is None:
        return {"second-factor": 0, "app-passwords": 0, "browser-kinds": 0}
    return {
        "second-factor": len(found.passkeys) + len(found.further) + (found.totp is not None),
        "app-passwords": len(found.apps),
        "browser-kinds": len(found.seen),
    }

"""What accounts state to the hooks: see `communicate.duties`."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts import jobs as work
from communicate.accounts.cookies import COOKIES
from communicate.accounts.exporting import bring_back, export  # noqa: F401  # duties
from communicate.accounts.sessions import HOUR, LONGEST, MONTH
from communicate.accounts.tokens import LIVES
from communicate.declarations import PersonalData
from communicate.interfaces import ISessions

_ = TranslationStringFactory("communicate")

CONTENT = "communicate.accounts.content"
MEMORY = "memory"
DAY = 24 * HOUR


def cookies() -> list[Any]:
    """Return the cookies of accounts."""
    return list(COOKIES)


def jobs() -> list[Any]:
    """Return the handlers of accounts' queued and periodic work."""
    return list(work.JOBS)


def personal_data() -> list[PersonalData]:
    """Return what accounts keep of a member."""
    return [*_of_the_account(), *_of_signing_in()]


def _of_the_account() -> list[PersonalData]:
    return [
        PersonalData(
            "login",
            _("Your login"),
            _("To know you by, and to answer you"),
            "public",
            _("Until you erase your account; the login is given to nobody after you"),
            (f"{CONTENT}:Members", f"{CONTENT}:Accounts"),
        ),
        PersonalData(
            "account",
            _(
                "Your e-mail address (sealed), your password in a form that nobody can read back, "
                "your language and time zone"
            ),
            _("To sign you in, to write to you, and to show pages as you like them"),
            "private",
            _("Until you erase your account"),
            (f"{CONTENT}:Member", f"{CONTENT}:Accounts"),
        ),
        PersonalData(
            "consent",
            _("The versions of terms and privacy policy that you accepted, when and how"),
            _("To be able to show what was agreed"),
            "private",
            _("Until you erase your account"),
            (f"{CONTENT}:Member",),
        ),
    ]


def _of_signing_in() -> list[PersonalData]:
    return [
        PersonalData(
            "sessions",
            _("Where you are signed in: kind of browser (sealed), opened, last used"),
            _("To keep you signed in, and to let you end a session that is not yours"),
            "private",
            _(
                "${days} days at most; what keeps you signed in, ${kept} days",
                mapping={"days": LONGEST // DAY, "kept": MONTH // DAY},
            ),
            (f"{CONTENT}:Session", f"{CONTENT}:Series", f"{CONTENT}:Sessions"),
        ),
        PersonalData(
            "links",
            _("Links that work once: what they are for (sealed), until when"),
            _("To confirm an address, to invite, and to choose a new password"),
            "private",
            _(
                "${days} days at most; in a backup that is made meanwhile, until a later one "
                "replaces it",
                mapping={"days": max(LIVES.values()).days},
            ),
            (f"{CONTENT}:Token",),
        ),
        PersonalData(
            "communicate.limits",
            _("How often your network address or your account tried something lately"),
            _("To slow down whoever guesses passwords or floods the site"),
            "private",
            _("A day at most, in memory only; nothing of it is written down"),
            (MEMORY,),
        ),
    ]


def held(request: Any, uid: int) -> dict[str, int]:
    """Return how much there is of what is kept of member *uid*."""
    return {
        "account": 1,
        "consent": len(request.member.consents),
        "sessions": sum(1 for _each in request.find_service(ISessions).of(uid)),
    }

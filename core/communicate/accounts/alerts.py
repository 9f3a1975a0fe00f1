"""What happened to an account while its member was away: told on the next page that is opened."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts import cookies
from communicate.accounts.sessions import ELSEWHERE, REPLAYED

_ = TranslationStringFactory("communicate")

SENTENCE = "communicate.accounts.sentence"  # in the WSGI environment: why a kept session is over

WHY = {
    ELSEWHERE: _(
        "kept-session-elsewhere",
        default="This computer no longer keeps you signed in, because you signed in on another "
        "one. Only one computer at a time is kept signed in.",
    ),
    REPLAYED: _(
        "kept-session-replayed",
        default="What kept you signed in on this computer was used from two places, so it was "
        "ended. If that was not you, sign in and change your password.",
    ),
}
ALERTS = {
    REPLAYED: _(
        "alert-replayed",
        default="What kept you signed in on a computer was used from two places. It was ended, "
        "with its sessions. If that was not you, change your password.",
    ),
}


def raise_alert(request: Any, uid: int, code: str, now: int) -> None:
    """Tell member *uid* on the next page, once, what *code* stands for."""
    alerts = request.root_map["accounts"].alerts
    alerts[uid] = (*alerts.get(uid, ()), (code, now))[-5:]


def take(request: Any) -> list[tuple[str, Any]]:
    """Return pairs of kind and sentence that this page shows: they are not shown again."""
    found = []
    why = WHY.get(request.environ.pop(SENTENCE, None))
    if why is not None:
        found.append(("warn", why))
        # Kept until now, so that a picture or a redirect does not swallow the sentence.
        cookies.drop(request, cookies.REMEMBER)
    if request.member is not None:
        codes = request.root_map["accounts"].alerts.pop(request.member.uid, ())
        found += [("bad", ALERTS[code]) for code, _when in codes if code in ALERTS]
    return found

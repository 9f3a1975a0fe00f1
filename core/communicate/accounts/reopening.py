"""A browser that was kept signed in opens again: one tween, before the request's own transaction.

What is decided here is committed at once and by itself.  A page that ends in an error undoes what
it did; it must not undo that a counter was seen, nor that a stolen cookie was noticed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from communicate.accounts import cookies
from communicate.accounts.alerts import SENTENCE, raise_alert
from communicate.accounts.content import Series
from communicate.accounts.letters import send
from communicate.accounts.remember import Remembered, read
from communicate.accounts.sessions import ENDED, LONGEST, REPLAYED, SessionService
from communicate.interfaces import IMembers, ISeals
from communicate.storage.work import work

SECRET = "communicate.accounts.session"  # noqa: S105 (a key of the WSGI environment)


@dataclass(frozen=True)
class Opening:
    """What a browser sent."""

    session: str | None
    remember: str
    agent: str | None


@dataclass(frozen=True)
class Outcome:
    """What becomes of it: a session and the next cookie, or why there is none."""

    secret: str | None = None
    remember: str | None = None
    seconds: int = 0
    why: str | None = None

    def apply(self, request: Any) -> None:
        """Sign *request* in, or tell it why not."""
        if self.secret is not None and self.remember is not None:
            request.environ[SECRET] = self.secret
            cookies.put(request, cookies.SESSION, self.secret)
            cookies.put(request, cookies.REMEMBER, self.remember, self.seconds)
        elif self.why is not None:
            request.environ[SENTENCE] = self.why
        else:
            cookies.drop(request, cookies.REMEMBER)


NOTHING = Outcome()


def settle(request: Any, opening: Opening) -> Outcome | None:
    """Return what becomes of *opening*; None where its session is still running."""
    sessions = SessionService(request)
    if sessions.find(opening.session) is not None:
        return None
    remembered = read(opening.remember, request.find_service(ISeals))
    if remembered is None:
        return NOTHING
    if remembered.name in sessions.store.retired:
        expires, why = sessions.store.retired[remembered.name]
        return Outcome(why=why) if expires > sessions.now and why != ENDED else NOTHING
    member = request.find_service(IMembers).by_login(remembered.login)
    series = None if member is None else sessions.store.series.get(member.uid)
    if series is None or not member.may_sign_in or series.name != remembered.name:
        return NOTHING
    if sessions.now >= series.expires:
        return NOTHING
    verdict = series.judge(remembered.counter, sessions.now)
    if verdict == Series.REPLAY:
        return replayed(request, sessions, member)
    return reopened(sessions, series, member.uid, remembered, opening.agent)


def reopened(
    sessions: SessionService, series: Series, uid: int, remembered: Remembered, agent: str | None
) -> Outcome:
    """Open the session of *remembered* unless it is there, and give out the next cookie.

    Of requests that come in parallel one writes; the others are retried, and find it done.
    """
    if series.judge(remembered.counter, sessions.now) == Series.FRESH:
        series.see(remembered.counter, sessions.now)
    secret = remembered.session_id(sessions.seals)
    if sessions.find(secret) is None:
        until = min(sessions.now + LONGEST, series.expires)
        sessions.record(secret, uid, until, series.name, agent)
    left = (series.expires - sessions.now) // 1000
    return Outcome(secret, remembered.successor().text(sessions.seals), left)


def replayed(request: Any, sessions: SessionService, member: Any) -> Outcome:
    """End the series of *member* and its sessions, and tell the member by notice and mail."""
    series = sessions.store.series[member.uid]
    for key, session in list(sessions.of(member.uid)):
        if session.series == series.name:
            sessions.forget(key)
    sessions.retire(member.uid, REPLAYED)
    raise_alert(request, member.uid, REPLAYED, sessions.now)
    send(request, "replayed", member)
    return Outcome(why=REPLAYED)


def tween_factory(handler: Callable[[Any], Any], registry: Any) -> Callable[[Any], Any]:
    """Return the tween: requests without the cookie that keeps signed in pass untouched."""

    def tween(request: Any) -> Any:
        remember = request.cookies.get(cookies.REMEMBER)
        if remember is not None and not _is_static(request):
            opening = Opening(request.cookies.get(cookies.SESSION), remember, request.user_agent)
            outcome = work(registry, lambda own: settle(own, opening))
            if outcome is not None:
                outcome.apply(request)
        return handler(request)

    return tween


def _is_static(request: Any) -> bool:
    return str(request.environ.get("PATH_INFO", "")).startswith("/static/")

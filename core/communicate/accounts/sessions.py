"""Sessions: opened by hand or by a kept series, used, listed and ended.

A session ends with its browser, after 12 hours without use, and after 7 days at most.  What a
series reopens never outlives the series.
"""

import json
from collections.abc import Iterator
from typing import Any

from BTrees.OOBTree import OOTreeSet
from zope.interface import implementer

from communicate import clock
from communicate.accounts import cookies
from communicate.accounts.agents import describe
from communicate.accounts.content import Member, Series, Session, Sessions
from communicate.accounts.events import SessionEnded
from communicate.accounts.remember import Remembered, digest, new_id, read
from communicate.interfaces import IMembers, ISeals, ISessions

HOUR = 3_600_000  # milliseconds
IDLE = 12 * HOUR
LONGEST = 7 * 24 * HOUR
MONTH = 30 * 24 * HOUR
MOST = 100  # sessions of one member: a program that signs in at each call fills no tree

ELSEWHERE, REPLAYED, ENDED = "elsewhere", "replayed", "ended"  # why a series is over


class LastUse:
    """When each session was last used, to the second, in the memory of this process.

    The tree is told at most hourly; without this, a session used for 59 minutes more than the
    tree knows would end that much too early.
    """

    ROOM = 50_000

    def __init__(self) -> None:
        self._used: dict[bytes, int] = {}

    def note(self, key: bytes, now: int) -> None:
        """Remember that the session *key* was used *now*; when full, forget the idle ones."""
        self._used[key] = now
        if len(self._used) > self.ROOM:
            self._used = {k: used for k, used in self._used.copy().items() if used > now - IDLE}

    def of(self, key: bytes) -> int:
        """Return when the session *key* was last used here, 0 where that is not known."""
        return self._used.get(key, 0)


@implementer(ISessions)
class SessionService:
    """The sessions of the site, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals: Any = request.find_service(ISeals)
        self.store: Sessions = request.root_map["sessions"]
        self.last_use: LastUse = request.registry.communicate_last_use

    @property
    def now(self) -> int:
        """The present moment in milliseconds."""
        return clock.milliseconds(clock.now(self.request))

    # The session of this browser

    def find(self, secret: str | None) -> Session | None:
        """Return the running session whose cookie holds *secret*."""
        key = digest(secret) if secret else b""
        session: Session | None = self.store.records.get(key)
        if session is None or self._is_over(key, session):
            return None
        return session

    def _is_over(self, key: bytes, session: Session) -> bool:
        used, now = max(session.used, self.last_use.of(key)), self.now
        return now >= session.until or now - used > IDLE

    def holder(self, key: bytes) -> Member | None:
        """Return the member whose running session lies under *key*, if it signs anybody in."""
        session: Session | None = self.store.records.get(key)
        if session is None or self._is_over(key, session):
            return None
        member: Member | None = self.request.find_service(IMembers).by_uid(session.uid)
        return member if member is not None and member.may_sign_in else None

    def use(self, secret: str | None) -> Member | None:
        """Return the member signed in by *secret*, and note the use; None where there is none."""
        session = self.find(secret)
        if session is None or secret is None:
            return None
        member = self.holder(digest(secret))
        if member is None:
            return None
        now = self.now
        self.last_use.note(digest(secret), now)
        if now - session.used >= HOUR:
            session.used = now
        self._be_seen(member, now)
        return member

    def _be_seen(self, member: Member, now: int) -> None:
        """Keep the day on which *member* was here, if that is shown to anybody."""
        if member.seen is not None:
            today = clock.moment(now).toordinal()
            if member.seen != today:
                member.seen = today

    def open(self, member: Member, *, remember: bool = False) -> str:
        """Open a session by hand for *member*, set its cookies, and return its id.

        With *remember* a new series begins on this browser, 30 days long.  Without the member's
        current series being presented, that one is over: its browser is not kept signed in.
        """
        presented = read(self.request.cookies.get(cookies.REMEMBER), self.seals)
        self.leave()
        current = self.store.series.get(member.uid)
        kept = current is not None and presented is not None and presented.name == current.name
        if current is not None and (remember or not kept):
            self.retire(member.uid, ENDED if kept else ELSEWHERE)
        series = self._begin(member) if remember else (current.name if kept else None)
        secret = new_id()
        self.record(secret, member.uid, self.now + LONGEST, series, self.request.user_agent)
        cookies.put(self.request, cookies.SESSION, secret)
        return secret

    def _begin(self, member: Member, until: int | None = None) -> bytes:
        first, now = Remembered.first(member.login), self.now
        until = now + MONTH if until is None else until
        self.store.series[member.uid] = Series(first.name, now, until)
        cookies.put(self.request, cookies.REMEMBER, first.text(self.seals), (until - now) // 1000)
        return first.name

    def renew(self, member: Member) -> None:
        """End every session and the series of *member*, and go on in this browser by new cookies.

        They last as long as the old ones would have: a copy of those opens nothing any more.
        """
        session = self.find(self.request.session_secret)
        series = self.store.series.get(member.uid)
        self.end_all(member.uid)
        if session is not None:
            kept = series is not None and session.series == series.name
            name = self._begin(member, series.expires) if kept else None
            secret = new_id()
            self.record(secret, member.uid, session.until, name, self.request.user_agent)
            cookies.put(self.request, cookies.SESSION, secret)

    def record(
        self, secret: str, uid: int, until: int, series: bytes | None, agent: str | None
    ) -> None:
        """Keep a session of member *uid* under the SHA-256 of *secret*, until *until* (ms)."""
        about = self.seals.seal(uid, "session", json.dumps(describe(agent)))
        key = digest(secret)
        self.forget(key)
        self.store.records[key] = Session(uid, self.now, until, series, about)
        self.store.ends.add((until, key))
        held = self.store.by_member.get(uid)
        if held is None:
            held = self.store.by_member[uid] = OOTreeSet()
        held.add(key)
        self._make_room(held, key)

    def _make_room(self, held: Any, key: bytes) -> None:
        """End the session of *held* that was used longest ago, but *key*, where there are MOST."""
        while len(held) > MOST:
            others = [other for other in held if other != key]
            self.forget(
                min(others, key=lambda other: self.last_used(other, self.store.records[other]))
            )

    def leave(self) -> None:
        """End the session that this browser has, if any, and leave its series alone."""
        secret = self.request.session_secret
        if secret:
            self.forget(digest(secret))

    def close(self) -> None:
        """Sign out: end this browser's session, and the member's series if it is here."""
        presented = read(self.request.cookies.get(cookies.REMEMBER), self.seals)
        session = self.find(self.request.session_secret)
        if session is not None:
            current = self.store.series.get(session.uid)
            ours = {session.series, presented.name if presented else None}
            if current is not None and current.name in ours:
                self.retire(session.uid, ENDED)
        self.leave()
        cookies.drop(self.request, cookies.SESSION)
        cookies.drop(self.request, cookies.REMEMBER)

    # All sessions of a member

    def of(self, uid: int) -> Iterator[tuple[bytes, Session]]:
        """Yield the running sessions of member *uid* with their keys."""
        for key in list(self.store.by_member.get(uid, ())):
            session = self.store.records.get(key)
            if session is not None and not self._is_over(key, session):
                yield key, session

    def end(self, uid: int, key: bytes) -> bool:
        """End one session of member *uid* and its series; tell whether it was there."""
        session = self.store.records.get(key)
        if session is None or session.uid != uid:
            return False
        current = self.store.series.get(uid)
        if current is not None and session.series == current.name:
            self.retire(uid, ENDED)
        self.forget(key)
        return True

    def end_all(self, uid: int, *, but: str | None = None) -> None:
        """End every session of member *uid* and the series; *but* keeps one and its series."""
        kept = digest(but) if but else b""
        session = self.store.records.get(kept)
        current = self.store.series.get(uid)
        if current is not None and (session is None or session.series != current.name):
            self.retire(uid, ENDED)
        for key in list(self.store.by_member.get(uid, ())):
            if key != kept:
                self.forget(key)

    def retire(self, uid: int, why: str) -> None:
        """End the series of member *uid*: its cookie will be told *why*, until it expires."""
        series: Series | None = self.store.series.pop(uid, None)
        if series is not None:
            self.store.retired[series.name] = (series.expires, why)
            self.store.ends.add((series.expires, series.name))

    def forget(self, key: bytes) -> None:
        """Remove the session *key*."""
        session = self.store.records.pop(key, None)
        if session is None:
            return
        if (session.until, key) in self.store.ends:
            self.store.ends.remove((session.until, key))
        held = self.store.by_member.get(session.uid)
        if held is not None and key in held:
            held.remove(key)
            if not held:
                del self.store.by_member[session.uid]
        self.request.registry.notify(SessionEnded(self.request, key, session.uid))

    def last_used(self, key: bytes, session: Session) -> int:
        """Return when *session* was last used, in milliseconds."""
        return max(session.used, self.last_use.of(key))

    def kept(self, uid: int) -> Series | None:
        """Return the series that keeps member *uid* signed in on some browser, if any."""
        series: Series | None = self.store.series.get(uid)
        return series if series is not None and series.expires > self.now else None

    def kept_until(self, session: Session) -> int | None:
        """Return until when the browser of *session* is kept signed in; None where it is not."""
        series = self.kept(session.uid)
        return series.expires if series is not None and session.series == series.name else None

    def about(self, session: Session) -> dict[str, str]:
        """Return what kind of browser *session* is open in: ``browser``, ``system``, ``kind``."""
        text = self.seals.text(session.about)
        return dict(json.loads(text)) if text else {}

    def sweep(self, most: int = 500) -> int:
        """Remove up to *most* sessions and retired series whose time is over; return how many."""
        over = []
        for when, key in self.store.ends.keys(max=(self.now, b"\xff" * 33)):
            over.append((when, key))
            if len(over) == most:
                break
        for entry in over:
            self.forget(entry[1])
            self.store.retired.pop(entry[1], None)
            if entry in self.store.ends:
                self.store.ends.remove(entry)
        return len(over)

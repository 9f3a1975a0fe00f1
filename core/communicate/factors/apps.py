"""App passwords, and what gateways ask: ``request.find_service(IAppPasswords)``.

An app password has 125 random bits.  It is kept as an HMAC under its member's key, not as a slow
hash: nobody tries 2**125 of them, so that slowness would protect nothing, and a mail program that
signs in at each folder would cost argon2 each time.
"""

import hmac
import secrets
import threading
from collections.abc import Iterable
from typing import Any

from zope.interface import implementer

from communicate import clock
from communicate.accounts import signing
from communicate.accounts.limits import TooMany, network_of
from communicate.factors import letters, words
from communicate.factors.content import AppPassword
from communicate.factors.tries import Tries
from communicate.ids import encode, new_id
from communicate.interfaces import IAppPasswords, IFactors, IMembers, IPlugins, ISeals

LABEL = "app-password"
TITLE_KIND = "app-password.title"
MOST = 50  # app passwords of one member
DAY = 86_400_000  # milliseconds
KEPT = 60_000  # milliseconds


class TooManyApps(Exception):
    """A member has as many app passwords as can be kept."""


class Recent:
    """Main passwords that were right a moment ago, as HMACs under a key of this process alone.

    A gateway that signs in at each request costs one slow hash a minute.  The stored hash is part
    of what is remembered: another password, and this one is forgotten.
    """

    ROOM = 10_000

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._until: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def knows(self, member: Any, password: str, now: int) -> bool:
        """Tell whether *password* was right for *member* within the last minute."""
        return self._until.get(self._name(member, password), 0) > now

    def note(self, member: Any, password: str, now: int) -> None:
        """Remember that it was right *now*."""
        with self._lock:
            if len(self._until) >= self.ROOM:
                self._until.clear()
            self._until[self._name(member, password)] = now + KEPT

    def _name(self, member: Any, password: str) -> bytes:
        text = f"{member.uid}\0{member.password}\0{password}"
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")


@implementer(IAppPasswords)
class AppPasswordService:
    """The app passwords of the site's members, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals: Any = request.find_service(ISeals)
        self.factors: Any = request.find_service(IFactors)

    @property
    def now(self) -> int:
        """The present moment in milliseconds."""
        return clock.milliseconds(clock.now(self.request))

    # The member's own

    def make(self, uid: int, title: str, scopes: Iterable[str]) -> str:
        """Return the secret of a new app password of member *uid*; raise TooManyApps."""
        held = self.factors.make(uid)
        if len(held.apps) >= MOST:
            raise TooManyApps
        secret = words.new(5, 5)
        sealed = self.seals.seal(uid, TITLE_KIND, title)
        made = AppPassword(sealed, tuple(sorted(scopes)), self._mac(uid, secret), self.now)
        held.apps[new_id(clock.now(self.request))] = made
        letters.send(self.request, "app", self.request.find_service(IMembers).by_uid(uid))
        return secret

    def of(self, uid: int) -> list[dict[str, Any]]:
        """Return ``key``, ``title``, ``scopes``, ``created`` and ``used`` (ms, None) of each."""
        held = self.factors.of(uid)
        return [
            {
                "key": encode(number),
                "title": self.seals.text(app.title),
                "scopes": app.scopes,
                "created": app.created,
                "used": app.used,
            }
            for number, app in (() if held is None else held.apps.items())
        ]

    def revoke(self, uid: int, number: int) -> bool:
        """End the app password *number* of member *uid* at once; tell whether it was there."""
        held = self.factors.of(uid)
        if held is None or held.apps.pop(number, None) is None:
            return False
        held._p_changed = True  # gateways wait for a change of it, to end who is connected
        return True

    # Gateways

    def number_of(self, uid: int, secret: str, scope: str) -> int | None:
        """Return which app password of member *uid* for *scope* is *secret*, None where none is.

        Nothing is counted and nothing is noted: *secret* was verified before.
        """
        found = self._found(uid, secret, scope)
        return None if found is None else found[0]

    def stands(self, uid: int, number: int) -> bool:
        """Tell whether the app password *number* of member *uid* still opens anything."""
        member, held = self.request.find_service(IMembers).by_uid(uid), self.factors.of(uid)
        if member is None or held is None:
            return False
        return bool(member.may_sign_in and number in held.apps)

    def verify(self, login: str, secret: str, scope: str, *, peer: str = "") -> Any:
        """Return the member whose app password for *scope* is *secret*, else None."""
        return self._signed_in(login, secret, scope, peer, main=False)

    def verify_gateway(self, login: str, password: str, scope: str, *, peer: str = "") -> Any:
        """Return the member who may use *scope* with *password*, else None.

        It is an app password, or the main one of a member who takes no second step.
        """
        return self._signed_in(login, password, scope, peer, main=True)

    def _signed_in(self, login: str, password: str, scope: str, peer: str, *, main: bool) -> Any:
        """Return who signs in; a right app password does so even where an account is locked.

        Nobody guesses one, so that strangers who try others' logins keep no program outside.
        """
        far = Tries(self.request, (), (("gateway_address", network_of(peer)),))
        far.begin()
        member = signing.find(self.request, login)
        if self._app(member, password, scope):
            right = True
        else:
            near = Guesses(self.request, login, member)
            right = main and self._main(member, password)
            right = right and near.allowed
            if right:
                near.succeed()
        if member is None or not (right and member.may_sign_in):
            return None
        far.succeed()
        return member

    def _app(self, member: Any, secret: str, scope: str) -> bool:
        """Tell whether *secret* is an app password of *member* for *scope*, and note its use."""
        found = self._found(None if member is None else member.uid, secret, scope)
        today = self.now - self.now % DAY
        if found is not None and member.may_sign_in and found[1].used != today:
            found[1].used = today
        return found is not None

    def _found(self, uid: int | None, secret: str, scope: str) -> tuple[int, AppPassword] | None:
        """Return which app password of *uid* for *scope* is *secret*; all are looked at."""
        given = self._mac(uid, secret)
        held = None if uid is None else self.factors.of(uid)
        found = None
        for number, app in () if held is None else held.apps.items():
            if hmac.compare_digest(app.mac, given) and scope in app.scopes:
                found = number, app
        return found

    def _main(self, member: Any, password: str) -> bool:
        """Tell whether *password* is the main one, and may be used: one slow hash at most."""
        usable = member is not None and not self.factors.is_set(member.uid)
        recent: Recent = self.request.registry.communicate_recent
        if usable and recent.knows(member, password, self.now):
            return True
        passwords = self.request.find_service(IMembers).passwords
        right = bool(passwords.verify(member.password if usable else None, password).right)
        if right:
            recent.note(member, password, self.now)
        return right

    def _mac(self, uid: int | None, secret: str) -> bytes:
        data = words.normal(secret)
        if uid is None:  # the same work where there is nobody
            return bytes(self.seals.hmac(LABEL, data))
        return bytes(self.seals.member_hmac(uid, LABEL, data))


class Guesses:
    """One more guess at an account: counted by the name that was given, raising `TooMany`.

    It is counted against the account, too, by whatever name; that this is locked is told nobody.
    """

    def __init__(self, request: Any, login: str, member: Any) -> None:
        name = signing.name_key(request, login)
        if member is None:  # the same work where there is nobody
            own = signing.name_key(request, f"nobody {login}")
        else:
            own = signing.member_key(request, member)
        self.named = Tries(request, (("gateway_account", name),), ())
        self.own = Tries(request, (("gateway_account", own),), ())
        self.named.begin()
        try:
            self.own.begin()
        except TooMany:
            self.allowed = False
        else:
            self.allowed = True

    def succeed(self) -> None:
        """Forget the guesses: this one was right."""
        self.named.succeed()
        self.own.succeed()


def scopes(request: Any) -> list[Any]:
    """Return every `communicate.declarations.Scope` that core or a plugin declares."""
    declared = request.registry.getUtility(IPlugins).gather("communicate_scopes")
    return list({scope.name: scope for scope in declared}.values())

"""Second factors of members: ``request.find_service(IFactors)``."""

from typing import Any

from zope.interface import implementer

from communicate import clock
from communicate.factors import devices, letters, recovery, second, totp
from communicate.factors.content import ROOT, Factors, MemberFactors, Passkey
from communicate.factors.passkeys import BadPasskey, Credential
from communicate.ids import encode, new_id
from communicate.interfaces import IFactors, ISeals, ISessions

APP = "app"  # names the authenticator app among what can be removed
TOTP_KIND, CREDENTIAL_KIND, NAME_KIND = "factor.totp", "factor.passkey", "factor.name"
MOST = 20  # passkeys of one member
DAY = 86_400_000  # milliseconds


class TooManyPasskeys(Exception):
    """A member has as many passkeys as can be kept."""


@implementer(IFactors)
class FactorService:
    """The second factors of the site's members, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals: Any = request.find_service(ISeals)
        self.store: Factors = request.root_map[ROOT]

    @property
    def now(self) -> int:
        """The present moment in milliseconds."""
        return clock.milliseconds(clock.now(self.request))

    # Signing in

    def enter(self, member: Any, *, remember: bool, came_from: str) -> str:
        """Open a session for *member*, whose password was right, or ask for the second step.

        Return the address that comes next.
        """
        if self.is_set(member.uid):
            return second.begin(self.request, member, remember=remember, came_from=came_from)
        self.admit(member, remember=remember)
        return came_from

    def admit(self, member: Any, *, remember: bool) -> None:
        """Open a session for *member*, who has proved everything; tell of a new browser."""
        devices.meet(self.request, member, self.make(member.uid), self.now // DAY)
        self.request.find_service(ISessions).open(member, remember=remember and member.may_sign_in)

    # What a member has

    def of(self, uid: int) -> MemberFactors | None:
        """Return what member *uid* has, None where that was never anything."""
        held: MemberFactors | None = self.store.members.get(uid)
        return held

    def make(self, uid: int) -> MemberFactors:
        """Return what member *uid* has, made empty where it was never anything."""
        held = self.of(uid)
        if held is None:
            held = self.store.members[uid] = MemberFactors()
        return held

    def is_set(self, uid: int) -> bool:
        """Tell whether member *uid* takes a second step to sign in."""
        held = self.of(uid)
        return held is not None and held.is_set

    def codes_left(self, uid: int) -> int:
        """Return how many recovery codes member *uid* has."""
        held = self.of(uid)
        return 0 if held is None else len(held.codes)

    def rows(self, uid: int) -> list[dict[str, Any]]:
        """Return the passkeys of member *uid*, the oldest first."""
        held = self.of(uid)
        items = () if held is None else held.passkeys.items()
        return [
            {
                "key": encode(number),
                "name": self.seals.text(one.name),
                "created": one.created,
                "used": one.used,
            }
            for number, one in items
        ]

    def credentials(self, uid: int) -> list[Credential]:
        """Return what browsers are told of the passkeys of member *uid*."""
        held = self.of(uid)
        keys = () if held is None else held.passkeys.values()
        return [Credential.read(self.seals.text(one.credential)) for one in keys]

    def handle(self, uid: int) -> bytes:
        """Return the 32 bytes by which authenticators know member *uid*: they name nobody."""
        handle: bytes = self.seals.member_hmac(uid, "passkey-handle", b"")
        return handle

    def mark(self, credential_id: bytes) -> bytes:
        """Return the HMAC under which a passkey is found."""
        mark: bytes = self.seals.hmac("communicate.passkey", credential_id)
        return mark

    # Changing it

    def set_totp(self, member: Any, secret: str, step: int) -> list[str]:
        """Give *member* an authenticator app whose code of *step* was right.

        Return the new recovery codes where this is the first factor, else nothing.
        """
        held = self.make(member.uid)
        first = not held.is_set
        held.totp = self.seals.seal(member.uid, TOTP_KIND, secret)
        held.totp_since, held.step = self.now, step
        return self._added(member, held, first)

    def add_passkey(
        self, member: Any, name: str, credential: Credential, counter: int
    ) -> list[str]:
        """Give *member* a passkey; raise BadPasskey where it is known, or TooManyPasskeys.

        Return the new recovery codes where this is the first factor, else nothing.
        """
        held, mark, uid = self.make(member.uid), self.mark(credential.id), member.uid
        first = not held.is_set
        if mark in self.store.passkeys:
            raise BadPasskey("this passkey is known already")
        if len(held.passkeys) >= MOST:
            raise TooManyPasskeys
        sealed = self.seals.seal(uid, CREDENTIAL_KIND, credential.text())
        label = self.seals.seal(uid, NAME_KIND, name)
        held.passkeys[new_id(clock.now(self.request))] = Passkey(
            mark, sealed, label, counter, self.now
        )
        self.store.passkeys[mark] = uid
        return self._added(member, held, first)

    def _added(self, member: Any, held: MemberFactors, first: bool) -> list[str]:
        letters.send(self.request, "on" if first else "changed", member)
        return recovery.renew(self.seals, member.uid, held) if first else []

    def renew_codes(self, member: Any) -> list[str]:
        """Return ten new recovery codes for *member*; the old ones are useless."""
        letters.send(self.request, "changed", member)
        return recovery.renew(self.seals, member.uid, self.make(member.uid))

    def remove(self, member: Any, number: int | None) -> None:
        """Take the passkey *number* of *member* away, or for None the authenticator app.

        With the last of them the second step is off, and the recovery codes are gone.
        """
        held = self.make(member.uid)
        if number is None:
            self._forget_totp(held)
        elif number in held.passkeys:
            self.store.passkeys.pop(held.passkeys.pop(number).mark, None)
        if held.is_set:
            letters.send(self.request, "changed", member)
        else:
            self.switch_off(member)

    def switch_off(self, member: Any, letter: str = "off") -> None:
        """Take every second factor of *member* away, and say so by mail."""
        held = self.make(member.uid)
        self._forget_totp(held)
        self._forget_passkeys(held)
        held.codes, held.further, held.sent = (), (), None
        letters.send(self.request, letter, member)

    def reset(self, member: Any) -> None:
        """Take every second factor of *member* away for operators, and say so by mail."""
        self.switch_off(member, "reset")

    def forget(self, uid: int) -> int:
        """Erase all that is kept of member *uid*; return how many things that were."""
        held = self.store.members.pop(uid, None)
        if held is None:
            return 0
        count = 1 + len(held.passkeys) + len(held.apps) + len(held.further)
        self._forget_passkeys(held)
        return count

    def _forget_passkeys(self, held: MemberFactors) -> None:
        for one in list(held.passkeys.values()):
            self.store.passkeys.pop(one.mark, None)
        held.passkeys.clear()

    def _forget_totp(self, held: MemberFactors) -> None:
        held.totp, held.totp_since, held.step = None, 0, 0

    # Proofs: each raises nothing and tells whether it was right

    def prove_code(self, uid: int, code: str) -> bool:
        """Tell whether *code* is one of the member's app, not used before; it is used now."""
        held = self.make(uid)
        secret = None if held.totp is None else self.seals.text(held.totp)
        if secret is None:
            return False
        step = totp.accepted(secret, code, clock.now(self.request), held.step)
        if step is not None:
            held.step = step
        return step is not None

    def prove_recovery(self, member: Any, code: str) -> bool:
        """Tell whether *code* is a recovery code that is left; it is used now, and told of."""
        held = self.make(member.uid)
        if not recovery.spend(self.seals, member.uid, held, code):
            return False
        letters.send(self.request, "recovery", member, left=str(len(held.codes)))
        return True

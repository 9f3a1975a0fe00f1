"""Further addresses of members: chosen ones, and random ones to be given away.

The name of each is reserved for good, as a login is.  What is closed, over or removed is nobody's,
not even the catch-all's.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate import clock
from communicate.accounts import logins
from communicate.ids import new_id
from communicate.interfaces import IMembers, IOutbox, ISeals
from communicate_email.content import Account, Alias, Office
from communicate_email.disposable import random_name
from communicate_email.errors import Refused
from communicate_email.likeness import lookalikes
from communicate_email.store.boxes import account_of, office_of, opened_account

_ = TranslationStringFactory("communicate_email")

ALIAS = "email.alias"
DROP = "email.drop-alias"
UNDONE = timedelta(minutes=2)  # for which a removal is taken back; the page offers it for less
TRIES = 20

FULL = _("You have as many further addresses as there may be.")
TAKEN = _("Somebody has or had this name. Choose another.")
ALIKE = _("This name looks like that of somebody else. Choose another.")


class Aliases:
    """The further addresses of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.members: Any = request.find_service(IMembers)
        self.seals: Any = request.find_service(ISeals)

    @property
    def _now(self) -> int:
        return clock.milliseconds(clock.now(self.request))

    # Finding

    def alias_named(self, name: str) -> Alias | None:
        """Return the alias *name*, where something comes in by it."""
        office = office_of(self.request)
        alias: Alias | None = None if office is None else office.aliases.get(self.key(name))
        return alias if alias is not None and self._is_open(alias) else None

    def _is_open(self, alias: Alias) -> bool:
        over = alias.expires and alias.expires <= self._now
        return not (alias.closed or alias.removed or over)

    def is_spent(self, name: str) -> bool:
        """Tell whether *name* is somebody's, or was: nobody else reads what is sent there."""
        try:
            self.members.check_login(name)
        except logins.BadLogin as error:
            return bool(error.reason == logins.TAKEN)
        return False

    def aliases(self, uid: int) -> list[tuple[Alias, str]]:
        """Return the aliases of member *uid*, closed ones too, each with its name."""
        account = account_of(self.request, uid)
        held = () if account is None else account.aliases.values()
        return [(alias, self.seals.text(alias.name) or "") for alias in held if not alias.removed]

    def note(self, alias: Alias) -> str:
        """Return what its member noted of *alias*."""
        return "" if alias.note is None else self.seals.text(alias.note) or ""

    # Making

    def add_alias(self, uid: int, name: str) -> Alias:
        """Give member *uid* the alias *name* at each domain; raise Refused with the cure."""
        name = logins.normal(name)
        account, office = self._places(uid)
        self._room(account, disposable=False)
        try:
            self.members.check_login(name)
        except logins.BadLogin as error:
            raise Refused(TAKEN if error.reason == logins.TAKEN else error.reason) from None
        if any(self._belongs_to_other(one, uid) for one in lookalikes(name)):
            raise Refused(ALIKE)
        return self._made(account, office, uid, name)

    def add_disposable(self, uid: int, note: str = "", expires: int = 0) -> Alias:
        """Give member *uid* a random address, up to the moment *expires* (ms); raise Refused."""
        account, office = self._places(uid)
        self._room(account, disposable=True)
        names = (random_name() for _try in range(TRIES))
        name = next((one for one in names if not self.members.taken(one)), None)
        if name is None:
            raise Refused(_("No address could be made. Please try again."))
        alias = self._made(account, office, uid, name)
        alias.disposable = True
        self._note(alias, note, expires)
        return alias

    def _places(self, uid: int) -> tuple[Account, Office]:
        account, office = opened_account(self.request, uid), office_of(self.request)
        if account is None or office is None:
            raise KeyError(uid)
        return account, office

    def _room(self, account: Account, *, disposable: bool) -> None:
        """Raise Refused where there is no room for one more of the kind."""
        setting = "email.disposables" if disposable else "email.aliases"
        held = [one for one in account.aliases.values() if one.disposable == disposable]
        if len(held) >= self.request.registry.settings[setting]:
            raise Refused(FULL)

    def _belongs_to_other(self, name: str, uid: int) -> bool:
        member = self.members.by_login(name)
        if member is not None:
            return int(member.uid) != uid
        office = office_of(self.request)
        alias = None if office is None else office.aliases.get(self.key(name))
        return name in logins.OF_THE_SITE or (alias is not None and alias.uid != uid)

    def _made(self, account: Account, office: Office, uid: int, name: str) -> Alias:
        alias = Alias(new_id(), uid, self.key(name), self.seals.seal(uid, ALIAS, name))
        self.members.reserve(name)
        office.aliases[alias.key] = account.aliases[alias.id] = alias
        return alias

    # Changing

    def _one(self, uid: int, number: int) -> Alias | None:
        account = account_of(self.request, uid)
        found: Alias | None = None if account is None else account.aliases.get(number)
        return found

    def set_closed(self, uid: int, number: int, closed: bool) -> bool:
        """Have the alias *number* of member *uid* take nothing any more, or take mail again.

        One whose time is over has none any more once it is turned on.
        """
        alias = self._one(uid, number)
        if alias is None or alias.removed:
            return False
        alias.closed = closed
        if not closed and alias.expires and alias.expires <= self._now:
            alias.expires = 0
        return True

    def change(self, uid: int, number: int, note: str, expires: int) -> None:
        """Give a disposable address of member *uid* another note, and another end."""
        alias = self._one(uid, number)
        if alias is None or alias.removed or not alias.disposable:
            raise KeyError(number)
        self._note(alias, note, expires)

    def _note(self, alias: Alias, note: str, expires: int) -> None:
        alias.note = self.seals.seal(alias.uid, ALIAS, note) if note else None
        alias.expires = expires

    def remove(self, uid: int, number: int) -> None:
        """Take the alias *number* away from member *uid*: nobody ever has that name again.

        For a while it can be restored.
        """
        alias = self._one(uid, number)
        if alias is None:
            raise KeyError(number)
        alias.removed = True
        due = clock.now(self.request) + UNDONE
        payload = {"uid": uid, "alias": number}
        self.request.find_service(IOutbox).add(DROP, payload, owner=uid, due=due)

    def restore(self, uid: int, number: int) -> bool:
        """Give the alias *number* back to member *uid*; tell whether it was still there."""
        alias = self._one(uid, number)
        if alias is not None:
            alias.removed = False
        return alias is not None

    def count(self, number: int, uid: int) -> None:
        """Count one more message that came by the alias *number* of member *uid*."""
        alias = self._one(uid, number)
        if alias is not None:
            alias.came += 1

    def open_names(self, uid: int) -> Iterator[tuple[Alias, str]]:
        """Yield the aliases of member *uid* by which something comes in, with their names."""
        for alias, name in self.aliases(uid):
            if name and self._is_open(alias):
                yield alias, name

    def key(self, name: str) -> bytes:
        """Return that under which the alias *name* is found."""
        key: bytes = self.seals.hmac(ALIAS, name.encode())
        return key


def drop_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy what is known of an alias that was removed: the handler of DROP."""
    office, account = office_of(request), account_of(request, payload["uid"])
    alias = None if account is None else account.aliases.get(payload["alias"])
    if office is not None and account is not None and alias is not None and alias.removed:
        office.aliases.pop(alias.key, None)
        del account.aliases[alias.id]

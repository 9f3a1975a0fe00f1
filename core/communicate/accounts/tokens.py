"""Links that work once: the tree keeps the SHA-256 of their secret, and their purpose sealed."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from BTrees.OOBTree import OOTreeSet

from communicate import clock
from communicate.accounts.content import Accounts, Token
from communicate.accounts.remember import digest, new_id
from communicate.interfaces import IMembers, ISeals
from communicate.sealing import SITE
from communicate.storage.work import work

JOIN, INVITATION, RESET, ADDRESS, OPERATOR = "join", "invitation", "reset", "address", "operator"
DELETION = "deletion"
LIVES = {
    JOIN: timedelta(days=2),
    INVITATION: timedelta(days=14),
    RESET: timedelta(hours=1),
    ADDRESS: timedelta(days=1),
    OPERATOR: timedelta(hours=1),
    DELETION: timedelta(days=2),
}
LONGEST = 64  # characters of a secret that is looked at
KIND = "token"


class BadToken(ValueError):
    """A link is wrong, too old, or was used: its page says how to get another."""


class Tokens:
    """The one-time links of the site, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals: Any = request.find_service(ISeals)
        self.accounts: Accounts = request.root_map["accounts"]

    @property
    def now(self) -> int:
        """The present moment in milliseconds."""
        return clock.milliseconds(clock.now(self.request))

    def make(self, kind: str, payload: Mapping[str, Any], uid: int | None = None) -> str:
        """Return the secret of a new link; *uid* is the member whom it is about, if any."""
        secret = new_id()
        sealed = self.seals.seal(SITE if uid is None else uid, KIND, json.dumps(dict(payload)))
        expires = self.now + LIVES[kind] // timedelta(milliseconds=1)
        self.accounts.tokens[digest(secret)] = Token(kind, sealed, expires, uid)
        self.accounts.expiries.add((expires, digest(secret)))
        if kind == INVITATION:
            self._invitations().add((expires, digest(secret)))
        return secret

    def invitations(self, after: tuple[int, bytes] | None = None) -> Iterator[tuple[bytes, Token]]:
        """Yield the invitations that are still good with their keys, the oldest first.

        *after* is the (expires, key) from behind which they are wanted.
        """
        for expires, key in self._invitations().keys(after or (self.now + 1,)):
            token = self.accounts.tokens.get(key)
            if token is not None and expires > self.now and (expires, key) != after:
                yield key, token

    def revoke_invitation(self, key: bytes) -> bool:
        """Make the link of an invitation useless; tell whether it was still good."""
        token = self.accounts.tokens.get(key)
        if token is None or token.kind != INVITATION or token.expires <= self.now:
            return False
        self._drop(token.expires, key)
        return True

    def _invitations(self) -> Any:
        """Return which tokens invite, by their end; found once where no list was kept."""
        if self.accounts.invitations is None:
            tokens = self.accounts.tokens.items()
            invitations = ((t.expires, key) for key, t in tokens if t.kind == INVITATION)
            self.accounts.invitations = OOTreeSet(invitations)
        return self.accounts.invitations

    def look(self, kind: str, secret: Any) -> Token:
        """Return the token of *secret*, still good; raise BadToken."""
        found = None
        if isinstance(secret, str) and 0 < len(secret) <= LONGEST:
            found = self.accounts.tokens.get(digest(secret))
        if found is None or found.kind != kind or found.expires <= self.now:
            raise BadToken(f"this {kind} link is wrong, too old or used: ask for another")
        token: Token = found
        return token

    def payload(self, token: Token) -> dict[str, Any]:
        """Return what *token* carries; raise BadToken where the key of its member is gone."""
        text = self.seals.text(token.payload)
        if text is None:
            raise BadToken("the account of this link is gone")
        return dict(json.loads(text))

    def use(self, kind: str, secret: Any) -> dict[str, Any]:
        """Return what the token of *secret* carries, and make it useless; raise BadToken."""
        token = self.look(kind, secret)
        payload = self.payload(token)
        self._drop(token.expires, digest(secret))
        return payload

    def drop_all(self, kind: str, uid: int | None = None) -> None:
        """Make every link of *kind* about member *uid* useless."""
        for expires, key in list(self.accounts.expiries):
            token = self.accounts.tokens.get(key)
            if token is not None and token.kind == kind and token.uid == uid:
                self._drop(expires, key)

    def sweep(self, most: int = 500) -> int:
        """Remove up to *most* links that are too old; return how many."""
        over: list[tuple[int, bytes]] = []
        for entry in self.accounts.expiries:
            if entry[0] > self.now or len(over) == most:
                break
            over.append(entry)
        for expires, key in over:
            self._drop(expires, key)
        return len(over)

    def _drop(self, expires: int, key: bytes) -> None:
        self.accounts.tokens.pop(key, None)
        for kept in (self.accounts.expiries, self.accounts.invitations):
            if kept is not None and (expires, key) in kept:
                kept.remove((expires, key))


def operator_link(registry: Any) -> str | None:
    """Return an address that makes the first operator once, within an hour.

    None where the site is not in development, or has an operator.  An earlier link stops working.
    """
    if registry.settings["communicate.mode"] != "development":
        return None

    def make(request: Any) -> str | None:
        if has_operator(request):
            return None
        tokens = Tokens(request)
        tokens.drop_all(OPERATOR)
        return tokens.make(OPERATOR, {})

    secret = work(registry, make)
    return secret and f"{registry.settings['communicate.url']}/first-operator?token={secret}"


def has_operator(request: Any) -> bool:
    """Tell whether any account operates the site."""
    members = request.find_service(IMembers).members
    return any("operators" in member.groups for member in members.values())

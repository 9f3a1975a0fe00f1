"""Locks as WsgiDAV asks for them, at paths; they are `ILocks`'s, on things."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from wsgidav import dav_error
from wsgidav.dav_error import DAVError, DAVErrorCondition

from communicate.security import permits
from communicate_vdisk.content import Node
from communicate_vdisk.dav.answers import forbidden, refused
from communicate_vdisk.errors import Refused
from communicate_vdisk.locks.content import Lock
from communicate_vdisk.locks.services import Locked
from communicate_vdisk.permissions import CHANGE


class Holding:
    """The locks that matter in one request; *principal* is always the member who signed in."""

    def __init__(self, provider: Any) -> None:
        self.provider = provider
        self._asked = ""

    @property
    def locks(self) -> Any:
        """The one store."""
        return self.provider.locks

    def at(self, url: str) -> Node | None:
        """Return what is at *url*, the quoted path, if a lock can be on it."""
        resource = self.provider.get_resource_inst(
            self.provider.ref_url_to_path(url), {"wsgidav.provider": self.provider}
        )
        return getattr(resource, "node", None)

    # Writing

    def check_write_permission(
        self, *, url: str, depth: str, token_list: list[str], principal: str
    ) -> None:
        """Raise 423 where a lock whose token is not in *token_list* keeps from writing there."""
        self.locks.present(self.provider.uid, token_list)
        node = self.at(url)
        if node is None:
            return
        try:
            self.locks.check(node, below=depth == "infinity")
        except Locked as error:
            refused(self.provider.request, error, self.provider.ref_url_to_path(url))

    @contextmanager
    def write_transaction(
        self, *, url: str, token_list: list[str], principal: str, depth: str = "0"
    ) -> Iterator[None]:
        """Let a body come in: who may write is asked again in the transaction that keeps it."""
        self.check_write_permission(
            url=url, depth=depth, token_list=token_list, principal=principal
        )
        yield

    # Holding

    def acquire(self, *, url: str, **asked: Any) -> dict[str, Any]:
        """Return a new lock; raise 423 where another stands against it, 403 without the right."""
        node = self.at(url)
        if node is None or not permits(self.provider.request, node, CHANGE):
            forbidden()
        try:
            lock = self.locks.lock(
                node,
                self.provider.uid,
                seconds=asked["timeout"],
                deep=asked["lock_depth"] == "infinity",
                shared=asked["lock_scope"] == "shared",
                words=asked["lock_owner"] or None,
            )
        except Locked as error:
            condition = DAVErrorCondition(dav_error.PRECONDITION_CODE_LockConflict)
            condition.add_href(quote(self.provider.mount_path) + url)
            raise DAVError(
                dav_error.HTTP_LOCKED, str(error.reason), err_condition=condition
            ) from None
        except Refused as error:
            refused(self.provider.request, error, self.provider.ref_url_to_path(url))
        return {"token": lock.token, "root": url}

    def own(self, url: str) -> list[Lock]:
        """Return the member's locks on what is at *url*."""
        node = self.at(url)
        found = [] if node is None else self.locks.on(node)
        return [lock for lock in found if lock.holder == self.provider.uid]

    def get_indirect_url_lock_list(self, url: str, *, principal: str) -> list[dict[str, Any]]:
        """Return the member's locks on what is at *url*."""
        return [{"token": lock.token} for lock in self.own(url)]

    def get_url_lock_list(self, url: str, *, recursive: bool = False) -> list[dict[str, Any]]:
        """Return the same."""
        return self.get_indirect_url_lock_list(url, principal="")

    def is_url_locked_by_token(self, url: str, token: str) -> bool:
        """Tell whether *token* is the member's, and on what is at *url*."""
        self._asked = url
        return any(lock.token == token for lock in self.own(url))

    def is_token_locked_by_user(self, token: str, principal: str) -> bool:
        """Tell whether *token* is of a lock of the member."""
        return any(lock.token == token for lock in self.locks.held(self.provider.uid))

    def refresh(self, token: str, *, timeout: int | None = None) -> dict[str, Any]:
        """Let a lock of the member last longer."""
        lock = self.locks.refresh(token, self.provider.uid, timeout)
        if lock is None:
            forbidden()
        path = self.provider.ref_url_to_path(self._asked)
        node = self.at(self._asked)
        return {"root": quote(path if node is None else self.root(lock, path, node))}

    def release(self, token: str) -> None:
        """End a lock of the member."""
        self.locks.unlock(token, self.provider.uid)

    # Showing

    def root(self, lock: Lock, path: str, node: Node) -> str:
        """Return where *lock* is, which is on *node*, at *path*, or on a folder above."""
        path = path.rstrip("/")
        for each in node.lineage():
            if each.id == lock.node:
                return f"{path}/" if each.is_folder else path
            path = path.rpartition("/")[0]
        return "/"

    def owner(self, lock: Lock) -> list[Element]:
        """Return what the holder's program calls its user."""
        words = None if lock.words is None else self.provider.service.seals.text(lock.words)
        if words is None:
            return []
        try:
            return [fromstring(words)]
        except SyntaxError:
            return []

"""`IQuota`: how much a member stores, and may."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.interfaces import IQuota
from communicate.quota.content import Storage, Used

_ = TranslationStringFactory("communicate")


class QuotaExceeded(ValueError):
    """There is no room; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


def storage_of(request: Any) -> Storage:
    """Return what the site counts of its members' bytes."""
    found: Storage = request.root_map["storage"]
    return found


@implementer(IQuota)
class Quota:
    """The room of the members of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request

    @property
    def limit(self) -> int:
        """The bytes that each member may store; 0: as many as there is room for."""
        found: int = self.request.registry.settings["communicate.quota"]
        return found

    def used(self, uid: int) -> int:
        """Return how many bytes member *uid* stores, in all services, switched off ones too."""
        used: Used | None = storage_of(self.request).by_uid.get(uid)
        return 0 if used is None else used.total

    def left(self, uid: int) -> int | None:
        """Return how many bytes member *uid* may add, None where nothing limits that."""
        return max(self.limit - self.used(uid), 0) if self.limit else None

    def room(self, uid: int, size: int) -> None:
        """Raise QuotaExceeded where *size* more bytes of member *uid* are too many."""
        left = self.left(uid)
        if left is None or size <= left:
            return
        shown = self.request.page.size
        sentence = _(
            "There is no room for ${size}: ${left} of ${limit} are left. Delete something "
            "first, also from the trash.",
            mapping={"size": shown(size), "left": shown(left), "limit": shown(self.limit)},
        )
        raise QuotaExceeded(sentence)

    def claim(self, uid: int, service: str, size: int) -> None:
        """Count *size* more bytes that *service* keeps of *uid*; raise QuotaExceeded."""
        self.room(uid, size)
        if size:
            storage_of(self.request).change(uid, service, size, self.limit)

    def release(self, uid: int, service: str, size: int) -> None:
        """Count *size* bytes less that *service* keeps of *uid*; nothing once that is erased."""
        storage = storage_of(self.request)
        if size and uid in storage.by_uid:
            storage.change(uid, service, -size)


def quota_service(_context: Any, request: Request) -> Quota:
    """Return the service for one request."""
    return Quota(request)

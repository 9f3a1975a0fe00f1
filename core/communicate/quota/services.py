"""`IQuota`: how much a member stores, and may."""

import logging
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.interfaces import IMembers, IPlugins, IQuota

_ = TranslationStringFactory("communicate")
log = logging.getLogger(__name__)

HOOK = "communicate_storage_use"


class QuotaExceeded(ValueError):
    """There is no room; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Asked:
    """A member as the hook is given one."""

    def __init__(self, request: Request, uid: int) -> None:
        self.request, self.uid = request, uid


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
        """Return how many bytes member *uid* stores, in all services that run."""
        plugins = self.request.registry.getUtility(IPlugins)
        answers = plugins.duty(HOOK, member=Asked(self.request, uid))
        return sum(answer for _name, answer in answers if isinstance(answer, int))

    def left(self, uid: int) -> int | None:
        """Return how many bytes member *uid* may add, None where nothing limits that."""
        return max(self.limit - self.used(uid), 0) if self.limit else None

    def claim(self, uid: int, size: int) -> None:
        """Raise QuotaExceeded where *size* more bytes of member *uid* are too many.

        Two claims of one member conflict, and the later one is tried again when the other's bytes
        count: together they never go beyond what each of them alone may.
        """
        if not self.limit:
            return
        left = self.limit - self.used(uid)
        if size > left:
            shown = self.request.page.size
            sentence = _(
                "There is no room for ${size}: ${left} of ${limit} are left. Delete something "
                "first, also from the trash.",
                mapping={
                    "size": shown(size),
                    "left": shown(max(left, 0)),
                    "limit": shown(self.limit),
                },
            )
            raise QuotaExceeded(sentence)
        member = self.request.find_service(IMembers).by_uid(uid, closed=True)
        if member is not None:
            member._p_changed = True


def quota_service(_context: Any, request: Request) -> Quota:
    """Return the service for one request."""
    return Quota(request)

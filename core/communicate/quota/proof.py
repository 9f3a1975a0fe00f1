"""Whether what is counted is what is kept: `communicate doctor` asks, and steps count anew."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from communicate.interfaces import IPlugins
from communicate.quota.content import Used
from communicate.quota.services import storage_of

HOOK = "communicate_storage_use"


class Asked:
    """A member as the hook is given one."""

    def __init__(self, request: Any, uid: int) -> None:
        self.request, self.uid = request, uid


class Drift(NamedTuple):
    """What *service* keeps of member *uid*, where other bytes are counted."""

    uid: int
    service: str
    counted: int
    kept: int


def kept(request: Any, uid: int) -> dict[str, int]:
    """Return how many bytes each service that runs keeps of *uid*, added up; one may fail."""
    answers = request.registry.getUtility(IPlugins).duty(HOOK, member=Asked(request, uid))
    return {name: answer for name, answer in answers if isinstance(answer, int)}


def drifts(request: Any, uid: int) -> Iterator[Drift]:
    """Yield each service that keeps other bytes of *uid* than are counted."""
    used: Used | None = storage_of(request).by_uid.get(uid)
    counted = {} if used is None else used.parts
    for service, size in kept(request, uid).items():
        if counted.get(service, 0) != size:
            yield Drift(uid, service, counted.get(service, 0), size)


def recount(request: Any, uid: int) -> None:
    """Count what the services that run keep of *uid*; what one that is off keeps, counts on."""
    for one in list(drifts(request, uid)):
        storage_of(request).change(uid, one.service, one.kept - one.counted)

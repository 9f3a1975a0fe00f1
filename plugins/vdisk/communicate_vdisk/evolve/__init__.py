"""Evolve steps of the disk."""

from typing import Any

from communicate.interfaces import IMembers
from communicate.quota.proof import recount
from communicate.storage.evolve import evolve_step
from communicate_vdisk.content import NAME, Disk, Links


@evolve_step("vdisk", "storage")
def count_storage(request: Any) -> None:
    """Let the site count what disks hold, each of which counted that by itself."""
    for uid in set(request.site[NAME].owners.values()):
        member = request.find_service(IMembers).by_uid(uid, closed=True)
        disk = None if member is None else member.get(NAME)
        if isinstance(disk, Disk) and hasattr(disk, "used"):
            del disk.used
            recount(request, uid)


@evolve_step("vdisk", "links", after="storage")
def begin_links(request: Any) -> None:
    """Let there be a place for links where the disks are older than links."""
    disks = request.site[NAME]
    if not hasattr(disks, "links"):
        disks.links = Links()

"""What comes into a folder under a name that may be there already."""

from typing import Any

from communicate.accounts.limits import count_act
from communicate.security import permits
from communicate_vdisk.content import Directory, File
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.names import checked, free
from communicate_vdisk.permissions import CHANGE


def count_upload(request: Any, cost: int = 1) -> None:
    """Count things that come in; raise TooMany."""
    count_act(request, "vdisk.uploads", cost=cost)


def count_change(request: Any, cost: int = 1) -> None:
    """Count things that are changed, moved or thrown away, as the gateways do; raise TooMany.

    What only takes such an act back is not counted: it is no more often.
    """
    count_act(request, "vdisk.changes", cost=cost)


def keep(request: Any, folder: Directory, name: str, stream: Any) -> File:
    """Put what *stream* holds into *folder* as *name*; return the file.

    A file of that name that the viewer may change gets it as its new version; whoever may not
    gets a name like it.
    """
    service, uid = request.find_service(IDisk), request.member.uid
    name = checked(name)
    there = service.child(folder, name)
    if isinstance(there, File) and permits(request, there, CHANGE):
        service.replace(there, stream, uid)
        return there
    name = free(name, lambda tried: service.child(folder, tried) is not None)
    made: File = service.add_file(folder, name, stream, uid)
    return made

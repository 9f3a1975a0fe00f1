"""What programs do to a file besides filling it: save it by way of another one, and date it."""

from communicate_vdisk import kinds, properties
from communicate_vdisk.content import File, Node
from communicate_vdisk.errors import VIRUS, Refused
from communicate_vdisk.interfaces import ITrash
from communicate_vdisk.placing import disk_above, list_in, take_out
from communicate_vdisk.services import WIDER, DiskService, is_as_closed


def absorb(service: DiskService, file: File, other: File, by: int | None) -> None:
    """Let *file* hold what *other*, of the same disk, does, which is gone then.

    So save programs that write beside a file and then put that in its place: it stays the same
    thing, with its address, audience and links; what it held is a version, and so is what the
    other one held before.  Raise Refused where more people see *file*, but for who put there
    what the other one holds.
    """
    service.locks.check(file, other)
    service.locks.check_leaving(other)
    if by not in (None, other.owner, other.by) and not is_as_closed(file, other):
        raise Refused(WIDER)
    if other.blob is None:
        raise Refused(VIRUS)
    blob, changed = other.blob, other.changed
    said = properties.told(service.seals, other)
    take_out(service.seals, other, service.name(other))
    other.blob, other.size = None, 0  # its bytes count with *file* from now on
    service.hand_over(other, file)
    service.request.find_service(ITrash).remove(other)
    name = service.name(file)
    take_out(service.seals, file, name)
    if file.blob is not None:
        service._keep(file)
    elif file.held is not None:
        service.release(disk_above(file), file.size)
    head = b"".join(service.seals.open_range(blob, 0, kinds.HEAD))
    service._fill(file, blob, kinds.media_of(name, head))
    file.changed = changed
    if said:
        properties.keep(service, file, said)
    list_in(service.seals, file.__parent__, file, name)
    service._note_by(file, by)
    service._told(file)


def date(service: DiskService, node: Node, changed: int) -> None:
    """Let *node* have been changed at *changed*, milliseconds since 1970."""
    service.locks.check(node)
    name = service.name(node)
    take_out(service.seals, node, name)
    node.changed = changed
    list_in(service.seals, node.__parent__, node, name)
    service._told(node)

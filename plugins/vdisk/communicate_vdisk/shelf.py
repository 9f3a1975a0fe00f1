"""`IShelf`: what other plugins have for a member is put into the member's disk."""

from typing import Any

from zope.interface import implementer

from communicate.interfaces import IShelf
from communicate.shelf import NotKept
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.keeping import count_upload
from communicate_vdisk.names import BadName, checked, free


@implementer(IShelf)
class Shelf:
    """The disk of the signed-in member, as others see it."""

    def __init__(self, request: Any) -> None:
        self.request = request

    def keep(self, name: str, stream: Any) -> str:
        """Put all that *stream* holds into the disk itself, as *name* or a name like it."""
        count_upload(self.request)
        service, uid = self.request.find_service(IDisk), self.request.member.uid
        disk = service.disk(uid)
        try:
            wanted = free(checked(name), lambda tried: service.child(disk, tried) is not None)
            return str(service.path(service.add_file(disk, wanted, stream, uid)))
        except (BadName, Refused) as error:
            raise NotKept(error.reason) from error


def shelf_service(_context: Any, request: Any) -> Shelf:
    """Return the service for one request."""
    return Shelf(request)

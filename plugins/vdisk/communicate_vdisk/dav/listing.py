"""What a large folder holds, over WebDAV (RFC 4918, 9.1): answered as it is read.

Each few hundred things are read in a transaction of their own, asked for their rights then,
said, and forgotten: memory does not grow with the folder, and who reads slowly holds nothing of
the tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, tostring

from wsgidav import dav_error, util, xml_tools
from wsgidav.dav_error import DAVError

from communicate.interfaces import IMembers
from communicate.storage.work import work
from communicate_vdisk.dav.folders import FolderResource
from communicate_vdisk.placing import START

LISTED = 500  # things that are known at once
MODES = {"{DAV:}allprop": "allprop", "{DAV:}propname": "name", "{DAV:}prop": "named"}
HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">'
TAIL = b"</D:multistatus>"


@dataclass(frozen=True)
class Asked:
    """Which properties a PROPFIND asks for: ``allprop``, ``name`` or ``named``, and those."""

    mode: str
    names: tuple[str, ...] = ()

    def of(self, resource: Any) -> list[tuple[str, Any]]:
        """Return them of *resource*, as WsgiDAV does."""
        if self.mode == "named":
            found: list[tuple[str, Any]] = resource.get_properties(
                "named", name_list=list(self.names)
            )
        else:
            found = resource.get_properties(self.mode)
        return found


def asked(environ: dict[str, Any]) -> Asked:
    """Return what the body of a PROPFIND asks for; raise 400 for none that can be."""
    body = util.parse_xml_body(environ, allow_empty=True)
    if body is None:
        return Asked("allprop")
    modes = [each for each in body if each.tag in MODES]
    if body.tag != "{DAV:}propfind" or len(modes) != 1:
        raise DAVError(dav_error.HTTP_BAD_REQUEST)
    return Asked(MODES[modes[0].tag], tuple(each.tag for each in modes[0]))


class Listed:
    """The answer: the first things are read at once, in the transaction of the request."""

    def __init__(self, folder: FolderResource, wanted: Asked) -> None:
        self.registry, self.exchange = folder.request.registry, folder.provider.exchange
        self.uid, self.path, self.wanted = folder.provider.uid, folder.path, wanted
        self._after: int | None = START
        said, self._after = self._some(folder)
        self._first = HEAD + self._said(folder) + said

    def __iter__(self) -> Iterator[bytes]:
        yield self._first
        self._first = b""
        while self._after is not None:
            said, self._after = work(self.registry, self._next)
            yield said
        yield TAIL

    def _next(self, request: Any) -> tuple[bytes, int | None]:
        """Return what is said of the next things, nothing where the folder is out of sight."""
        from communicate_vdisk.dav.provider import Provider  # which knows this module's neighbours

        member = request.find_service(IMembers).by_uid(self.uid)
        if member is None or not member.may_sign_in:
            return b"", None
        request.member = member
        provider = Provider(request, member, self.exchange)
        folder = provider.get_resource_inst(self.path, provider.environ())
        if not isinstance(folder, FolderResource):
            return b"", None
        return self._some(folder)

    def _some(self, folder: FolderResource) -> tuple[bytes, int | None]:
        resources, last = folder.some(self._after, LISTED)
        return b"".join(map(self._said, resources)), last

    def _said(self, resource: Any) -> bytes:
        """Return what is said of *resource*."""
        around: Element = xml_tools.make_multistatus_el()
        util.add_property_response(around, resource.get_href(), self.wanted.of(resource))
        return b"".join(map(tostring, around))

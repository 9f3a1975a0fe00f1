"""What programs keep with a folder or a file, as WebDAV says it: elements by name."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.ElementTree import fromstring
from wsgidav.dav_error import DAVError

from communicate.quota import QuotaExceeded
from communicate_vdisk import properties
from communicate_vdisk.content import Node
from communicate_vdisk.dav.answers import NO_ROOM


class Properties:
    """The properties of *node* that programs gave it."""

    def __init__(self, service: Any, node: Node) -> None:
        self.service, self.seals, self.node = service, service.seals, node

    def names(self) -> list[str]:
        """Return the names, in Clark notation."""
        return list(properties.told(self.seals, self.node))

    def get(self, name: str) -> Element | None:
        """Return what is kept under *name*, or None."""
        found = properties.told(self.seals, self.node).get(name)
        try:
            return None if found is None else fromstring(found)
        except ParseError:
            return None

    def set(self, name: str, value: Element | None, *, dry_run: bool = False) -> None:
        """Keep *value* under *name*, or nothing where it is None; raise 507 where it is much."""
        kept = properties.told(self.seals, self.node)
        if value is None:
            kept.pop(name, None)
        else:
            try:
                kept[name] = tostring(value, encoding="unicode")
            except RecursionError:
                raise DAVError(NO_ROOM) from None
        if not properties.fits(kept):
            raise DAVError(NO_ROOM)
        if dry_run:
            return
        try:
            properties.keep(self.service, self.node, kept)
        except QuotaExceeded:
            raise DAVError(NO_ROOM) from None

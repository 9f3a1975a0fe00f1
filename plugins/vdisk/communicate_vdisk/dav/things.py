"""What files and folders have in common over WebDAV: dates, locks, properties."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from wsgidav import dav_error
from wsgidav.dav_error import DAVError

from communicate.clock import milliseconds, now
from communicate.security import permits
from communicate_vdisk.absorbing import date
from communicate_vdisk.content import Disk, Node
from communicate_vdisk.dav import moving
from communicate_vdisk.dav.answers import CANNOT, forbidden, refused
from communicate_vdisk.dav.properties import Properties
from communicate_vdisk.interfaces import ITrash
from communicate_vdisk.permissions import CHANGE

LOCK_NAMES = ("{DAV:}lockdiscovery", "{DAV:}supportedlock")


class Thing:
    """A folder or a file at a path, for the member who signed in; mixed into WsgiDAV's classes."""

    provider: Any
    environ: Any
    path: str
    node: Node

    @property
    def request(self) -> Any:
        """The request in whose transaction this is."""
        return self.provider.request

    @property
    def service(self) -> Any:
        """The disk's service."""
        return self.provider.service

    def permits(self, permission: str) -> bool:
        """Tell whether the member holds *permission* here."""
        return bool(permits(self.request, self.node, permission))

    def need(self, permission: str) -> None:
        """Raise 403 where the member lacks *permission* here."""
        if not self.permits(permission):
            forbidden()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Say in the terms of WebDAV why something cannot be done."""
        try:
            yield
        except CANNOT as error:
            refused(self.request, error, self.path)

    # Dates

    def get_creation_date(self) -> float:
        """Return when it came, in seconds since 1970."""
        return self.node.created / 1000

    def get_last_modified(self) -> float:
        """Return when it was changed, in seconds since 1970."""
        return (self.node.changed or self.node.created) / 1000

    def set_last_modified(self, _path: str, stamp: Any, *, dry_run: bool) -> bool:
        """Say when it was changed, as a program that copies files knows better."""
        self.need(CHANGE)
        seconds = moving.seconds_of(stamp)
        if not dry_run and not isinstance(self.node, Disk):
            with self.telling():
                date(self.service, self.node, int(seconds * 1000))
        return True

    # Locks

    def prevent_locking(self) -> bool:
        """Tell whether the member may not change this: who only reads locks nobody out."""
        return not self.permits(CHANGE)

    def lock_discovery(self) -> Any:
        """Return who is at work here; a token is told to its holder alone."""
        found = Element(LOCK_NAMES[0])
        for lock in self.provider.locks.on(self.node):
            active = SubElement(found, "{DAV:}activelock")
            SubElement(SubElement(active, "{DAV:}locktype"), "{DAV:}write")
            scope = "{DAV:}shared" if lock.shared else "{DAV:}exclusive"
            SubElement(SubElement(active, "{DAV:}lockscope"), scope)
            SubElement(active, "{DAV:}depth").text = "infinity" if lock.deep else "0"
            active.extend(self.provider.lock_manager.owner(lock))
            left = max(0, lock.until - milliseconds(now(self.request))) // 1000
            SubElement(active, "{DAV:}timeout").text = f"Second-{left}"
            if lock.holder == self.provider.uid:
                token = SubElement(active, "{DAV:}locktoken")
                SubElement(token, "{DAV:}href").text = lock.token
                root = SubElement(active, "{DAV:}lockroot")
                at = self.provider.lock_manager.root(lock, self.path, self.node)
                SubElement(root, "{DAV:}href").text = moving.href(at)
        return found

    # Properties

    def get_property_names(self, *, is_allprop: bool) -> list[str]:
        """Return the names of what is known of it, in Clark notation."""
        names: list[str] = super().get_property_names(is_allprop=is_allprop)  # type: ignore[misc]
        return [*names, *Properties(self.service, self.node).names()]

    def get_property_value(self, name: str) -> Any:
        """Return what is known of it under *name*, text or an element; raise 404."""
        if name == LOCK_NAMES[0]:
            return self.lock_discovery()
        if name == "{DAV:}getetag" and self.support_etag():  # type: ignore[attr-defined]
            return f'"{self.get_etag()}"'  # type: ignore[attr-defined]
        if name.startswith("{DAV:}"):
            return super().get_property_value(name)  # type: ignore[misc]
        found = Properties(self.service, self.node).get(name)
        if found is None:
            raise DAVError(dav_error.HTTP_NOT_FOUND)
        return found

    def set_property_value(self, name: str, value: Any, *, dry_run: bool = False) -> Any:
        """Keep *value* under *name*, or nothing where it is None; raise 403, 507."""
        self.need(CHANGE)
        if name.startswith(("{DAV:}", "{urn:schemas-microsoft-com:}")):
            return super().set_property_value(name, value, dry_run=dry_run)  # type: ignore[misc]
        Properties(self.service, self.node).set(name, value, dry_run=dry_run)
        return True

    # Going elsewhere

    def handle_delete(self) -> bool:
        """Throw it away: it stays in its owner's trash."""
        self.need(CHANGE)
        if isinstance(self.node, Disk):
            forbidden()
        with self.telling():
            self.request.find_service(ITrash).throw(self.node)
        return True

    def handle_copy(self, dest_path: str, *, depth_infinity: bool) -> bool:
        """Copy it, and with *depth_infinity* what it holds."""
        with self.telling():
            moving.Going(self, dest_path).copy(deep=depth_infinity)
        return True

    def handle_move(self, dest_path: str) -> bool:
        """Move it with all it holds."""
        self.need(CHANGE)
        if isinstance(self.node, Disk):
            forbidden()
        with self.telling():
            moving.Going(self, dest_path).move()
        return True

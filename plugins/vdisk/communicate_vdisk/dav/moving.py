"""Copies and moves over WebDAV, and the dates that programs give."""

import math
from contextlib import closing
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from pyramid.i18n import TranslationStringFactory
from wsgidav import dav_error, util
from wsgidav.dav_error import DAVError

from communicate.security import permits
from communicate_vdisk.absorbing import absorb
from communicate_vdisk.content import Directory, Disk, File, Node
from communicate_vdisk.copying.inline import Copying, also
from communicate_vdisk.copying.interfaces import ICopies
from communicate_vdisk.dav.answers import forbidden
from communicate_vdisk.dav.copying import begin
from communicate_vdisk.dav.counting import COPIES, count
from communicate_vdisk.dav.exchange import MOUNT
from communicate_vdisk.errors import VIRUS, Refused
from communicate_vdisk.interfaces import ITrash
from communicate_vdisk.permissions import ADD, CHANGE
from communicate_vdisk.placing import disk_above
from communicate_vdisk.streams import Pieces
from communicate_vdisk.waiting import WAIT, waits

_ = TranslationStringFactory("communicate_vdisk")

FIRST = _("This is too much to be moved to another disk: copy it there, then throw it away.")
LATEST = 2**43  # milliseconds since 1970


class Going:
    """One thing on its way to another path: *there* is what is at it now, if anything."""

    def __init__(self, thing: Any, dest_path: str) -> None:
        self.provider, self.node = thing.provider, thing.node
        self.service, self.request = thing.service, thing.request
        self.trash = self.request.find_service(ITrash)
        self.copies = self.request.find_service(ICopies)
        dest_path = dest_path.rstrip("/")
        above = self.provider.get_resource_inst(util.get_uri_parent(dest_path), thing.environ)
        there = self.provider.get_resource_inst(dest_path, thing.environ)
        folder = getattr(above, "node", None)
        self.there: Node | None = getattr(there, "node", None)
        self.name = util.get_uri_name(dest_path)
        if not isinstance(folder, Directory) or isinstance(self.there, Disk):
            forbidden()
        self.folder = folder
        # Two paths can name one thing: composed otherwise, or shared by itself and in a folder.
        if self.node in folder.lineage() or self.there in self.node.lineage():
            forbidden()
        if not permits(self.request, self.folder, ADD):
            forbidden()
        if self.there is not None and not permits(self.request, self.there, CHANGE):
            forbidden()

    def copy(self, *, deep: bool) -> None:
        """Copy it there, in place of what is there."""
        count(self.request, self.provider.exchange)
        if isinstance(self.node, File) and isinstance(self.there, File):
            if self.node.blob is None:
                raise Refused(VIRUS)
            if waits(self.request, self.node):
                raise Refused(WAIT)
            with closing(self.service.seals.open_range(self.node.blob)) as pieces:
                self.service.replace(self.there, Pieces(pieces), self.provider.uid)
            also(self.service, self.node, self.there)
            return
        if deep and self.copies.is_long([self.node]):
            self._begin()
            return
        self._clear()
        if self.node.is_folder and not deep:
            made = self.service.make_folder(self.folder, self.name, self.provider.uid)
            also(self.service, self.node, made)
        else:
            Copying(self.service, self.provider.uid).copy(self.node, self.folder, self.name)

    def _begin(self) -> None:
        """Have it copied in batches, once this transaction has committed."""
        exchange = self.provider.exchange
        count(self.request, exchange, COPIES)
        exchange.copying = begin(
            self.request, self.node, self.folder, self.name, replaces=self.there is not None
        )

    def move(self) -> None:
        """Move it there, in place of what is there; to another disk, it is copied."""
        if disk_above(self.node) is not disk_above(self.folder):
            if self.copies.is_long([self.node]):
                raise Refused(FIRST)
            self.copy(deep=True)
            self.trash.throw(self.node)
            return
        if isinstance(self.node, File) and isinstance(self.there, File):
            # Programs save so: what was saved stays the same thing, with all that is said of it.
            absorb(self.service, self.there, self.node, self.provider.uid)
            return
        self._clear()
        self.service.move(self.node, self.folder, self.provider.uid, name=self.name)

    def _clear(self) -> None:
        """Throw away what is there."""
        if self.there is not None:
            self.trash.throw(self.there)


def seconds_of(stamp: Any) -> float:
    """Return the moment that a program names, in seconds since 1970; raise 400 for none."""
    try:
        found = float(stamp)
    except (TypeError, ValueError):
        try:
            found = parsedate_to_datetime(str(stamp)).timestamp()
        except (TypeError, ValueError):
            raise DAVError(dav_error.HTTP_BAD_REQUEST) from None
    if not math.isfinite(found) or not 0 <= found * 1000 < LATEST:
        raise DAVError(dav_error.HTTP_BAD_REQUEST)
    return found


def href(path: str) -> str:
    """Return the address of *path*."""
    return quote(MOUNT + path)

"""Copies that take longer than a request may: `ICopies`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import IMembers, INotifications, IOutbox, IQuota, ISeals
from communicate.quota import QuotaExceeded
from communicate.security import permits
from communicate_vdisk.content import NAME, SERVICE, Directory, Disk, Node
from communicate_vdisk.copying import inline
from communicate_vdisk.copying.content import COPYING, COUNTING, DONE, FAILED, Copies, Copy
from communicate_vdisk.copying.interfaces import ICopies
from communicate_vdisk.copying.walking import Failed, Next, Walk, check_depth
from communicate_vdisk.errors import Refused
from communicate_vdisk.indexing import settle, settle_below
from communicate_vdisk.interfaces import IDisk, ITrash
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.locks.services import Locked
from communicate_vdisk.names import BadName, free
from communicate_vdisk.permissions import ADD, CHANGE
from communicate_vdisk.placing import disk_above, hang
from communicate_vdisk.services import INSIDE, NAME_KIND, disks_of

_ = TranslationStringFactory("communicate_vdisk")

COPY, SWEEP, ENDED = "vdisk.copy", "vdisk.copies", "vdisk.copied"
TOGETHER = 3  # copies of one member at once
WAITS = 90  # minutes for which a copy that is whole waits for who is at work where it goes
KEPT = timedelta(days=3)  # for which a copy that ended is listed

MANY = _("${n} copies of yours are being made: wait for one of them.", mapping={"n": TOGETHER})


def copies_of(request: Any) -> Copies | None:
    """Return the site's copies, None where there never was any."""
    disks = request.site.get(NAME)
    found: Copies | None = None if disks is None else disks.copies
    return found


@implementer(ICopies)
class CopyService:
    """The long copies of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.disk = request.find_service(IDisk)
        self.quota = request.find_service(IQuota)

    # Asking

    def is_long(self, nodes: Sequence[Node]) -> bool:
        """Tell whether copying *nodes* is too much for one request."""
        return inline.is_long(self.request, nodes)

    def find(self, number: int) -> Copy | None:
        """Return the copy with that id, or None."""
        known = copies_of(self.request)
        return None if known is None else known.by_id.get(number)

    def of(self, uid: int) -> list[Copy]:
        """Return the copies of member *uid*, or that go to their disk, the newest first."""
        known = copies_of(self.request)
        every = [] if known is None else list(known.by_id.values())
        return [copy for copy in every if uid in (copy.by, copy.owner)][::-1]

    # From its beginning to its end

    def begin(
        self,
        nodes: Sequence[Node],
        folder: Directory,
        by: int,
        *,
        name: str | None = None,
        replaces: bool = False,
        quiet: bool = False,
    ) -> Copy:
        """Return a new copy of *nodes* to *folder* for member *by*; raise Refused."""
        if any(node in folder.lineage() for node in nodes):
            raise Refused(INSIDE)
        mine = (copy for copy in self.of(by) if copy.by == by and copy.is_under_way)
        if len(list(mine)) >= TOGETHER:
            raise Refused(MANY)
        owner = int(folder.owner or 0)
        made = Copy(new_id(), by, owner, 0 if isinstance(folder, Disk) else folder.id)
        made.sources = tuple(node.id for node in nodes)
        made.began = milliseconds(now(self.request))
        made.replaces, made.quiet = replaces, quiet
        if name is not None:
            made.name = self.request.find_service(ISeals).seal(owner, NAME_KIND, name)
        disks = disks_of(self.request)
        if disks.copies is None:
            disks.copies = Copies()
        disks.copies.by_id[made.id] = made
        return made

    def later(self, copy: Copy, minutes: int = 0, *, ends: bool = False) -> None:
        """Have a job go on with *copy* in so many *minutes*, or end it, where it *ends* then."""
        due = now(self.request) + timedelta(minutes=minutes) if minutes else None
        payload = {"copy": copy.id, "ends": ends}
        self.request.find_service(IOutbox).add(COPY, payload, owner=copy.by, due=due)

    def enter(self, copy: Copy) -> None:
        """Let the rest of this request be of the member who asked for *copy*; raise Failed."""
        member = self.request.find_service(IMembers).by_uid(copy.by)
        if member is None or not member.may_sign_in:
            raise Failed("gone")
        self.request.member = member

    def place(self, copy: Copy) -> Directory:
        """Return the folder that *copy* goes to; raise Failed where that takes nothing now."""
        owner = self.request.find_service(IMembers).by_uid(copy.owner)
        found: Any = None
        if owner is not None:
            found = self.disk.find(copy.folder) if copy.folder else owner.get(NAME)
        if not isinstance(found, Directory) or not permits(self.request, found, ADD):
            raise Failed("closed")
        return found

    def step(self, number: int, spool: Any = None, sealed: str = "") -> Next | None:
        """Do the next batch of a copy; return what is to be done then, None where it ended."""
        copy = self.find(number)
        if copy is None or not copy.is_under_way:
            return None
        try:
            self.enter(copy)
            return self._step(copy, spool, sealed)
        except Failed as error:
            self._fail(copy, error.code)
        except QuotaExceeded:
            self._fail(copy, "room")
        except (Refused, BadName):
            self._fail(copy, "closed")
        return None

    def _step(self, copy: Copy, spool: Any, sealed: str) -> Next | None:
        target = self.place(copy)
        following = Walk(self.disk, copy, target, spool, sealed).run()
        if following is not None:
            return following
        if copy.state == COUNTING:
            self.quota.claim(copy.owner, SERVICE, copy.size)
            copy.reserved, copy.state, copy.at = copy.size, COPYING, 0
            return Next()
        return self._finish(copy, target)

    # The end

    def _finish(self, copy: Copy, target: Directory) -> Next | None:
        """Let all of *copy* be seen in *target*, at once; wait where somebody is at work there."""
        check_depth(copy, target)
        made = [self._whole(number, target) for number in copy.made]
        there = [self._replaced(node, target) for node in made] if copy.replaces else []
        old = [node for node in there if node is not None]
        try:
            self.request.find_service(ILocks).check(target)
            self.request.find_service(ILocks).check(*old, below=True)
        except Locked:
            copy.waits += 1
            if copy.waits > WAITS:
                raise Failed("busy") from None
            return Next(minutes=1)
        for node in old:
            self.request.find_service(ITrash).throw(node)
        for node in made:
            self._appear(node, target)
        self._end(copy, DONE)
        return None

    def _whole(self, number: int, target: Directory) -> Node:
        """Return what was made under that id; raise Failed where it is not there any more."""
        node: Node | None = self.disk.find(number)
        if node is None or disk_above(node) is not disk_above(target):
            raise Failed("closed")
        return node

    def _replaced(self, node: Node, target: Directory) -> Node | None:
        """Return what makes room for *node*: it is called so, and may be thrown away."""
        there = self.disk.child(target, self.disk.name(node))
        return there if there is not None and permits(self.request, there, CHANGE) else None

    def _appear(self, node: Node, target: Directory) -> None:
        """Let *node* be in *target*, under its own name or one like it."""
        called = self.disk.name(node)
        name = free(called, lambda tried: self.disk.child(target, tried) is not None)
        if name != called:
            node.name = self.disk.seals.seal(node.owner, NAME_KIND, name)
        node.coming = False
        hang(self.disk.seals, target, node, name)
        settle(self.request, node)
        settle_below(self.request, node)

    def _end(self, copy: Copy, state: str) -> None:
        """Let *copy* be over: what it had reserved is free."""
        self.quota.release(copy.owner, SERVICE, copy.reserved)
        copy.reserved, copy.state, copy.todo = 0, state, ()
        copy.ended = milliseconds(now(self.request))
        if not copy.quiet:
            self.request.find_service(INotifications).send(ENDED, copy.by, path=f"/{NAME}/copies")

    def _fail(self, copy: Copy, code: str) -> None:
        """Let *copy* have failed: nothing of it stays but that."""
        self._destroy(copy)
        copy.reason = code
        self._end(copy, FAILED)

    def _destroy(self, copy: Copy) -> None:
        for number in copy.made:
            node = self.disk.find(number)
            if node is not None and node.coming:
                self.request.find_service(ITrash).give_up(node)
        copy.made = ()

    def cancel(self, copy: Copy) -> None:
        """End *copy*: what it made is destroyed, its room is free."""
        if copy.is_under_way:
            self._destroy(copy)
            self.quota.release(copy.owner, SERVICE, copy.reserved)
            copy.state = FAILED  # whoever is at it meets this
        self.forget(copy)

    def forget(self, copy: Copy) -> None:
        """List *copy* no more."""
        known = copies_of(self.request)
        if known is not None:
            known.by_id.pop(copy.id, None)

    def sweep(self, most: int) -> int:
        """Forget up to *most* copies that ended days ago; return how many."""
        known = copies_of(self.request)
        before = milliseconds(now(self.request) - KEPT)
        every = [] if known is None else list(known.by_id.values())
        old = [copy for copy in every if not copy.is_under_way and copy.ended < before][:most]
        for copy in old:
            self.forget(copy)
        return len(old)


def copy_service(_context: Any, request: Request) -> CopyService:
    """Return the service for one request."""
    return CopyService(request)

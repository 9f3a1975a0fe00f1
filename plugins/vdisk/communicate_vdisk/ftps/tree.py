"""Where a path leads: ``/<login>/…``, for the member who signed in.

One's own login leads to one's disk, where a session begins; another's to what that member shares
with one, as a folder of that alone.  ``/`` holds both: one's disk, and a folder for each who
shares something.  What may not be known to exist is not there.
"""

from dataclasses import dataclass, field
from typing import Any

from communicate.interfaces import ISeals
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_vdisk.content import Directory, File, Node
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.names import composed
from communicate_vdisk.placing import some_of
from communicate_vdisk.sharing import shared_by, sharers


@dataclass(frozen=True)
class Spot:
    """What is at a path: a *node*, or a folder that nobody made, of what is to be seen."""

    node: Node | None = None
    listed: dict[str, Node | None] = field(default_factory=dict)

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of either kind."""
        return not isinstance(self.node, File)


class Tree:
    """The paths of one member, in one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.uid: int = request.member.uid
        self.login = str(request.member.__name__)
        self.service = request.find_service(IDisk)

    def at(self, path: str) -> Spot | None:
        """Return what is at *path*, absolute and without ``..``, as far as the member may see."""
        login, *names = path.strip("/").split("/")
        if not login:
            return Spot(listed=dict.fromkeys([self.login, *sharers(self.request)]))
        if login == self.login:
            return self._below(self.service.disk(self.uid), names)
        shared = shared_by(self.request, login)
        if not names:
            return Spot(listed=dict(shared)) if shared else None
        return self._below(shared.get(composed(names[0])), names[1:])

    def _below(self, here: Node | None, names: list[str]) -> Spot | None:
        """Return what *names* lead to from *here*."""
        for name in names:
            wanted = composed(name)
            inside = isinstance(here, Directory) and wanted
            here = self.service.child(here, wanted) if inside else None
            if here is None or not permits(self.request, here, VIEW):
                return None
        return None if here is None else Spot(here)

    def listed(
        self, spot: Spot, after: int, most: int
    ) -> tuple[dict[str, Node | None], int | None]:
        """Return what the member may see of the folder *spot*, by name, and where that goes on.

        See `communicate_vdisk.placing.some_of`.
        """
        if not isinstance(spot.node, Directory):
            return spot.listed, None
        found, last = some_of(spot.node, after, most)
        nodes = [node for node in found if permits(self.request, node, VIEW)]
        seals = self.request.find_service(ISeals)
        names = seals.texts([node.name for node in nodes])
        return {name: node for name, node in zip(names, nodes, strict=True) if name}, last

"""Who may be told of what: asked when a notice is sent, shown, and mailed."""

from typing import Any

from communicate.interfaces import IContacts, IMembers
from communicate.notifications.content import Notice
from communicate.notifications.places import thing_of
from communicate.permissions import VIEW
from communicate.principals import Viewer
from communicate.security import decide


def viewer_for(request: Any, member: Any) -> Viewer:
    """Return *member* as a viewer, whoever has made *request*."""
    walled = request.registry.settings.get("communicate.widest_audience") == "members"
    return Viewer(member, request.site.get("members"), walled=walled)


def blocked(request: Any, one: int, other: int) -> bool:
    """Tell whether one of the two members has blocked the other."""
    return bool(request.find_service(IContacts).blocked(one, other))


class Judge:
    """Tells of what one member may be told, at this moment."""

    def __init__(self, request: Any, member: Any) -> None:
        self.request = request
        self.member = member
        self.viewer = viewer_for(request, member)
        self._people: dict[int, bool] = {}

    def allows(self, notice: Notice) -> bool:
        """Tell whether *notice* may be shown: by whom, and about what, it is."""
        if not self.allows_person(notice.by):
            return False
        return not notice.thing or self.allows_thing(thing_of(self.request, notice))

    def allows_thing(self, thing: Any) -> bool:
        """Tell whether the member may read *thing*, which is None where there is none."""
        return thing is not None and bool(decide(self.viewer, thing, VIEW))

    def allows_person(self, uid: int | None) -> bool:
        """Tell whether *uid* has an account and nothing to do with a block."""
        if uid is None:
            return True
        if uid not in self._people:
            here = self.request.find_service(IMembers).login_of(uid) is not None
            self._people[uid] = here and not blocked(self.request, uid, self.member.uid)
        return self._people[uid]

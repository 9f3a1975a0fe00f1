"""What the disk does when something happens elsewhere."""

from typing import Any

from pyramid.events import subscriber

from communicate.contacts.audiences import AudienceChanged
from communicate_vdisk.content import Node, within
from communicate_vdisk.indexing import governed, settle
from communicate_vdisk.interfaces import ILinks


@subscriber(AudienceChanged)
def audience_changed(event: Any) -> None:
    """Have the catalog know whether something is shared by itself, and what it governs.

    Where fewer people see it than before, the links that lead there end as well.
    """
    if isinstance(event.thing, Node):
        settle(event.request, event.thing)
        governed(event.request, event.thing)
        if not within(event.before, event.after):
            event.request.find_service(ILinks).narrowed(event.thing)

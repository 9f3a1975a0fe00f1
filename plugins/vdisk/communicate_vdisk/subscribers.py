"""What the disk does when something happens elsewhere."""

from typing import Any

from pyramid.events import subscriber

from communicate.contacts.audiences import AudienceChanged
from communicate_vdisk.content import Node
from communicate_vdisk.indexing import governed, settle


@subscriber(AudienceChanged)
def audience_changed(event: Any) -> None:
    """Have the catalog know whether something is shared by itself, and what it governs."""
    if isinstance(event.thing, Node):
        settle(event.request, event.thing)
        governed(event.request, event.thing)

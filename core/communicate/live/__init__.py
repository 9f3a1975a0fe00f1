"""Live: what concerns a member reaches the open page without a reload.

A page of a member asks for a ticket (`views`), signed and good for a minute, and opens a WebSocket
with it to the listener (`listener`), a thread of `serve` with an event loop of its own.  Whatever
code calls ``request.find_service(ILive).tell(uids, what, number)`` in a transaction; once that
has committed, the pages of these members are sent ``{"what": ..., "id": ...}`` and fetch the rest
as any page does, with all rights asked.  Nothing else ever crosses that wire, and without it a
reload shows the same.

Who is connected lies in the memory of this process (`hub`).  A connection belongs to one session
and ends with it: at once where the session ends in this process, within a minute where it runs out
or was ended by another (`reviewing`).
"""

from typing import Any

from pyramid.config import Configurator

from communicate.live.interfaces import ILive

__all__ = ["ILive", "includeme"]


def includeme(config: Configurator) -> None:
    """Offer `ILive`, and name the addresses that pages ask; nothing listens before `serve`."""
    from communicate.accounts.events import SessionEnded
    from communicate.live.hub import Hub
    from communicate.live.services import LiveService, end_with_session

    registry: Any = config.registry
    registry.communicate_live = Hub()
    config.register_service_factory(lambda _context, request: LiveService(request), ILive)
    config.add_subscriber(end_with_session, SessionEnded)
    config.add_route("live_ticket", "/live/ticket")
    config.add_route("live_unread", "/live/unread")

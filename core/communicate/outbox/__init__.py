"""Work that happens later, and everything that leaves the machine.

Jobs are stored in the transaction that causes them (`services`), run by the threads of ``serve``
(`runner`), and what they send goes out through one gate (`gate`).
"""

from typing import TYPE_CHECKING

from communicate.interfaces import IGate, IMailer, IOutbox
from communicate.outbox.bell import KEY, Bell
from communicate.outbox.gate import Gate
from communicate.outbox.mail.service import Mailer
from communicate.outbox.services import OutboxService

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: "Configurator") -> None:
    """Offer `IOutbox`, `IMailer` and `IGate` to every request."""
    config.registry[KEY] = Bell()
    config.register_service_factory(lambda _context, request: OutboxService(request), IOutbox)
    config.register_service_factory(lambda _context, request: Mailer(request), IMailer)
    config.register_service_factory(lambda _context, request: Gate(request), IGate)

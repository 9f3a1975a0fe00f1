"""What members write with, whatever they write: counting, previews, drafts, attachments."""

from pyramid.config import Configurator

DRAFTS, DISCARD = "account.drafts", "account.drafts.discard"


def includeme(config: Configurator) -> None:
    """Offer `IDrafts`, and the page of drafts."""
    from communicate.writing.drafts import DraftService
    from communicate.writing.interfaces import IDrafts

    config.register_service_factory(lambda _context, request: DraftService(request), IDrafts)
    config.add_route(DRAFTS, "/account/drafts")
    config.add_route(DISCARD, "/account/drafts/discard")

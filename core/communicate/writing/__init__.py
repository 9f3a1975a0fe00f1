"""What members write with, whatever they write: counting, previews, drafts, attachments."""

from pyramid.config import Configurator

DRAFTS, DISCARD = "account.drafts", "account.drafts.discard"
WORDS = "account.drafts.words"
LINK = "account.drafts.link"
FILES, FILE = "account.drafts.files", "account.drafts.file"


def includeme(config: Configurator) -> None:
    """Offer `IDrafts` and `IAttachments`, and the page of drafts."""
    from communicate.writing.attachments import AttachmentService
    from communicate.writing.drafts import DraftService
    from communicate.writing.interfaces import IAttachments, IDrafts

    config.register_service_factory(
        lambda _context, request: AttachmentService(request), IAttachments
    )
    config.register_service_factory(lambda _context, request: DraftService(request), IDrafts)
    config.add_route(DRAFTS, "/account/drafts")
    config.add_route(DISCARD, "/account/drafts/discard")
    config.add_route(WORDS, "/account/drafts/words/{key}")
    config.add_route(LINK, "/account/drafts/link")
    config.add_route(FILES, "/account/drafts/files")
    config.add_route(FILE, "/account/drafts/files/{id}")

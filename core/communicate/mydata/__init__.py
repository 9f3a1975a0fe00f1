"""My data: what is held about a member, what of it others see, and the archive of all of it.

`archive` is what ``communicate_export`` writes into, `exporting` has every plugin write, `jobs`
does so for a member who asks; `reading` and `importing` bring an archive back.
"""

from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import IExports

_ = TranslationStringFactory("communicate")

HOME, EXPORT = "account.privacy", "account.privacy.export"
SHARED, WROTE, ONE = "account.privacy.shared", "account.privacy.wrote", "account.privacy.one"


def includeme(config: Configurator) -> None:
    """Offer `IExports`, and the pages."""
    from communicate.mydata.services import ExportService

    config.register_service_factory(lambda _context, request: ExportService(request), IExports)
    config.add_route(HOME, "/account/privacy")
    config.add_route(EXPORT, "/account/privacy/export")
    config.add_route(SHARED, "/account/privacy/shared")
    config.add_route(WROTE, "/account/privacy/wrote")
    config.add_route(ONE, "/account/privacy/wrote/{kind}/{id}")
    config.add_account_subject(HOME, "shield-lock", _("My data"), weight=850)

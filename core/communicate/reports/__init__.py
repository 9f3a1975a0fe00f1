"""Reports: what members point out to moderators, and what those decide."""

from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.reports.interfaces import IReports

_ = TranslationStringFactory("communicate")


def includeme(config: Configurator) -> None:
    """Offer `IReports`, the form, the queue, and the page of one's own."""
    from communicate.reports.services import report_service

    config.register_service_factory(report_service, IReports)
    config.add_route("report", "/report/{kind}/{id}")
    config.add_route("moderate", "/moderate")
    config.add_route("moderate.case", "/moderate/{id}")
    config.add_route("account.reports", "/account/reports")
    config.add_account_subject("account.reports", "flag", _("Reports"), weight=800)

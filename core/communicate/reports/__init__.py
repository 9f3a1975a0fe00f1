"""Moderation: what members report, what moderators decide, suspensions, appeals and brakes."""

from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import IBrakes
from communicate.reports.interfaces import IReports, ISuspensions

_ = TranslationStringFactory("communicate")


def includeme(config: Configurator) -> None:
    """Offer the services, the form, the queue, the page of one's own and that of the suspended."""
    from communicate.reports.brakes import brakes
    from communicate.reports.services import report_service
    from communicate.reports.suspensions import suspension_service

    config.register_service_factory(report_service, IReports)
    config.register_service_factory(suspension_service, ISuspensions)
    config.register_service_factory(brakes, IBrakes)
    config.add_route("report", "/report/{kind}/{id}")
    config.add_route("moderate", "/moderate")
    config.add_route("moderate.suspended", "/moderate/suspended")
    config.add_route("moderate.suspend", "/moderate/suspend")
    config.add_route("moderate.suspension", "/moderate/suspended/{login}")
    config.add_route("moderate.case", "/moderate/{id}")
    config.add_route("moderate.file", "/moderate/{id}/files/{file}")
    config.add_route("moderate.appeal", "/moderate/{id}/appeal")
    config.add_route("suspended", "/suspended")
    config.add_route("suspended.export", "/suspended/export")
    config.add_route("suspended.erase", "/suspended/erase")
    config.add_route("account.appeal", "/account/reports/{id}")
    config.add_route("account.reports", "/account/reports")
    config.add_account_subject("account.reports", "flag", _("Reports"), weight=800)

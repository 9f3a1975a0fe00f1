"""Cases: the only way by which staff read anything narrower than *members*.

`glass` is what the security policy asks, `services` opens, approves and closes cases and keeps
their log, `strangers` holds what people without an account ask to be deleted.
"""

from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.cases.content import install
from communicate.cases.interfaces import ICases

_ = TranslationStringFactory("communicate")

__all__ = ["includeme", "install"]


def includeme(config: Configurator) -> None:
    """Offer `ICases`, the pages of staff, and the page on which members see and grant access."""
    from communicate.cases.services import case_service

    config.register_service_factory(case_service, ICases)
    config.add_route("operate_cases", "/operate/cases")
    config.add_route("operate_cases_new", "/operate/cases/new")
    config.add_route("operate_case", "/operate/cases/{id}")
    config.add_route("operate_case_things", "/operate/cases/{id}/things")
    config.add_route("operate_case_thing", "/operate/cases/{id}/things/{kind}/{item}")
    config.add_route("privacy_request", "/privacy/request")
    config.add_route("privacy_request_confirm", "/privacy/request/confirm")
    config.add_route("operate_requests", "/operate/requests")
    config.add_route("operate_request", "/operate/requests/{id}")
    config.add_route("account.cases", "/account/privacy/cases")
    config.add_account_subject("account.cases", "eyeglasses", _("Access by staff"), weight=810)

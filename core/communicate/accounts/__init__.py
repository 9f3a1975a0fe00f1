"""Accounts: members, how they join, sign in and stay signed in, and what keeps robots out."""

from typing import TYPE_CHECKING, Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.content import install

if TYPE_CHECKING:
    from pyramid.config import Configurator

_ = TranslationStringFactory("communicate")

__all__ = ["includeme", "install"]

SUBJECTS = (
    ("", "sliders", _("Language and appearance"), 10),
    ("password", "key", _("Password"), 20),
    ("address", "envelope", _("E-mail address"), 30),
    ("sessions", "laptop", _("Sessions"), 40),
    ("erase", "eraser", _("Erase my account"), 900),
)


def includeme(config: "Configurator") -> None:
    """Register the services, what requests know of their member, and the routes of /account."""
    from communicate.accounts import alerts, viewer
    from communicate.accounts.limits import Limits
    from communicate.accounts.passwords import Passwords, hasher_for
    from communicate.accounts.robots import Robots
    from communicate.accounts.services import MemberService
    from communicate.accounts.sessions import LastUse, SessionService
    from communicate.interfaces import IClock, ILimits, IMembers, ISessions

    registry: Any = config.registry
    registry.communicate_passwords = Passwords(hasher_for(registry.settings))
    registry.communicate_robots = Robots()
    registry.communicate_last_use = LastUse()
    limits = Limits(registry.settings, registry.getUtility(IClock))
    config.register_service(limits, ILimits)
    config.register_service_factory(lambda _context, request: MemberService(request), IMembers)
    config.register_service_factory(lambda _context, request: SessionService(request), ISessions)
    config.add_request_method(viewer.member, "member", reify=True)
    config.add_request_method(viewer.suspended, "suspended", reify=True)
    config.add_request_method(viewer.session_secret, "session_secret", reify=True)
    config.add_request_method(alerts.take, "take_alerts")
    config.add_tween(
        "communicate.accounts.reopening.tween_factory",
        over="pyramid_tm.tm_tween_factory",
    )
    config.include("communicate.accounts.subjects")
    for name, icon, title, weight in SUBJECTS:
        route = f"account.{name}" if name else "account"
        config.add_route(route, f"/account/{name}".rstrip("/"))
        config.add_account_subject(route, icon, title, weight=weight)

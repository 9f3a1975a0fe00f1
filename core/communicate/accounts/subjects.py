"""The pages of ``/account``: each package and plugin adds its own, one for each subject."""

from typing import Any, NamedTuple

from pyramid.config import Configurator
from pyramid.renderers import render


class Subject(NamedTuple):
    """One page of settings: the route that shows it, its icon, its title and its place."""

    weight: int
    route: str
    icon: str
    title: Any


def add_account_subject(
    config: Configurator, route: str, icon: str, title: Any, *, weight: int = 100
) -> None:
    """List the page at *route* among the settings of the member, before those of more *weight*.

    Its view calls `page`, and asks for the permission ``MEMBER``.
    """
    subject = Subject(weight, route, icon, title)

    def register() -> None:
        known = [old for old in subjects(config.registry) if old.route != route]
        config.registry.communicate_subjects = sorted([*known, subject], key=order)

    config.action(("account_subject", route), register)


def subjects(registry: Any) -> list[Subject]:
    """Return the pages of settings in their order."""
    return list(getattr(registry, "communicate_subjects", ()))


def order(subject: Subject) -> tuple[int, str]:
    """Return the key by which subjects are sorted."""
    return subject.weight, subject.route


def page(request: Any, route: str, **more: Any) -> dict[str, Any]:
    """Return what a page of settings shows: its title, the list of subjects, and *more*."""
    known = subjects(request.registry)
    title = next(subject.title for subject in known if subject.route == route)
    rows = [
        (request.route_path(each.route), each.icon, each.title, each.route == route)
        for each in known
    ]
    side = render("communicate:templates/account/side.pt", {"subjects": rows}, request)
    return {"title": title, "side": side, **more}


def includeme(config: Configurator) -> None:
    """Offer the directive ``add_account_subject``."""
    config.add_directive("add_account_subject", add_account_subject)

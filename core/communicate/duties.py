"""Core's own implementation of the hooks: it declares what it stores and sends like any plugin.

Each package of core states its part in a module ``declared``, in functions named after the hooks.
"""

import importlib
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from types import ModuleType
from typing import Any

from communicate.hookspecs import hookimpl

PACKAGES = (
    "accounts",
    "backup",
    "cases",
    "catalog",
    "contacts",
    "disclosure",
    "erasure",
    "factors",
    "live",
    "mydata",
    "notifications",
    "operate",
    "outbox",
    "privacy",
    "profile",
    "quota",
    "reports",
    "sealing",
    "search",
    "storage",
    "web",
    "writing",
)


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return the modules ``declared`` of those packages that have one."""
    found = []
    for package in PACKAGES:
        try:
            found.append(importlib.import_module(f"communicate.{package}.declared"))
        except ModuleNotFoundError as error:
            if error.name != f"communicate.{package}.declared":
                raise
    return tuple(found)


def parts(function: str) -> Iterator[Any]:
    """Yield *function* of each package's ``declared`` module that has one."""
    for module in modules():
        if hasattr(module, function):
            yield getattr(module, function)


def by_package(function: str) -> dict[str, list[Any]]:
    """Return what each package answers through *function*, by the package's name."""
    return {
        module.__name__.split(".")[1]: list(getattr(module, function)())
        for module in modules()
        if hasattr(module, function)
    }


def collected(function: str, *arguments: Any) -> list[Any]:
    """Return what every package answers through *function*, in one list."""
    return [item for part in parts(function) for item in part(*arguments) or ()]


@hookimpl
def communicate_personal_data() -> list[Any]:
    """Return what core stores of members."""
    return collected("personal_data")


@hookimpl
def communicate_recipients() -> list[Any]:
    """Return the outside parties of core."""
    return collected("recipients")


@hookimpl
def communicate_cookies() -> list[Any]:
    """Return the cookies of core."""
    return collected("cookies")


@hookimpl
def communicate_jobs() -> list[Any]:
    """Return the handlers of core's work."""
    return collected("jobs")


@hookimpl
def communicate_home(request: Any) -> list[Any]:
    """Return core's blocks of the viewer's home page."""
    return collected("home", request)


@hookimpl
def communicate_space_blocks(member: Any, request: Any) -> list[Any]:
    """Return core's blocks of *member*'s space."""
    return collected("space_blocks", member, request)


@hookimpl
def communicate_indexables() -> list[Any]:
    """Return the kinds that core puts into the catalog."""
    return collected("indexables")


@hookimpl
def communicate_moderables() -> list[Any]:
    """Return the kinds of core that can be reported."""
    return collected("moderables")


@hookimpl
def communicate_notifications() -> list[Any]:
    """Return the kinds of notice that core sends."""
    return collected("notifications")


@hookimpl
def communicate_paths() -> list[Any]:
    """Return core's paths to content."""
    return collected("paths")


@hookimpl
def communicate_purposes() -> list[Any]:
    """Return the purposes of core that need consent."""
    return collected("purposes")


@hookimpl
def communicate_help() -> list[Any]:
    """Return core's pages of help."""
    return collected("help_pages")


@hookimpl
def communicate_scopes() -> list[Any]:
    """Return the scopes of app passwords that core asks for."""
    return collected("scopes")


@hookimpl
def communicate_storage_use(member: Any) -> int:
    """Return how many bytes of *member* core keeps, for plugins too: what was attached."""
    return sum(part(member) for part in parts("storage_use"))


@hookimpl
def communicate_health() -> list[Any]:
    """Return core's own checks."""
    return collected("health")


@hookimpl
def communicate_demo(request: Any, people: Sequence[Any], random: Random) -> None:
    """Give the members of a demo what core keeps of them."""
    from communicate.demo import own  # nobody else reads its words

    own.make(request, people, random)


@hookimpl
def communicate_export(member: Any, archive: Any) -> None:
    """Write what each package of core holds of *member*; one that fails keeps no other from it."""
    for module in modules():
        if hasattr(module, "export"):
            with archive.attempt(module.__name__.rpartition(".")[0]):
                module.export(member, archive)


@hookimpl
def communicate_import(member: Any, archive: Any) -> None:
    """Restore what each package of core wrote of *member*, in an order that holds together.

    Circles come before what is shown to them.
    """
    for bring_back in parts("bring_back"):
        bring_back(member, archive)


@hookimpl
def communicate_erase(member: Any, receipt: Any) -> bool:
    """Erase a batch of what core holds of *member* besides the account; tell whether more is."""
    more = [erase(member, receipt) for erase in parts("erase")]  # each of them, not up to a True
    return any(more)

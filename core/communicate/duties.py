"""Core's own implementation of the hooks: it declares what it stores and sends like any plugin.

Each package of core states its part in a module ``declared``, in functions named after the hooks.
"""

import importlib
from collections.abc import Iterator
from typing import Any

from communicate.hookspecs import hookimpl

PACKAGES = ("accounts", "catalog", "erasure", "outbox", "sealing", "storage", "web")


def parts(function: str) -> Iterator[Any]:
    """Yield *function* of each package's ``declared`` module that has one."""
    for package in PACKAGES:
        try:
            module = importlib.import_module(f"communicate.{package}.declared")
        except ModuleNotFoundError as error:
            if error.name != f"communicate.{package}.declared":
                raise
            continue
        if hasattr(module, function):
            yield getattr(module, function)


def collected(function: str) -> list[Any]:
    """Return what every package states through *function*, in one list."""
    return [item for part in parts(function) for item in part()]


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
def communicate_health() -> list[Any]:
    """Return core's own checks."""
    return collected("health")


@hookimpl
def communicate_erase(member: Any, receipt: Any) -> None:
    """Erase what core holds of *member* besides the account itself."""
    for erase in parts("erase"):
        erase(member, receipt)

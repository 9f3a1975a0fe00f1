"""Run the checks that core and plugins declare; each by itself, so that none hides another."""

import logging
import time
from dataclasses import dataclass
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import IPlugins
from communicate.outbox.errors import reason

_ = TranslationStringFactory("communicate")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    """What one check found: its title, who declares it, what is wrong with the cure, how long."""

    title: Any
    plugin: str
    problem: Any
    seconds: float


def findings(registry: Any) -> list[Finding]:
    """Return what every declared check finds, those that found something first."""
    plugins = registry.getUtility(IPlugins)
    found = [
        look(registry, plugin, check)
        for plugin, answer in plugins.duty("communicate_health")
        for check in ([] if isinstance(answer, Exception) else answer or ())
    ]
    return sorted(found, key=lambda finding: finding.problem is None)


def look(registry: Any, plugin: str, check: Any) -> Finding:
    """Run one *check* of *plugin*; one that fails is a finding."""
    began = time.monotonic()
    try:
        problem = check.run(registry)
    except Exception as error:
        log.exception("the check %s failed", check.name)
        problem = _(
            "The check itself failed (${reason}): tell its author.",
            mapping={"reason": reason(error)},
        )
    return Finding(check.title, plugin, problem, time.monotonic() - began)

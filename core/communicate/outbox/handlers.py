"""Which handler does which job: what core and the enabled plugins declare."""

import logging
from typing import Any

from communicate.declarations import Job
from communicate.interfaces import IPlugins

log = logging.getLogger(__name__)


def handlers(registry: Any) -> dict[str, Job]:
    """Return the declared jobs by name, core's first: a plugin cannot take a name that is in use.

    A plugin that fails to answer has no handlers: its jobs wait, everybody else's run.
    """
    found: dict[str, Job] = {}
    for plugin, answer in registry.getUtility(IPlugins).duty("communicate_jobs"):
        if isinstance(answer, Exception):
            continue
        for job in answer or ():
            if found.setdefault(job.name, job) is not job:
                log.error("plugin %s declares job %s, which is taken: rename it", plugin, job.name)
    return found

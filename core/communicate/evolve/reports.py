"""Steps of moderation."""

from typing import Any

from communicate.reports.content import install
from communicate.storage.evolve import CORE, evolve_step


@evolve_step(CORE, "suspensions")
def keep_suspensions(request: Any) -> None:
    """Make room for suspensions in a site that is older than they are."""
    install(request.root_map)

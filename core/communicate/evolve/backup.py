"""Steps of backups."""

from typing import Any

from communicate.backup.content import install
from communicate.storage.evolve import CORE, evolve_step


@evolve_step(CORE, "backups")
def keep_backups(request: Any) -> None:
    """Make room for what is known of backups in a site that is older than they are."""
    install(request.root_map)

"""Steps of what members write with."""

from typing import Any

from communicate.storage.evolve import CORE, evolve_step
from communicate.writing.content import install


@evolve_step(CORE, "drafts")
def keep_drafts(request: Any) -> None:
    """Make room for drafts in a site that is older than they are."""
    install(request.root_map)


@evolve_step(CORE, "attachments", after="drafts")
def keep_attachments(request: Any) -> None:
    """Make room for attachments in a site that is older than they are."""
    install(request.root_map)

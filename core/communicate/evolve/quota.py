"""Steps of the quota."""

from typing import Any

from communicate.quota.content import install
from communicate.quota.proof import recount
from communicate.storage.evolve import CORE, evolve_step


@evolve_step(CORE, "storage", after="attachments")
def count_storage(request: Any) -> None:
    """Count what each member stores in a site that added it up each time."""
    install(request.root_map)
    for uid in request.site["members"].logins:
        recount(request, uid)

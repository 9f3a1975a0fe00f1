"""Steps of cases."""

from typing import Any

from communicate.cases.content import install
from communicate.storage.evolve import CORE, evolve_step


@evolve_step(CORE, "wishes", after="cases")
def keep_wishes(request: Any) -> None:
    """Make room for requests for deletion in a site that is older than they are."""
    install(request.root_map)


@evolve_step(CORE, "cases")
def keep_cases(request: Any) -> None:
    """Make room for cases in a site that is older than they are."""
    install(request.root_map)

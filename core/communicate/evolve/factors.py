"""Steps of second factors."""

from typing import Any

from communicate.factors.content import install
from communicate.storage.evolve import CORE, evolve_step


@evolve_step(CORE, "factors")
def keep_factors(request: Any) -> None:
    """Make room for second factors and app passwords in a site that is older than they are."""
    install(request.root_map)

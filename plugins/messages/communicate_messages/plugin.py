"""The messages' side of the contract: each hook in a few lines, the work elsewhere."""

from collections.abc import Sequence

from communicate.declarations import PersonalData
from communicate.hookspecs import hookimpl

communicate_api = 1


@hookimpl
def communicate_personal_data() -> Sequence[PersonalData]:
    """Declare what is stored of members: nothing yet."""
    return []

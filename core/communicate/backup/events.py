"""What happens to backups, for whoever subscribes to it (``config.add_subscriber``)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class SiteRestored:
    """Event: the site is as it was at *when*, told in a transaction of its own before it serves.

    What has left the site since, or was given out, is known to nobody here: whoever sends, or
    gives out numbers, makes sure that nothing goes out twice.  A subscriber that fails is reported
    to who restores, and nothing of what it did is kept.
    """

    request: Any
    when: datetime

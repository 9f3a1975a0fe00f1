"""What happens to accounts, for whoever subscribes to it (``config.add_subscriber``)."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SessionEnded:
    """Event: the session *key* of member *uid* was removed, in the transaction of *request*."""

    request: Any
    key: bytes
    uid: int

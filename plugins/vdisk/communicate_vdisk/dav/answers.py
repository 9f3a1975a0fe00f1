"""What the gateway answers, and how what cannot be done is said in the terms of WebDAV."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import quote

from wsgidav import dav_error
from wsgidav.dav_error import DAVError, DAVErrorCondition

from communicate.quota import QuotaExceeded
from communicate_vdisk.errors import Refused
from communicate_vdisk.locks.services import Locked
from communicate_vdisk.names import BadName

CANNOT = (Refused, BadName, QuotaExceeded)
NO_ROOM = 507  # RFC 4918, 11.5


@dataclass
class Answer:
    """A status line, headers, and a body."""

    status: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: Iterable[bytes] = ()

    @property
    def code(self) -> int:
        """The number in the status line."""
        return int(self.status[:3])


class Refusal(Exception):
    """The request is answered at once, with `answer`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def plain(status: str, text: str, *headers: tuple[str, str]) -> Answer:
    """Return an answer of one sentence."""
    body = f"{text}\n".encode()
    said = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    return Answer(status, [*said, *headers], [body])


def refused(request: Any, error: Exception, path: str) -> NoReturn:
    """Raise what WebDAV calls *error*, about *path*, with its sentence in the member's words."""
    reason = getattr(error, "reason", "")
    said = request.localizer.translate(reason)
    condition = None
    if isinstance(error, Locked):
        code: int = dav_error.HTTP_LOCKED
        condition = DAVErrorCondition(dav_error.PRECONDITION_CODE_MissingLockToken)
        condition.add_href(quote(f"/dav{path}"))
    elif isinstance(error, BadName):
        code = dav_error.HTTP_BAD_REQUEST
    elif isinstance(error, QuotaExceeded):
        code = NO_ROOM
    else:
        code = dav_error.HTTP_FORBIDDEN
    raise DAVError(code, said, err_condition=condition)


def forbidden() -> NoReturn:
    """Raise what WebDAV calls a right that is missing."""
    raise DAVError(dav_error.HTTP_FORBIDDEN)

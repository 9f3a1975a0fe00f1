"""Files that go with a message while it is written: they lie with its draft, sealed, as sent."""

from collections.abc import Mapping
from typing import Any

from communicate.writing.files import Taking
from communicate_email.content import NAME

MOST = 50  # files of one message
FORM = 2**20  # bytes that a form has besides its files
PATHS = rf"/members/[^/]+/{NAME}/(attach|write|[0-9a-z]+/(reply|reply-all|forward|resume)/[0-9]+)"


def largest(settings: Mapping[str, Any]) -> int:
    """Return how many bytes the files of one message may have: base64 makes four of three."""
    size: int = settings["email.message_size"]
    return (size - min(FORM, size // 8)) * 57 // 78  # lines of 76 signs and their ends


def taking(settings: Mapping[str, Any], base: str) -> Taking:
    """Return what the form of a message takes, of the account at *base*."""
    most = largest(settings)
    address, rate = f"{base}/attach", "email.attaching"
    return Taking(MOST, most, most, whole=True, address=address, rate=rate, links=True)

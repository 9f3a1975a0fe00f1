"""Messages as lines of a file, for those who develop and try: nothing leaves the machine."""

import json
import os
from pathlib import Path

from communicate_sms.transports.passing import (
    NOTHING,
    Call,
    Incoming,
    Outgoing,
    Receipt,
    Unreadable,
)


class FileTransport:
    """Append each message to a file, a JSON object in a line; its reference is its place there."""

    signed = False
    answer = NOTHING

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.path = path

    def send(self, message: Outgoing) -> str:
        """Write *message*; it is on the disk when this returns."""
        line = json.dumps(message._asdict(), ensure_ascii=False) + "\n"
        channel = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(channel, "a", encoding="utf-8") as file:
            place = file.tell()
            file.write(line)
            file.flush()
            os.fsync(channel)
        return str(place)

    def stop(self) -> None:
        """End nothing: the file is open while it is written."""

    def parse_receipt(self, call: Call) -> Receipt:
        """Raise Unreadable: nobody answers to a file."""
        raise Unreadable("a file brings no receipts")

    def parse_incoming(self, call: Call) -> Incoming:
        """Raise Unreadable: nobody writes from a file."""
        raise Unreadable("a file brings no messages")

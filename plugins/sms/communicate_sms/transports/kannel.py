"""Kannel's smsbox, one request for each part (Kannel 1.4.5 User's Guide, chapter 6).

Kannel divides long texts itself, but through the middle of characters beyond U+FFFF; so each part
is handed to it with its user data header, and it has nothing left to divide.
"""

import secrets
from collections.abc import Mapping
from email.message import Message
from urllib.parse import quote, urlencode

from communicate_sms import parts
from communicate_sms.states import BUFFERED, DELIVERED, FAILED, SENT
from communicate_sms.transports import wire
from communicate_sms.transports.passing import (
    NOTHING,
    Call,
    Incoming,
    Outgoing,
    Receipt,
    Refused,
    TryLater,
    Uncertain,
    Unreadable,
)

MASK = 31  # every kind of receipt
STATES: Mapping[str, int] = {"1": DELIVERED, "2": FAILED, "4": BUFFERED, "8": SENT, "16": FAILED}
GSM7, UCS2 = "0", "2"  # Kannel's ``coding``
SOON = 30  # seconds
CHARSETS = {"utf-8": "utf-8", "utf-16be": "utf-16-be"}  # of what telephones write


class Kannel:
    """A smsbox at *url*, ``http://127.0.0.1:13013/cgi-bin/sendsms``."""

    signed = False
    answer = NOTHING  # it would send on what it is told

    def __init__(self, name: str, url: str, user: str, password: str) -> None:
        self.name = name
        self.url = url
        self.user = user
        self.password = password

    def send(self, message: Outgoing) -> str:
        """Hand each part of *message* over; raise Uncertain where only some were taken."""
        made = parts.split(message.text)
        series = secrets.randbelow(256)
        for at, part in enumerate(made.parts, 1):
            fields = self._fields(message, part, made.alphabet)
            if len(made.parts) > 1:
                fields["udh"] = bytes((5, 0, 3, series, len(made.parts), at))
            if message.receipts and at == len(made.parts):
                fields |= {"dlr-mask": str(MASK), "dlr-url": _receipt_url(message.receipts)}
            try:
                _settle(wire.call("GET", f"{self.url}?{urlencode(fields, quote_via=quote)}"))
            except (Refused, TryLater) as error:
                if at == 1:
                    raise
                raise Uncertain(f"{at - 1} of {len(made.parts)} parts were taken") from error
        return ""

    def _fields(self, message: Outgoing, part: str, alphabet: str) -> dict[str, str | bytes]:
        return {
            "username": self.user,
            "password": self.password,
            "from": message.sender,
            "to": message.number,
            "text": part,
            "charset": "UTF-8",
            "coding": GSM7 if alphabet == parts.GSM7 else UCS2,
        }

    def stop(self) -> None:
        """End nothing: each message has a connection of its own."""

    def parse_receipt(self, call: Call) -> Receipt:
        """Return what Kannel says: it calls the address that went along with the message."""
        state = STATES.get(call.fields.get("state", ""))
        if state is None:
            raise Unreadable("no state that Kannel knows")
        return Receipt(state, detail=call.fields.get("said", "")[:200])

    def parse_incoming(self, call: Call) -> Incoming:
        """Return the message of a service with ``post-url = …?from=%p&to=%P&id=%I``.

        What is posted is the text.  With ``get-url`` it would stand in the query as it came: two
        octets for each character where one is not in the telephones' alphabet.
        """
        try:
            sender, recipient, name = (call.fields[key] for key in ("from", "to", "id"))
            return Incoming(sender, recipient, _posted(call), name)
        except KeyError as missing:
            raise Unreadable(f"Kannel is to say {missing}, as deploy/kannel has it") from None


def _posted(call: Call) -> str:
    """Return the text that *call* posts, in the charset that it says."""
    header = Message()
    header["Content-Type"] = call.headers.get("content-type", "")
    charset = CHARSETS.get(str(header.get_content_charset("")))
    if call.method != "POST" or charset is None:
        raise Unreadable("Kannel is to post the text, as deploy/kannel has it")
    return call.body.decode(charset, "replace")


def _receipt_url(address: str) -> str:
    """Return *address* with the places that Kannel fills in."""
    return f"{address}{'&' if '?' in address else '?'}state=%d&said=%A"


def _settle(answer: wire.Answer) -> None:
    """Return where Kannel has taken the message (202)."""
    if answer.status == 202:
        return
    if answer.status == 400:
        raise Refused("Kannel refuses the message")
    if answer.status in (403, 404):
        raise TryLater("Kannel does not know the name or the password", SOON)
    if answer.status == 503:
        raise TryLater("Kannel has no way to send now", SOON)
    raise Uncertain(f"Kannel answered {answer.status}")

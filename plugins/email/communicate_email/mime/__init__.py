"""Messages read within bounds: octets in, values out.  Nothing here raises, whatever was sent.

`read` takes a message apart; `envelope`, `bodystructure` and `places` say of it what IMAP asks,
`shown` what people see.  What is out of all measure (`limits`) stays in the message unread.
"""

from communicate_email.mime.charsets import decode
from communicate_email.mime.encoded import text
from communicate_email.mime.fields import Fields
from communicate_email.mime.outline import Envelope, Place, bodystructure, envelope, places
from communicate_email.mime.parts import Part
from communicate_email.mime.people import Address, Box, addresses, boxes
from communicate_email.mime.scanner import read
from communicate_email.mime.showing import Attached, Shown, author, message_ids, shown, walk
from communicate_email.mime.transfer import decoded, stream

__all__ = [
    "Address",
    "Attached",
    "Box",
    "Envelope",
    "Fields",
    "Part",
    "Place",
    "Shown",
    "addresses",
    "author",
    "bodystructure",
    "boxes",
    "decode",
    "decoded",
    "envelope",
    "message_ids",
    "places",
    "read",
    "shown",
    "stream",
    "text",
    "walk",
]

"""Messages that members write on the site: their bytes, and those of answers to others.

Nothing is added to what was written: no footer, no mark, not even a name of the program.
"""

import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Any

from communicate_email.mime import Shown

OCTETS = "application/octet-stream"
MOST_REFERENCES = 40


@dataclass(frozen=True)
class File:
    """A file that goes with a message."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Draft:
    """What a member wrote, and to whom: addresses are such as `checked` returned them."""

    sender: str
    to: Sequence[str]
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    subject: str = ""
    text: str = ""
    files: Sequence[File] = ()
    answers: str = ""  # the Message-ID of what is answered
    references: Sequence[str] = ()

    @property
    def recipients(self) -> list[str]:
        """All whom it is for, each once."""
        return list(dict.fromkeys([*self.to, *self.cc, *self.bcc]))


def as_bytes(draft: Draft, number: str, moment: datetime) -> bytes:
    """Return the message, called *number* and written at *moment*, with CRLF; ``Bcc`` is in it."""
    plain = all(address.isascii() for address in (draft.sender, *draft.recipients))
    made = EmailMessage(policy=SMTP if plain else SMTPUTF8)
    made["From"] = draft.sender
    for name, people in (("To", draft.to), ("Cc", draft.cc), ("Bcc", draft.bcc)):
        if people:
            made[name] = ", ".join(people)
    made["Subject"] = draft.subject
    made["Date"] = format_datetime(moment)
    made["Message-ID"] = f"<{number}>"
    if draft.answers:
        made["In-Reply-To"] = f"<{draft.answers}>"
    if draft.references:
        made["References"] = " ".join(f"<{one}>" for one in draft.references)
    made.set_content(draft.text.rstrip("\n") + "\n", charset="utf-8")
    for file in draft.files:
        main, _slash, sub = media_of(file.name).partition("/")
        made.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    return made.as_bytes()


def media_of(name: str) -> str:
    """Return the type of a file by the end of its name: browsers say what they like."""
    found, encoding = mimetypes.guess_type(name, strict=True)
    if found is None or encoding is not None or found.startswith(("message/", "multipart/")):
        return OCTETS
    return found


# Answers


def answer_subject(subject: str) -> str:
    """Return the subject of an answer."""
    return subject if subject[:3].lower() == "re:" else f"Re: {subject}".strip()


def forward_subject(subject: str) -> str:
    """Return the subject of a message that is sent on."""
    return subject if subject[:4].lower() == "fwd:" else f"Fwd: {subject}".strip()


def quoted(text: str, longest: int) -> str:
    """Return *text* with a mark before each line, without the signature."""
    lines: list[str] = []
    for line in text[:longest].splitlines():
        if line == "-- ":
            break
        lines.append(">" + line if line.startswith(">") else f"> {line}".rstrip())
    while lines and lines[-1] == ">":
        lines.pop()
    return "\n".join(lines)


def references_of(shown: Shown) -> tuple[str, ...]:
    """Return the Message-IDs that an answer to *shown* names (RFC 5322, 3.6.4)."""
    found = [*(shown.references or shown.in_reply_to[:1]), shown.message_id]
    fit = [one for one in dict.fromkeys(found) if is_fit(one)]
    return (*fit[:1], *fit[1:][-MOST_REFERENCES:])


def is_fit(number: str) -> bool:
    """Tell whether *number* can stand in a header as it is."""
    return bool(number) and number.isascii() and number.isprintable() and len(number) < 900


def people_of(shown: Shown, own: Any, *, all_: bool = False) -> tuple[list[str], list[str]]:
    """Return to whom an answer goes, and who has a copy; *own* tells one's own addresses.

    An answer to what one wrote oneself goes to those who had it.
    """
    authors = _addresses(shown.author)
    if authors and all(own(one) for one in authors):
        return _addresses(shown.to), _addresses(shown.cc) if all_ else []
    to = _addresses(shown.reply_to) or authors
    others = [one for one in _addresses((*shown.to, *shown.cc)) if not own(one)]
    known = {one.lower() for one in to}
    return to, [one for one in others if one.lower() not in known] if all_ else []


def _addresses(people: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(one.address for one in people if "@" in one.address))

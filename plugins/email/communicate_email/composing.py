"""Messages that members write on the site: their bytes, and those of answers to others.

Nothing is added to what was written: no footer, no mark, not even a name of the program.
"""

import itertools
import mimetypes
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Any

from communicate_email.identities import DELIMITER
from communicate_email.mime import Shown
from communicate_email.people import Person, named
from communicate_email.people import field as people_field
from communicate_email.unseen import straight

OCTETS = "application/octet-stream"
MOST_REFERENCES = 40
_FILE = re.compile(
    r"\b(ci-joint\w*|pièces? jointes?|(fichier|document|photo)s? joint\w*|je (vous |te )?joins"
    r"|en annexe|(is|are|find|i have|i've|i’ve|see) (the )?attached(?! to)|attached (is|are)"
    r"|(is|are|files?) enclosed|in (the|this) attachment|see (the )?attachment)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class File:
    """A file that goes with a message."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Draft:
    """What a member wrote, and to whom: addresses are such as `checked` returned them."""

    sender: Person
    to: Sequence[Person]
    cc: Sequence[Person] = ()
    bcc: Sequence[Person] = ()
    subject: str = ""
    text: str = ""
    html: str = ""  # of the same text
    files: Sequence[File] = ()
    answers: str = ""  # the Message-ID of what is answered
    references: Sequence[str] = ()

    @property
    def recipients(self) -> list[str]:
        """The addresses that it is for, each once."""
        return list(dict.fromkeys(one.address for one in (*self.to, *self.cc, *self.bcc)))


def as_bytes(draft: Draft, number: str, moment: datetime) -> bytes:
    """Return the message, called *number* and written at *moment*, with CRLF; ``Bcc`` is in it."""
    plain = all(address.isascii() for address in (draft.sender.address, *draft.recipients))
    made = EmailMessage(policy=SMTP if plain else SMTPUTF8)
    fields = (("From", [draft.sender]), ("To", draft.to), ("Cc", draft.cc), ("Bcc", draft.bcc))
    head = "".join(people_field(name, people) for name, people in fields if people)
    made["Subject"] = one_line(draft.subject)
    made["Date"] = format_datetime(moment)
    made["Message-ID"] = f"<{number}>"
    if draft.answers:
        made["In-Reply-To"] = f"<{draft.answers}>"
    if draft.references:
        made["References"] = " ".join(f"<{one}>" for one in draft.references)
    made.set_content(draft.text.rstrip("\n") + "\n", charset="utf-8")
    if draft.html:
        made.add_alternative(draft.html, subtype="html", charset="utf-8")
    for file in draft.files:
        main, _slash, sub = media_of(file.name).partition("/")
        made.add_attachment(file.data, maintype=main, subtype=sub, filename=one_line(file.name))
    return head.encode() + made.as_bytes()


def one_line(text: str) -> str:
    """Return *text* without signs that end a line for anybody, and without NUL."""
    return " ".join(text.replace("\0", " ").splitlines())


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
    for line in unsigned(straight(text[:longest]).splitlines()):
        lines.append(">" + line if line.startswith(">") else f"> {line}".rstrip())
    while lines and lines[-1] == ">":
        lines.pop()
    return "\n".join(lines)


def unsigned(lines: list[str]) -> list[str]:
    """Return *lines* without a signature, but with what is quoted below it."""
    if DELIMITER not in lines:
        return lines
    start = lines.index(DELIMITER)
    rest = lines[start:]
    at = next((number for number, line in enumerate(rest) if line.startswith(">")), len(rest))
    while 1 < at < len(rest) and rest[at - 1].strip():  # who wrote what is quoted
        at -= 1
    return lines[:start] + rest[at:]


def speaks_of_file(text: str) -> bool:
    """Tell whether what somebody wrote says that a file goes along, quotations left aside."""
    lines = itertools.takewhile(
        lambda line: line != DELIMITER and "-----" not in line, text.splitlines()
    )
    return any(_FILE.search(line) for line in lines if not line.startswith(">"))


def references_of(shown: Shown) -> tuple[str, ...]:
    """Return the Message-IDs that an answer to *shown* names (RFC 5322, 3.6.4)."""
    found = [*(shown.references or shown.in_reply_to[:1]), shown.message_id]
    fit = [one for one in dict.fromkeys(found) if is_fit(one)]
    return (*fit[:1], *fit[1:][-MOST_REFERENCES:])


def is_fit(number: str) -> bool:
    """Tell whether *number* can stand in a header as it is."""
    return bool(number) and number.isascii() and number.isprintable() and len(number) < 900


def people_of(shown: Shown, own: Any, *, all_: bool = False) -> tuple[list[Person], list[Person]]:
    """Return to whom an answer goes, and who has a copy; *own* tells one's own addresses.

    An answer to what one wrote oneself goes to those who had it.
    """
    authors = persons(shown.author)
    if authors and all(own(one.address) for one in authors):
        return persons(shown.to), persons(shown.cc) if all_ else []
    to = persons(shown.reply_to) or authors
    others = [one for one in persons((*shown.to, *shown.cc)) if not own(one.address)]
    known = {one.address.lower() for one in to}
    return to, [one for one in others if one.address.lower() not in known] if all_ else []


def persons(people: Iterable[Any]) -> list[Person]:
    """Return those of *people*, of a message, who can be written to, each once."""
    found: dict[str, Person] = {}
    for one in people:
        if "@" in one.address:
            found.setdefault(one.address.lower(), Person(named(one.name), one.address))
    return list(found.values())

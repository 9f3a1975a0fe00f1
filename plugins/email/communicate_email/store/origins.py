"""How a message came into a mailbox: only a delivery says so, and no file or program can.

What a message says of its own way is worth nothing where it was brought along from elsewhere;
where our servers took it in, what they found out stands on top of it.
"""

import json
from typing import Any, NamedTuple

from communicate.interfaces import ISeals
from communicate_email.content import Account, Mail
from communicate_email.letters import Letter

ORIGIN = "email.origin"


class Origin(NamedTuple):
    """How a message came: *way* as `communicate_email.letters.Letter` has it.

    *author* is the member who signed in and sent it, None where no member did.
    """

    way: str = ""
    author: int | None = None


def note(request: Any, account: Account, number: int, letter: Letter) -> None:
    """Keep how *letter* came, as which the mail *number* of *account* is kept."""
    if not letter.way and letter.author is None:
        return
    mail: Mail = account.mails[number]
    said = json.dumps([letter.way, letter.author]).encode()
    mail.origin = request.find_service(ISeals).seal(int(account.owner or 0), ORIGIN, said)


def of(request: Any, account: Account, number: int) -> Origin:
    """Return how the mail *number* of *account* came; an empty one where nothing vouches."""
    mail: Mail | None = account.mails.get(number)
    if mail is None or mail.origin is None:
        return Origin()
    said = request.find_service(ISeals).text(mail.origin)
    return Origin() if said is None else Origin(*json.loads(said))

"""What the store tells whoever listens: ``config.add_subscriber(func, Moved)``."""

from dataclasses import dataclass
from typing import Any

from communicate_email.content import Account, Mailbox


@dataclass(frozen=True)
class Moved:
    """A member has moved messages: *ids* of their mails, as `Reading.raw` takes them."""

    request: Any
    account: Account
    source: Mailbox
    target: Mailbox
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Copied:
    """A member has messages in another folder too: fields as of `Moved`.

    Programs that know no MOVE copy, and destroy what was: it is what they move by.
    """

    request: Any
    account: Account
    source: Mailbox
    target: Mailbox
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Changed:
    """Something changed in a mailbox; its modseq tells what, once the transaction is committed."""

    request: Any
    account: Account
    box: Mailbox

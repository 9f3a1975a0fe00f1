"""What a script wants done with a message.  Whoever asked for it does it."""

from dataclasses import dataclass

INBOX = "INBOX"


@dataclass(frozen=True)
class File:
    """Put the message into *mailbox* with *flags*; make that one first if *create*."""

    mailbox: str
    flags: tuple[str, ...] = ()
    create: bool = False


@dataclass(frozen=True)
class Vacation:
    """Answer the sender, once in *days* (RFC 5230), if `answering.may_answer` allows it.

    *handle* names the answer: whoever got one of the same handle from the same member less than
    *days* ago gets none.  *subject* and *sender* may be empty.  *addresses* are more of the
    member's, beside those that whoever asks knows.
    """

    reason: str
    handle: str
    days: int
    subject: str = ""
    sender: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What is to be done with one message: nothing in *files* means that it is not kept.

    *failed* says that the script took too many steps: it is then kept, and nothing else done.
    """

    files: tuple[File, ...]
    vacation: Vacation | None = None
    failed: bool = False

"""A message as lists have it."""

from typing import NamedTuple

from communicate_email.content import Mailbox
from communicate_email.store.describing import Head
from communicate_email.store.rows import Row


class Listed(NamedTuple):
    """A message in a list."""

    box: Mailbox
    row: Row
    head: Head

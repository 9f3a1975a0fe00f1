"""Evolve steps of e-mail."""

from typing import Any

from communicate.storage.evolve import evolve_step
from communicate_email.content import Account, Hashes, Leaves, Words
from communicate_email.store.boxes import office_of
from communicate_email.store.rows import pack_thread


@evolve_step("email", "leaves")
def make_leaves(request: Any) -> None:
    """Let trees that each message changes have small leaves, and plain bytes in them."""
    office = office_of(request)
    for account in () if office is None else office.accounts.values():
        _renew(account)


def _renew(account: Account) -> None:
    account.mails = Leaves(account.mails)
    account.places = Leaves(account.places)
    account.known = Hashes(account.known)
    account.threads = Leaves(
        {thread: pack_thread(*pair) for thread, pair in account.threads.items()}
    )
    fresh = Leaves()
    for number, old in account.fresh.items():
        fresh[number] = page = Words()
        page.sealed = {number: old.sealed.envelope}
    account.fresh = fresh
    for box in account.boxes.values():
        box.log = Leaves({at: _line(*line) for at, line in box.log.items()})


def _line(came: bytes | None, gone: bytes) -> Any:
    return came if came and not gone else (came, gone)

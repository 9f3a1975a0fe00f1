"""What members move into Junk, and out of it, is told to rspamd by jobs, where it is named."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from communicate.clock import now
from communicate.interfaces import IGate, IOutbox
from communicate.sealing import Destroyed
from communicate_email.interfaces import IMailStore
from communicate_email.receiving import rspamd
from communicate_email.store.events import Copied, Moved

LEARN = "email.learn"
MOST = 200  # of what is moved at once
PAUSES = (5, 60, 240)  # minutes between tries while rspamd is away


def moved(event: Moved | Copied) -> None:
    """Have what was moved, or copied, be learnt after the transaction that does it."""
    if not event.request.registry.settings["email.rspamd_learn"]:
        return
    junk = verdict(event.source.role, event.target.role)
    if junk is None:
        return
    outbox, owner = event.request.find_service(IOutbox), event.account.owner
    for number in event.ids[:MOST]:
        outbox.add(LEARN, {"uid": owner, "mail": number, "junk": junk, "tries": 0}, owner=owner)


def verdict(source: str, target: str) -> bool | None:
    """Return what moving from a folder to another says: junk, no junk, or nothing."""
    if target == "junk":
        return True
    return False if source == "junk" and target != "trash" else None


def learn_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Tell rspamd what one message is, where it is still there: the handler of LEARN."""
    settings = request.registry.settings
    address, owner = settings["email.rspamd_learn"], payload["uid"]
    store = request.find_service(IMailStore)
    account = store.account(owner) if address else None
    if account is None:
        return
    try:
        raw = store.reading(account).raw(payload["mail"])
        password = settings["email.rspamd_password"]
        gate = request.find_service(IGate)
        with gate.pass_(rspamd.RECIPIENT, "learn", {"message": raw}, about=owner) as leaving:
            leaving.begin()
            rspamd.learn(address, raw, junk=payload["junk"], password=password)
    except (KeyError, Destroyed):
        return
    except rspamd.Unavailable:
        tries = payload["tries"]
        if tries < len(PAUSES):
            due = now(request) + timedelta(minutes=PAUSES[tries])
            again = {**payload, "tries": tries + 1}
            request.find_service(IOutbox).add(LEARN, again, owner=owner, due=due)

"""The page that shows a receipt to whoever has its code: nobody is signed in any more."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.content import Site
from communicate.erasure import steps
from communicate.erasure.content import DONE, NONE, PENDING
from communicate.erasure.services import Receipt
from communicate.interfaces import IErasure
from communicate.permissions import OPEN
from communicate.plugins import CORE

_ = TranslationStringFactory("communicate")

DOING = "doing"
WORDS = {
    steps.LEDGER: _("Noted by number and date, so that no old backup brings it back"),
    steps.CLOSE: _("Account closed, everything hidden"),
    steps.AUTHORED: _("Out of search and lists"),
    steps.JOBS: _("Waiting mail and work dropped"),
    steps.ACCOUNT: _("Account and space removed"),
    steps.KEY: _("Key destroyed: no copy of your words can be read"),
    steps.WIPE: _("Index files wiped"),
    steps.BACKUP: _("Backup of the keys renewed"),
}
STATES = {
    DONE: (_("done"), "good"),
    PENDING: (_("to be finished"), "warn"),
    NONE: (_("nothing to do"), "quiet"),
    DOING: (_("under way"), "quiet"),
}


@view_config(
    context=Site, name="erased", permission=OPEN, renderer="communicate:templates/erased.pt"
)
def erased(_context: Any, request: Any) -> dict[str, Any]:
    """Show the receipt whose code is in the address."""
    receipt = request.find_service(IErasure).receipt(request.GET.get("receipt", ""))
    if receipt is None:
        raise HTTPNotFound
    return {"title": _("Your account is erased"), "receipt": receipt, "rows": list(rows(receipt))}


def rows(receipt: Receipt) -> Any:
    """Yield what was to be done, the word for its state and the colour, in order."""
    for step, words in WORDS.items():
        yield (words, None, *STATES[receipt.states.get(step, DOING)])
        if step == steps.CLOSE:
            for plugin, state in receipt.plugins.items():
                if plugin != CORE:
                    yield (_("Held by"), plugin, *STATES[state])

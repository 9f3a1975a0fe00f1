"""People without an account who ask for something to be deleted: by mail, answered by operators.

Nothing is kept for operators before the link that went to the given address was opened.  What is
answered on the page is the same whoever asks for what.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.joining import address_key
from communicate.accounts.letters import Letter, localizer, write
from communicate.accounts.limits import TooMany
from communicate.accounts.tokens import DELETION, Tokens
from communicate.backup import keys as copies
from communicate.backup.errors import BackupError
from communicate.cases.content import Wish, Wishes
from communicate.clock import milliseconds, now
from communicate.ids import new_id, new_uid
from communicate.interfaces import IKeyRing, ILimits, IOutbox, ISeals
from communicate.outbox.running import once
from communicate.storage.work import work

_ = TranslationStringFactory("communicate")

ASK = "communicate.deletion.ask"  # job
KIND = "communicate.deletion"
BATCH = 50
FIELDS = ("what", "where", "why", "address", "language")
OUTCOMES: dict[str, Any] = {
    "done": _("It is deleted"),
    "partly": _("Part of it is deleted"),
    "refused": _("It stays"),
}
CONFIRM = Letter(
    _("Confirm your request on ${site}"),
    _(
        "mail-deletion",
        default="Hello,\n\nsomebody, most likely you, asked ${site} to delete something, and gave "
        "this address for the answer.\n\nConfirm it within two days:\n${link}\n\nIf it was not "
        "you, do nothing: nothing is kept.\n",
    ),
)
ANSWER = Letter(
    _("Your request on ${site}"),
    _(
        "mail-deletion-answer",
        default="Hello,\n\nyou asked ${site} to delete something. The outcome: ${outcome}\n\n"
        "${answer}\n\nWhat you sent us is destroyed in ${days} days.\n",
    ),
)


def wishes_of(request: Any) -> Wishes:
    """Return the requests in the tree that *request* sees; made where a site has none yet."""
    found: Wishes | None = request.root_map.get("wishes")
    if found is None:
        found = request.root_map["wishes"] = Wishes()
    return found


def ask(request: Any, values: Mapping[str, str]) -> None:
    """Store one job that writes to the address in *values*, within moments."""
    payload = {**values, "language": request.locale_name}
    request.find_service(IOutbox).add(ASK, {name: payload[name] for name in FIELDS})


def begin(request: Any, payload: Mapping[str, Any]) -> None:
    """Write the link that confirms; one address is written to a few times a day only."""
    limits, key = request.find_service(ILimits), address_key(request, payload["address"])
    try:
        once(request, "count", lambda: limits.hit("deletion_letter", key))
    except TooMany:
        return
    secret = Tokens(request).make(DELETION, payload)
    link = {"link": f"/privacy/request/confirm?token={secret}"}
    write(request, CONFIRM, payload["address"], payload["language"], link)


def confirm(request: Any, secret: Any) -> None:
    """Keep what the link of *secret* asks for; raise `communicate.accounts.tokens.BadToken`."""
    payload, moment, key = Tokens(request).use(DELETION, secret), now(request), new_uid()
    # Committed before the tree uses it: a key without a request is harmless.
    request.find_service(IKeyRing).create(key)
    sealed = request.find_service(ISeals).seal(key, KIND, json.dumps(payload))
    wish = Wish(new_id(moment), milliseconds(moment), key, sealed)
    wishes_of(request).add(wish)


def read(request: Any, wish: Wish) -> dict[str, str]:
    """Return what *wish* says, empty where its key is gone."""
    text = request.find_service(ISeals).text(wish.words)
    return dict(json.loads(text)) if text else dict.fromkeys(FIELDS, "")


def answer(request: Any, wish: Wish, outcome: str, text: str) -> None:
    """Write what became of *wish* to who asked; do nothing where that is done already."""
    if wish.answered:
        return
    said = read(request, wish)
    word = localizer(request.registry, said["language"]).translate(OUTCOMES[outcome])
    days = request.registry.settings["communicate.request_days"]
    words = {"outcome": str(word), "answer": text, "days": str(days)}
    if said["address"]:
        write(request, ANSWER, said["address"], said["language"], words)
    wishes_of(request).answer(wish, milliseconds(now(request)), outcome)


def sweep(request: Any, _payload: Any) -> None:
    """Destroy what was answered long enough ago, keys first; the handler of the daily job."""
    destroyed = False
    while keys := work(request.registry, _old_keys):
        for key in keys:
            request.find_service(IKeyRing).destroy(key)
        work(request.registry, lambda inner: _drop(inner, set(keys)))
        destroyed = True
    if destroyed:
        with suppress(BackupError):  # logged, and told by the check of backups; the next has it
            copies.refresh_all(request.registry)


def _old(request: Any) -> list[Wish]:
    wishes = wishes_of(request)
    kept = timedelta(days=request.registry.settings["communicate.request_days"])
    limit = milliseconds(now(request) - kept)
    old = islice(wishes.answered.keys(None, (limit,)), BATCH)
    return [wishes.wishes[number] for _when, number in old]


def _old_keys(request: Any) -> list[int]:
    return [wish.key for wish in _old(request)]


def _drop(request: Any, keys: set[int]) -> None:
    for wish in _old(request):
        if wish.key in keys:
            wishes_of(request).drop(wish)

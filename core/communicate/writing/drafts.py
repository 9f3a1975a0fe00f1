"""`IDrafts`: what is typed is kept, sealed, until it is sent, thrown away, or forgotten."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.interfaces import IOutbox, ISeals
from communicate.sealing import Destroyed
from communicate.writing.content import Desk, Draft, Drafts
from communicate.writing.interfaces import IAttachments, IDrafts

PLACE, WORDS = "communicate.draft.place", "communicate.draft"
LABEL = "communicate.draft"
DESTROY = "communicate.drafts.destroy"
LONGEST = 250_000  # characters of one draft
MOST = 200  # drafts of one member: another takes the place of the oldest
LATE = 30_000  # ms in which what a browser sends of a form that was sent comes too late
SECONDS = 10  # in which a draft that was thrown away can be taken back


@dataclass(frozen=True)
class Opened:
    """A draft as its member reads it; *saved* is in ms since 1970, *key* where it lies."""

    key: int
    place: str
    words: Mapping[str, str]
    saved: int
    draft: Draft


@implementer(IDrafts)
class DraftService:
    """The drafts of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request

    @property
    def drafts(self) -> Drafts:
        """The drafts of the site."""
        found: Drafts = self.request.root_map["drafts"]
        return found

    def of(self, uid: int, place: str) -> Opened | None:
        """Return what *uid* has not sent at *place*, or None."""
        desk = self.drafts.desks.get(uid)
        if desk is None or not desk.drafts:  # most people most of the time
            return None
        return self.at(uid, self._key(uid, place))

    def at(self, uid: int, key: int) -> Opened | None:
        """Return the draft that lies at *key*, or None."""
        desk = self.drafts.desks.get(uid)
        draft = None if desk is None else desk.drafts.get(key)
        return None if draft is None else self._opened(key, draft)

    def keep(self, uid: int, place: str, words: Mapping[str, str], token: str = "") -> Any:
        """Keep *words* in place of what was kept; return the draft, None where there is none."""
        kept = {name: text for name, text in words.items() if text.strip()}
        key = self._key(uid, place)
        if not kept:
            self._forget(uid, key)
            return None
        desk = self._desk(uid)
        if self._is_late(desk, token):
            return None
        draft = self._present(desk, key)
        sealed = self._seal(uid, WORDS, json.dumps(kept, ensure_ascii=False))
        if draft is None:
            self._make_room(desk)
            draft = Draft(self._seal(uid, PLACE, place), sealed, self._now())
            desk.drafts[key] = draft
        draft.words, draft.saved = sealed, self._now()
        return draft

    def _present(self, desk: Desk, key: int) -> Draft | None:
        """Return the draft at *key*; one that was thrown away is destroyed now.

        Something else is written in its place: neither its words nor its files come back with it.
        """
        draft: Draft | None = desk.drafts.get(key)
        if draft is not None and draft.discarded:
            self.destroy(desk, key)
            return None
        return draft

    def drop(self, uid: int, place: str, token: str = "") -> None:
        """Destroy the draft at *place*; what the form with that *token* still sends is late."""
        desk = self._desk(uid)
        self.destroy(desk, self._key(uid, place))
        self.forget_sent(desk, 20)
        if token:
            desk.sent[_number(token)] = self._now()

    def forget_sent(self, desk: Desk, most: int | None = None) -> None:
        """Forget which forms were sent too long ago to matter, looking at *most* of them."""
        moment = self._now()
        for number, sent in list(islice(desk.sent.items(), most)):
            if moment - sent > LATE:
                del desk.sent[number]

    def discard(self, uid: int, place: str) -> bool:
        """Hide the draft at *place*, and have it destroyed in ten seconds."""
        draft = self.draft(uid, place)
        if draft is None or draft.discarded:
            return False
        self._desk(uid)
        draft.discarded = self._now()
        due = now(self.request) + timedelta(seconds=SECONDS)
        payload = {"uid": uid, "key": self._key(uid, place)}
        self.request.find_service(IOutbox).add(DESTROY, payload, owner=uid, due=due)
        return True

    def restore(self, uid: int, place: str) -> bool:
        """Show the draft at *place* again, where it is still there."""
        draft = self.draft(uid, place)
        if draft is None or not draft.discarded:
            return False
        self._desk(uid)
        draft.discarded = 0
        return True

    def all(self, uid: int) -> Iterator[Opened]:
        """Yield the drafts of *uid*, the latest first."""
        desk = self.drafts.desks.get(uid)
        found = [] if desk is None else list(desk.drafts.items())
        for key, draft in sorted(found, key=lambda each: each[1].saved, reverse=True):
            opened = self._opened(key, draft)
            if opened is not None:
                yield opened

    def count(self, uid: int) -> int:
        """Return how many drafts *uid* has."""
        desk = self.drafts.desks.get(uid)
        return 0 if desk is None else sum(not each.discarded for each in desk.drafts.values())

    def erase(self, uid: int, most: int) -> int:
        """Destroy at most *most* drafts of *uid*, and then all that is known of them."""
        desk = self.drafts.desks.get(uid)
        if desk is None:
            return 0
        keys = list(islice(desk.drafts.keys(), most))
        for key in keys:
            self.destroy(desk, key)
        if not desk.drafts:
            self.clear(uid)
        return len(keys)

    def clear(self, uid: int) -> None:
        """Forget the desk of *uid*, on which nothing lies; who lays something there conflicts."""
        self._desk(uid)
        del self.drafts.desks[uid]

    def _opened(self, key: int, draft: Draft) -> Opened | None:
        seals = self.request.find_service(ISeals)
        place, words = seals.text(draft.place), seals.text(draft.words)
        if draft.discarded or place is None or words is None:
            return None
        return Opened(key, place, json.loads(words), draft.saved, draft)

    def draft(self, uid: int, place: str) -> Draft | None:
        """Return the draft at *place* as it lies there, also one that was thrown away."""
        desk = self.drafts.desks.get(uid)
        found: Draft | None = None if desk is None else desk.drafts.get(self._key(uid, place))
        return found

    def made(self, uid: int, place: str) -> Draft:
        """Return the draft at *place*, without words where there was none."""
        desk = self._desk(uid)
        found = self._present(desk, self._key(uid, place))
        if found is None:
            nothing = self._seal(uid, WORDS, "{}")
            self._make_room(desk)
            found = Draft(self._seal(uid, PLACE, place), nothing, self._now())
            desk.drafts[self._key(uid, place)] = found
        return found

    def _forget(self, uid: int, key: int) -> None:
        """Destroy a draft in which nothing is written, unless files are attached to it."""
        desk = self.drafts.desks.get(uid)
        draft = None if desk is None else desk.drafts.get(key)
        if draft is not None and draft.attached():
            draft.words = self._seal(uid, WORDS, "{}")
        elif draft is not None:
            self.destroy(desk, key)

    def destroy(self, desk: Desk, key: int) -> None:
        """Destroy a draft and what is attached to it, where it is there."""
        draft = desk.drafts.pop(key, None)
        if draft is not None:
            desk.changed = self._now()  # whoever writes into it meanwhile starts again
            self.request.find_service(IAttachments).clear(draft)

    def _desk(self, uid: int) -> Desk:
        """Return the desk of *uid* to change it; who changes it at the same moment starts again.

        Else a form that is sent would not see the draft saved meanwhile, nor that draft the form;
        and a draft could be destroyed while somebody goes on with it.
        """
        desk: Desk | None = self.drafts.desks.get(uid)
        if desk is None:
            desk = self.drafts.desks[uid] = Desk()
        desk.changed = self._now()
        return desk

    def _is_late(self, desk: Desk, token: str) -> bool:
        """Tell whether the form was sent a moment ago."""
        sent = desk.sent.get(_number(token)) if token else None
        return sent is not None and self._now() - sent < LATE

    def _make_room(self, desk: Desk) -> None:
        if len(desk.drafts) >= MOST:
            oldest = min(desk.drafts.items(), key=lambda item: item[1].saved)
            self.destroy(desk, oldest[0])

    def _seal(self, uid: int, kind: str, text: str) -> Any:
        return self.request.find_service(ISeals).seal(uid, kind, text)

    def _key(self, uid: int, place: str) -> int:
        """Return the number by which the draft at *place* is found; nobody else can make it."""
        try:
            mac = self.request.find_service(ISeals).member_hmac(uid, LABEL, place.encode())
        except Destroyed:  # the account is being erased: there is nothing to be found
            return -1
        return int.from_bytes(mac[:8], "big") >> 1

    def _now(self) -> int:
        return milliseconds(now(self.request))


def _number(token: str) -> int:
    digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def destroy_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy a draft whose ten seconds are over: the handler of DESTROY."""
    desk = request.root_map["drafts"].desks.get(payload["uid"])
    draft = None if desk is None else desk.drafts.get(payload["key"])
    if draft is not None and draft.discarded:
        request.find_service(IDrafts).destroy(desk, payload["key"])

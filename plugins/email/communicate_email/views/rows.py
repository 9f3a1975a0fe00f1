"""Messages and conversations as lists show them."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.ids import encode
from communicate_email.store import rows as rowing
from communicate_email.store.conversing import Talk
from communicate_email.store.labels import Label
from communicate_email.store.listed import Listed
from communicate_email.views.people import clean, in_list, short

_ = TranslationStringFactory("communicate_email")

TO = _("To: ${names}")
NOBODY, NO_SUBJECT = _("(nobody named)"), _("(no subject)")
SENDERS = ("sent", "drafts")  # folders in which whom it is for matters
HUES = {  # colours of labels, as the style knows them
    "pink": 1,
    "turquoise": 2,
    "violet": 3,
    "orange": 4,
    "green": 5,
    "blue": 6,
    "red": 7,
    "yellow": 8,
}


def row_of(desk: Any, one: Listed, here: int | None = None) -> dict[str, Any]:
    """Return a message as a list shows it; *here* is the uid of the one that is read."""
    page, head, flags = desk.request.page, one.head, one.row.flags
    sends = one.box.role in SENDERS
    who = in_list(page, head.to if sends else head.authors)
    if sends and who:
        who = page.say(TO, names=who)
    verb = "resume" if one.box.role == "drafts" else "read"
    return {
        **_marks(desk, flags),
        "uid": one.row.uid,
        "marked": bool(flags & rowing.DELETED),
        "pick": "uid",
        "value": str(one.row.uid),
        "path": f"{desk.path(one.box)}/{verb}/{one.row.uid}",
        "who": who or page.say(NOBODY),
        "subject": clean(head.subject) or page.say(NO_SUBJECT),
        "line": clean(head.preview),
        "time": page.time(one.row.date),
        "unread": not flags & rowing.SEEN,
        "here": one.row.uid == here,
        "count": "",
        "folder": "",
    }


def talk_row(desk: Any, one: Talk, here: int | None = None) -> dict[str, Any]:
    """Return a conversation as a list shows it; *here* is the thread that is read."""
    page, head, path = desk.request.page, one.head, desk.path(one.box)
    names = [short(name, address) for name, address in one.people]
    if one.box.role in SENDERS and one.together == 1:
        who = page.say(TO, names=in_list(page, head.to)) if head.to else ""
    else:
        who = page.list(dict.fromkeys(filter(None, names))) if any(names) else ""
    alone = f"{path}/{'resume' if one.box.role == 'drafts' else 'read'}/{one.row.uid}"
    thread = encode(one.row.thread)
    return {
        **_marks(desk, one.flags),
        "uid": one.row.uid,
        "marked": bool(one.row.flags & rowing.DELETED),
        "pick": "talk",
        "value": thread,
        "path": f"{path}/talk/{thread}" if one.together > 1 else alone,
        "who": who or page.say(NOBODY),
        "subject": clean(head.subject) or page.say(NO_SUBJECT),
        "line": clean(head.preview),
        "time": page.time(one.row.date),
        "unread": one.unread,
        "here": one.row.thread == here,
        "count": page.number(one.together) if one.together > 1 else "",
        "folder": "",
    }


def elsewhere(desk: Any, one: Listed) -> dict[str, Any]:
    """Return a message as a list of several folders shows it."""
    value = f"{encode(one.box.id)}-{one.row.uid}"
    return {**row_of(desk, one), "pick": "at", "value": value, "folder": desk.name(one.box)}


def chip(label: Label) -> dict[str, Any]:
    """Return a label as pages show it."""
    return {"name": label.name, "hue": HUES[label.colour], "number": str(label.number)}


def _marks(desk: Any, flags: int) -> dict[str, Any]:
    return {
        "starred": bool(flags & rowing.FLAGGED),
        "answered": bool(flags & rowing.ANSWERED),
        "forwarded": bool(flags & rowing.FORWARDED),
        "attached": bool(flags & rowing.ATTACHED),
        "labels": [chip(one) for one in desk.labels.of(flags)],
    }

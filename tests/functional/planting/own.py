"""What members say of themselves, and what is theirs alone."""

from datetime import date

from communicate.audience import LEVELS
from communicate.interfaces import IAppPasswords
from communicate.pictures import Picture
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import KINDS, STANDING
from communicate.writing.interfaces import IAttachments, IDrafts

from .people import OWNERS, allowed, readers

ADDRESSES = {"web": "https://{}.example/", "email": "{}@example.org"}
NUMBERS = dict(zip(LEVELS, ("06 39 98 11 11", "06 39 98 22 22", "06 39 98 33 33",
                            "06 39 98 44 44", "06 39 98 55 55"), strict=True))  # fmt: skip
#: Where each begins to write something: a topic, an article, a comment, a message.
PLACES = ("/forums/general/new", "/articles/write", "/members/{}/comments", "/messages/new")


def say(on, level, kinds):
    """Say something of every one of *kinds* to *level*."""
    profiles, owner = on.request.find_service(IProfiles), on.members[OWNERS[level]]
    for kind in (KINDS[kind] for kind in kinds if kind in KINDS):
        given = {"audience": on.audience(level), **value(on, level, kind)}
        if kind.label:
            given["label"] = mark(on, f"label of {kind.name}", level)
        element = profiles.add(owner, kind.name, given)
        if kind.name == "other":
            on.hold(given["value"], element)
    for kind in (kind for kind in kinds if kind in STANDING):
        profiles.limit(profiles.stand(owner, kind), on.audience(level))


def mark(on, what, level, plant=None, **more):
    """Return a marker for what the owner of *level* shows to that audience."""
    plant = plant or on.canaries.text
    return plant(f"{what} ({level})", allowed(level), readers(level), **more)


def value(on, level, kind):
    """Return the marked value of an element of *kind*."""
    plant = on.canaries.plant
    if kind.form == "day":
        day = date(1961, 3, 10 + LEVELS.index(level))
        mark(on, kind.name, level, plant, word=f"{day.day} mars 1961")
        return {"value": day}
    if kind.form == "phone":
        return {"value": mark(on, kind.name, level, plant, word=NUMBERS[level])}
    if kind.form == "picture":
        # What is kept is what a reader's browser is sent.
        parts = [mark(on, f"{size} picture", level, plant) for size in ("large", "small")]
        return {"value": "", "picture": Picture(*(part.encode() for part in parts))}
    if kind.form in ADDRESSES:
        return {"value": ADDRESSES[kind.form].format(mark(on, kind.name, level, plant))}
    return {"value": mark(on, kind.name, level)}


def keep(on, level):
    """Name an app password, and begin to write in every service."""
    owner, uid = {f"owner of {level}"}, on.owner(level)
    drafts, files = (on.request.find_service(one) for one in (IDrafts, IAttachments))
    for place in (place.format(OWNERS[level]) for place in PLACES):
        drafts.keep(uid, place, {"body": on.word(f"a draft at {place} ({level})", owner)})
        name = on.word(f"name of a file of a draft at {place} ({level})", owner)
        text = on.word(f"text of a file of a draft at {place} ({level})", owner, set())
        files.put(drafts.made(uid, place), uid, f"{name}.txt", text.encode())
    title = on.word(f"name of an app password ({level})", owner)
    on.request.find_service(IAppPasswords).make(uid, title, ["mail"])

"""What the people of a demo keep on their disks: see ``communicate demo``.

The names are in ``words/fr.toml`` and ``words/en.toml``: folders with an audience, and the texts
that lie in them.
"""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import Any

from communicate import clock
from communicate.audience import PRIVATE, Audience
from communicate.demo.people import Person
from communicate.demo.writing import printed, read
from communicate_vdisk.content import Directory
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.sharing import share

PACKAGE = "communicate_vdisk.demo"
LANGUAGES = ("fr", "en")
OLDEST, LATEST = timedelta(days=200), timedelta(days=1)
OWNERS = 3  # people of each language who keep files


def make(request: Any, people: Sequence[Person], random: Random) -> None:
    """Have some people of both languages keep folders and files."""
    for language in LANGUAGES:
        speakers = [one for one in people if one.language == language] or list(people)
        stated = read(PACKAGE, language)["folders"]
        for person in random.sample(speakers, min(OWNERS, len(speakers))):
            for folder in stated:
                keep(request, person.uid, language, folder, random)


def keep(request: Any, uid: int, language: str, stated: dict[str, Any], random: Random) -> None:
    """Make the folder that is *stated*, with its files, in the past."""
    service, present = request.find_service(IDisk), clock.now(request)
    say = printed if language == "fr" else str
    with clock.at(request, present - LATEST - (OLDEST - LATEST) * random.random()):
        folder: Directory = service.make_folder(service.disk(uid), say(stated["name"]), uid)
        if stated["audience"] != "private":
            share(request, folder, Audience(stated["audience"]), PRIVATE, PRIVATE)
        for name, text in stated["files"].items():
            service.add_file(folder, name, BytesIO(say(text).encode()), uid)

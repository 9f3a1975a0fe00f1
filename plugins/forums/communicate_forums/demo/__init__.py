"""What the people of a demo write in forums: see ``communicate demo``.

What they write is in ``words/fr.toml`` and ``words/en.toml``: forums, and topics with the titles,
openings and replies that they are made of (`communicate.demo.writing` says how places are filled).
A reply may be a list: several people, one after the other.  ``posts`` is the least and the most
of them, ``times`` how many such topics there are (both where there are MANY people), ``last`` how
it ends, ``ordered`` that replies keep their order, ``hidden`` which ones moderators hide, ``once``
what one topic chooses once and ``each`` what each post chooses.
"""

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from communicate.audience import MEMBERS, PUBLIC, Audience
from communicate.demo.people import Person
from communicate.demo.writing import Writer, read
from communicate.interfaces import IMembers
from communicate.principals import member
from communicate.reports.interfaces import IReports
from communicate_forums.content import Forum
from communicate_forums.demo.topics import Scene
from communicate_forums.indexing import POST_KIND
from communicate_forums.interfaces import IForums
from communicate_forums.services import forums_of

PACKAGE = "communicate_forums.demo"
LANGUAGES = ("fr", "en")
MANY = 100  # people; fewer write less
REPORTED = 3  # posts
BOARD = 9  # people who read a forum for chosen ones


def make(request: Any, people: Sequence[Person], random: Random) -> None:
    """Make the forums of both languages, and topics in them, over the last year and a half."""
    writers = {}
    for language in LANGUAGES:
        script = read(PACKAGE, language)
        speakers = [one for one in people if one.language == language] or list(people)
        for stated in script["forums"]:
            add_forum(request, stated, people)
        writer, scale = Writer(random, language, script["lists"]), min(1, len(people) / MANY)
        for stated in script["topics"]:
            scene = Scene(request, stated, speakers, writer)
            for _time in range(math.ceil(stated.get("times", 1) * scale)):
                scene.play(scale)
        writers[language] = writer
    report(request, people, writers)


def report(request: Any, people: Sequence[Person], writers: Mapping[str, Writer]) -> None:
    """Have a few report what everybody may read: a queue for moderators."""
    reports, members = request.find_service(IReports), request.find_service(IMembers)
    random, nobody = writers["fr"].random, request.member
    topics = [
        one for one in forums_of(request).topics.values() if one.effective_audience() == PUBLIC
    ]
    for topic in random.sample(topics, min(REPORTED, len(topics))):
        person = random.choice(people)
        if person.uid != topic.owner:
            note = writers[person.language].choose(writers[person.language].lists["report"])
            request.member = members.by_uid(person.uid)
            reports.report(POST_KIND, topic.posts[topic.id], "misplaced", note)
    request.member = nobody


def add_forum(request: Any, stated: dict[str, Any], people: Sequence[Person]) -> Forum:
    """Return the forum that is *stated*, made where the site has none of that name."""
    known: Forum | None = forums_of(request).get(stated["name"])
    if known is not None:
        return known
    details = {
        name: stated[name] for name in ("description", "category", "weight") if name in stated
    }
    audience = audience_of(stated.get("audience", "public"), people)
    made: Forum = request.find_service(IForums).add_forum(
        stated["name"], stated["title"], audience=audience, **details
    )
    return made


def audience_of(level: str, people: Sequence[Person]) -> Audience:
    """Return the audience *level*; the chosen ones are the first who joined."""
    if level == "chosen":
        return Audience(level, [member(person.uid) for person in people[:BOARD]])
    return MEMBERS if level == "members" else PUBLIC

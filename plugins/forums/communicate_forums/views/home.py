"""The blocks on the home page: followed topics with news, and topics with the latest posts."""

from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Block
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_forums.content import Topic
from communicate_forums.indexing import forums_in
from communicate_forums.paging import backwards
from communicate_forums.reading import Reading
from communicate_forums.views.forums import followed, readable, rendered

_ = TranslationStringFactory("communicate_forums")

MOST = 5


def blocks(request: Any) -> list[Block]:
    """Return blocks with followed topics that have news, and with the latest ones; or none."""
    forums = forums_in(request)
    if forums is None or not permits(request, forums, VIEW):
        return []
    latest: list[tuple[int, int]] = []
    for forum in readable(request, forums):
        latest.extend(islice(backwards(forum.active), MOST))
    found: list[Topic] = [
        forums.topics[number] for _key, number in sorted(latest, reverse=True)[:MOST]
    ]
    reading = Reading(request)
    made = []
    for name, title, rows, waiting in (
        ("forums-followed", _("Topics that you follow"), followed(request, reading), True),
        ("forums", _("In the forums"), reading.rows(found), False),
    ):
        if rows:
            made.append(Block(name, title, rendered(request, rows), 20, waiting=waiting))
    return made

"""The block on the home page: topics with the latest posts."""

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
from communicate_forums.views.forums import readable, rendered

_ = TranslationStringFactory("communicate_forums")

MOST = 5


def blocks(request: Any) -> list[Block]:
    """Return a block with the topics that the viewer may read, or none."""
    forums = forums_in(request)
    if forums is None or not permits(request, forums, VIEW):
        return []
    latest: list[tuple[int, int]] = []
    for forum in readable(request, forums):
        latest.extend(islice(backwards(forum.active), MOST))
    found: list[Topic] = [
        forums.topics[number] for _key, number in sorted(latest, reverse=True)[:MOST]
    ]
    rows = Reading(request).rows(found)
    if not rows:
        return []
    return [Block("forums", _("In the forums"), rendered(request, rows), 20)]

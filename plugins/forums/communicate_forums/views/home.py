"""The block on the home page: followed topics with news.

What is new in the forums is shown there with everything else that is new.
"""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Block
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_forums.indexing import forums_in
from communicate_forums.reading import Reading
from communicate_forums.views.forums import followed, rendered

_ = TranslationStringFactory("communicate_forums")


def blocks(request: Any) -> list[Block]:
    """Return a block with the topics that the viewer follows and that have news, or none."""
    forums = forums_in(request)
    if forums is None or not permits(request, forums, VIEW):
        return []
    rows = followed(request, Reading(request))
    if not rows:
        return []
    html = rendered(request, rows)
    return [Block("forums-followed", _("Topics that you follow"), html, 20, waiting=True)]

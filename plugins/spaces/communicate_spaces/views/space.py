"""The block of comments in a space."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Block
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_spaces import places
from communicate_spaces.content import NAME
from communicate_spaces.showing import Shown

_ = TranslationStringFactory("communicate_spaces")

NEWEST = 10  # comments in the space itself


def blocks(member: Any, request: Any) -> list[Block]:
    """Return a block with the newest comments on the space of *member*, for who may read them."""
    wall = places.wall_of(request, member.uid)
    thread = None if wall is None else places.thread_of(request, wall)
    if thread is None or not permits(request, thread, VIEW):
        return []
    return [Block(NAME, _("Comments"), Shown(request, thread).newest(NEWEST), 10)]

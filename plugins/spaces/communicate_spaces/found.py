"""How comments look where they are found."""

import re
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Found
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.writing.references import without
from communicate_spaces.content import Comment, Wall
from communicate_spaces.interfaces import ICommenting

_ = TranslationStringFactory("communicate_spaces")

SPACE, COMMENTS = _("The space of ${login}"), _("Comments")
_BLOCK = re.compile(r"</?(?:p|br|hr|h\d|pre|blockquote|ul|ol|li|t[a-z]+)\b[^>]*>")


def comment(request: Any, thing: Comment) -> Found | None:
    """Return how the comment *thing* looks, or None where its words are not to be shown.

    It stands under the name of what is commented, for who may read that: whose author has blocked
    the viewer finds what the viewer wrote there, and no name.
    """
    html = request.find_service(ICommenting).html(thing) if thing.is_plain else None
    if html is None:
        return None
    about, page = thing.thread.thing, request.page
    if isinstance(about, Wall):
        title, place = page.say(SPACE, login=page.login_of(about.owner) or "?"), ""
    elif permits(request, about, VIEW):
        title, place = about.subject(request), page.say(COMMENTS)
    else:
        title, place = page.say(COMMENTS), ""
    path = str(page.url(thing))
    return Found(str(title), path, lambda: plain(without(html)), by=thing.owner, place=str(place))


def plain(html: str) -> str:
    """Return clean HTML as plain text."""
    return str(Markup(_BLOCK.sub(lambda tag: f" {tag[0]}", html)).striptags())  # noqa: S704

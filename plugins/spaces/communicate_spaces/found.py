"""How comments look where they are found."""

import re
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Found
from communicate.writing.references import without
from communicate_spaces.content import Comment
from communicate_spaces.interfaces import ICommenting

_ = TranslationStringFactory("communicate_spaces")

TITLE = _("Comment of ${login}")
_BLOCK = re.compile(r"</?(?:p|br|hr|h\d|pre|blockquote|ul|ol|li|t[a-z]+)\b[^>]*>")


def comment(request: Any, thing: Comment) -> Found | None:
    """Return how the comment *thing* looks, or None where its words are not to be shown."""
    html = request.find_service(ICommenting).html(thing) if thing.is_plain else None
    if html is None:
        return None
    title = request.page.say(TITLE, login=request.page.login_of(thing.owner) or "?")
    path = str(request.page.url(thing))
    return Found(title, path, lambda: plain(without(html)), by=thing.owner)


def plain(html: str) -> str:
    """Return clean HTML as plain text."""
    return str(Markup(_BLOCK.sub(lambda tag: f" {tag[0]}", html)).striptags())  # noqa: S704

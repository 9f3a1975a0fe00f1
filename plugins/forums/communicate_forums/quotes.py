"""What a post quotes of other posts: see `communicate.writing.quotes`."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate.permissions import VIEW
from communicate.security import permits
from communicate.writing import quotes
from communicate.writing.quotes import Quoted, line_in, plain, text_of, without
from communicate_forums.content import Post

_ = TranslationStringFactory("communicate_forums")

__all__ = ["Quotes", "line_in", "name_of", "plain", "text_of", "without"]


def name_of(page: Any, words: Any, post: Post) -> str:
    """Return the login of who wrote *post*, or what stands for it, as *page* and *words* say."""
    login = page.login_of(post.owner)
    if login:
        return str(login)
    name = words.author(post.owner)
    stand_in = _("a former member") if name is None else _("somebody")
    return str(name or page.say(stand_in))


class Quotes(quotes.Quotes):
    """The quotes on the pages of one request."""

    def __init__(self, request: Request, words: Any) -> None:
        super().__init__(request.page, _("Post deleted"))
        self.request, self.words = request, words

    def find(self, number: int) -> Quoted | None:
        """Return the post and its text, or None where this viewer is shown nothing of it."""
        post: Post | None = self.request.site["forums"].post(number)
        if post is None or post.hidden or post.deleted or post.__parent__.hidden:
            return None
        if not permits(self.request, post, VIEW):
            return None
        html: Any = self.words.html(post)
        if html is None:
            return None
        topic = post.__parent__
        path = f"/forums/{topic.__parent__.__name__}/{topic.__name__}/{post.__name__}"
        return Quoted(text_of(html), path, name_of(self.page, self.words, post), post.edited)

"""Where a post is shown."""

from pyramid.request import Request

from communicate.ids import encode
from communicate.web.slices import query, start_for
from communicate_forums.content import Post
from communicate_forums.interfaces import IForums


def place_of(request: Request, post: Post, *, last: bool = False, **more: int) -> str:
    """Return the address of the page that shows *post*, and of the post on it.

    A few older posts come before it; as many as the page holds where it is the *last* one.
    """
    size = request.registry.settings["forums.page_size"]
    topic = post.__parent__
    start = start_for(topic.posts, post.id, size - 1 if last else size // 4)
    path = request.find_service(IForums).path(topic)
    return f"{path}{query(after=start, **more)}#{encode(post.id)}"

"""What is being written, shown as it will be read."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.content import Site
from communicate.interfaces import IMarkdown
from communicate.permissions import MEMBER
from communicate.web.forms import previewed
from communicate.writing.interfaces import IAttachments

PIECE = 20_000  # characters that count as one preview


def words_in(request: Any) -> str:
    """Return the Markdown that the editor sent; count it, and raise HTTPBadRequest without any.

    A long text counts as several: some take a second of the processor for each 20,000 characters.
    """
    words = request.POST.get("words")
    if not isinstance(words, str):
        raise HTTPBadRequest
    count_act(request, "previews", cost=1 + len(words) // PIECE)
    return words


def fragment(request: Any, html: Any) -> Response:
    """Return the answer that the editor puts above its form."""
    response = Response(previewed(request, html), content_type="text/html", charset="utf-8")
    response.cache_control = "private, no-store"
    return response


@view_config(context=Site, name="preview", permission=MEMBER, request_method="POST")
def preview(_context: Any, request: Any) -> Response:
    """Show Markdown as clean HTML; nothing is kept."""
    html = request.find_service(IMarkdown).render(words_in(request))
    place = str(request.POST.get("place", ""))
    return fragment(request, request.find_service(IAttachments).fill_written(html, place))

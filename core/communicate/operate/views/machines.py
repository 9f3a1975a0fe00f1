"""What machines ask: a load balancer whether the site answers, monitoring for its figures.

Neither asks who is there: the tree may be what does not answer.
"""

from typing import Any

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from pyramid.authorization import Allow, Everyone
from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import Response
from pyramid.view import view_config

from communicate.operate.metrics import may_read
from communicate.permissions import OPEN
from communicate.principals import Viewer


class Door:
    """A place for whoever asks, outside of the tree."""

    __acl__ = ((Allow, Everyone, (OPEN,)),)


def door(request: Any) -> Door:
    """Return the place, and let nobody be looked up for *request*."""
    request.viewer = Viewer(None, None)
    return Door()


@view_config(route_name="health", permission=OPEN, request_method="GET")
def health(request: Any) -> Response:
    """Answer 200 where every store answers, 503 where one does not; which one is in the log."""
    beats = request.registry.communicate_pulse.beats(request.registry)
    words, status = ("ok\n", 200) if beats else ("failing\n", 503)
    return kept_nowhere(Response(words, status=status, content_type="text/plain"))


@view_config(route_name="metrics", permission=OPEN, request_method="GET")
def metrics(request: Any) -> Response:
    """Show the figures to who may read them; for everybody else there is nothing here."""
    if not may_read(request):
        raise HTTPNotFound
    body = generate_latest(request.registry.communicate_metrics.registry)
    response = Response(body)
    response.headers["Content-Type"] = CONTENT_TYPE_PLAIN_0_0_4
    return kept_nowhere(response)


def kept_nowhere(response: Response) -> Response:
    """Return *response*, of which no cache keeps a copy."""
    response.headers["Cache-Control"] = "no-store"
    return response

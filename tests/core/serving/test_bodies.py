from io import BytesIO

import pytest
from webob import Request

from communicate.serving.bodies import ClosedBodies

LARGE = b"a=" + b"x" * 50_000


class Inner:
    """An application that has its body copied, as one that may read it again."""

    registry = object()

    def __init__(self, error=None):
        self.error = error
        self.copy = None

    def __call__(self, environ, start_response):
        request = Request(environ)
        request.make_body_seekable()
        self.copy = environ["wsgi.input"]
        if self.error:
            raise self.error
        start_response("200 OK", [])
        return [str(len(request.body)).encode()]


def posting(body):
    environ = Request.blank("/", method="POST", content_length=len(body)).environ
    return {**environ, "wsgi.input": BytesIO(body), "webob.is_body_seekable": False}


class TestCopies:
    @pytest.mark.parametrize("body", [b"a=1", LARGE])
    def test_are_closed_once_the_request_is_answered(self, body):
        inner = Inner()
        answer = ClosedBodies(inner)(posting(body), lambda *_: None)
        assert b"".join(answer) == str(len(body)).encode()
        assert inner.copy.closed

    def test_are_closed_when_the_application_fails(self):
        inner = Inner(ValueError("no"))
        with pytest.raises(ValueError, match="no"):
            ClosedBodies(inner)(posting(LARGE), lambda *_: None)
        assert inner.copy.closed

    def test_the_servers_own_file_stays_open(self):
        environ = posting(LARGE)
        given = environ["wsgi.input"]
        ClosedBodies(lambda *_: [])(environ, None)
        ClosedBodies(Inner())(environ, lambda *_: None)
        assert not given.closed


class TestAttributes:
    def test_of_the_inner_application_show_through(self):
        assert ClosedBodies(Inner()).registry is Inner.registry

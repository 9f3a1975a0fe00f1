import pytest

from communicate.serving.address import OwnAddress


def answering(**headers):
    def application(environ, start_response):
        start_response("303 See Other", [(k.title(), v) for k, v in headers.items()])
        return [repr({k: environ.get(k) for k in ("HTTP_HOST", "wsgi.url_scheme")}).encode()]

    return application


def ask(application, **environ):
    seen = {}

    def start_response(status, headers, exc_info=None):
        seen.update(status=status, **dict(headers))

    body = b"".join(application({"HTTP_HOST": "evil.example", **environ}, start_response))
    return seen, body.decode()


class TestRequests:
    def test_the_host_that_a_client_names_is_not_seen(self):
        site = OwnAddress(answering(), "https://communicate.example")
        _seen, body = ask(site, **{"wsgi.url_scheme": "http"})
        assert body == repr({"HTTP_HOST": "communicate.example", "wsgi.url_scheme": "https"})

    @pytest.mark.parametrize(
        ("url", "port"),
        [("https://a.example", "443"), ("http://a.example", "80"), ("http://a.example:81", "81")],
    )
    def test_the_port_is_the_one_of_the_address(self, url, port):
        assert OwnAddress(answering(), url).environ["SERVER_PORT"] == port

    def test_the_callers_environ_stays_as_it_is(self):
        environ = {"HTTP_HOST": "evil.example"}
        list(OwnAddress(answering(), "http://a.example")(environ, lambda *_: None))
        assert environ == {"HTTP_HOST": "evil.example"}


class TestRedirects:
    @pytest.mark.parametrize(
        ("given", "sent"),
        [
            ("https://a.example/forums/general", "/forums/general"),
            ("https://a.example/", "/"),
            ("/login", "/login"),
            ("https://b.example/", "https://b.example/"),
            ("https://a.example.evil.example/", "https://a.example.evil.example/"),
            ("https://a.example//evil.example/", "https://a.example//evil.example/"),
            ("https://a.example/\\evil.example", "https://a.example/\\evil.example"),
        ],
    )
    def test_only_those_within_the_site_become_paths(self, given, sent):
        seen, _body = ask(OwnAddress(answering(location=given), "https://a.example"))
        assert seen["Location"] == sent

    def test_other_headers_pass(self):
        seen, _body = ask(OwnAddress(answering(link="https://a.example/x"), "https://a.example"))
        assert seen["Link"] == "https://a.example/x"


class TestInside:
    def test_the_inner_application_shows_through(self):
        inner = answering()
        inner.registry = object()
        assert OwnAddress(inner, "http://a.example").registry is inner.registry

from io import BytesIO

import pytest

from communicate.web import intake

FORM = "application/x-www-form-urlencoded"


def send(browser, path, body, kind):
    return browser.request(path, method="POST", body=body, content_type=kind, expect_errors=True)


class TestAddresses:
    @pytest.mark.parametrize(
        "path",
        ["/?x=%ff", "/?%ff=1", "/?x=%00", "/?a=1&b=%1b", "/?x=%c3%28", "/?x=%ed%a0%80"],
    )
    def test_a_query_that_is_no_text_is_refused(self, stranger, path):
        assert stranger.get(path, status=400).content_type == "text/html"

    @pytest.mark.parametrize("path", ["/\xff", "/\xc3(", "/\x00", "/a\x1bb"])
    def test_a_path_that_is_no_text_is_refused(self, site, path):
        status, _headers = call(site.app, path)
        assert status.startswith("400 ")

    @pytest.mark.parametrize("path", ["/?x=%C3%A9%0A", "/?", "/?&&=", "/?x=%F0%9F%8C%B3"])
    def test_what_can_be_read_passes(self, stranger, path):
        stranger.get(path, status=200)


class TestForms:
    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            (FORM, b"login=%ff"),
            (FORM, b"\xff=1"),
            (FORM, b"%00=1"),
            ("multipart/form-data", b"x"),
            ("multipart/form-data; boundary=", b"--\r\n"),
            ("multipart/form-data; boundary=x", b"--y\r\n\r\n"),
            ("multipart/form-data; boundary=" + "x" * 500, b"--x--"),
            (
                "multipart/form-data; boundary=x",
                b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--",
            ),
            (
                "multipart/form-data; boundary=x",
                b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\xff\r\n--x--',
            ),
            ("application/json", b"{"),
            ("text/plain", b"csrf_token=1"),
        ],
    )
    def test_what_cannot_be_read_is_a_clear_refusal(self, stranger, kind, body):
        assert send(stranger, "/login", body, kind).status_int == 400

    def test_values_are_the_matter_of_their_fields(self, stranger):
        form = stranger.get("/login").forms["sign-in"]
        form["login"] = "a\x00b"
        answer = form.submit(status=400)
        assert "caractère qui ne peut pas servir" in answer.text


class TestSize:
    def test_a_stranger_has_no_more_to_say_than_a_form_holds(self, stranger, claire):
        body = b"a=" + b"x" * 300_000
        assert send(stranger, "/login", body, FORM).status_int == 413
        assert send(claire, "/login", body, FORM).status_int == 400

    PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'

    @pytest.mark.parametrize(
        ("kind", "field", "end"),
        [(FORM, b"a=&", b""), ("multipart/form-data; boundary=x", PART, b"--x--\r\n")],
    )
    def test_a_million_fields_are_not_even_read(self, claire, monkeypatch, kind, field, end):
        assert send(claire, "/login", field * 900 + end, kind).status_int == 400
        read = []
        monkeypatch.setattr("communicate.web.intake._form_names", lambda *_: read.append(1) or [])
        assert send(claire, "/login", field * 1002 + end, kind).status_int == 413
        assert not read

    @pytest.mark.parametrize("chunk", [1, 2, 3, 64])
    def test_marks_are_counted_across_the_parts_that_are_read(self, monkeypatch, chunk):
        monkeypatch.setattr("communicate.web.intake.CHUNK", chunk)
        assert intake._occurrences(BytesIO(b"a\n--x\n--xb\n--"), b"\n--x") == 2
        assert intake._occurrences(BytesIO(b"a&b&&c"), b"&") == 3

    def test_a_refused_form_is_not_read_for_the_page_that_says_so(self, stranger, monkeypatch):
        read = []
        monkeypatch.setattr("communicate.web.errors.rescued", read.append)
        stranger.extra_environ["HTTP_ORIGIN"] = "http://localhost"
        assert send(stranger, "/login", b"a=&" * 100_000, FORM).status_int == 413
        assert not read


def call(app, path, **more):
    """Return status and headers of a GET with the raw *path*, one byte for each character."""
    found = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": None,
        **more,
    }
    list(app(environ, lambda status, headers, _info=None: found.extend((status, headers))))
    return found


class TestCookies:
    @pytest.mark.parametrize(
        "name", ["lang", "csrf", "notice", "communicate_session", "communicate_remember"]
    )
    @pytest.mark.parametrize(
        "value", ["\xff\xfe", "\xc3(", '"', "a" * 4000, "\x01", "%00", "=;=;"]
    )
    def test_that_we_did_not_set_are_as_none(self, site, name, value):
        status, _headers = call(site.app, "/", HTTP_COOKIE=f"{name}={value}; x=1")
        assert status.startswith("200 ")

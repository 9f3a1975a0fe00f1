import pytest
from pyramid.response import Response

from communicate.web import notices
from communicate.web.notices import give, take


def given(request, message, kind="good"):
    """Return the cookie that carries *message* to the next page."""
    give(request, message, kind)
    response = Response()
    request._process_response_callbacks(response)
    header = response.headers["Set-Cookie"]
    return header.partition(";")[0].partition("=")[2]


class TestNotice:
    @pytest.mark.parametrize("kind", sorted(notices.KINDS))
    def test_is_said_on_the_next_page_and_let_go(self, request_of, kind):
        request_of.cookies[notices.COOKIE] = given(request_of, "C’est fait <b>", kind)
        (notice,) = take(request_of)
        assert (notice.kind, notice.text) == (kind, "C’est fait <b>")
        assert notice.icon
        response = Response()
        request_of._process_response_callbacks(response)
        assert "Max-Age=0" in response.headers["Set-Cookie"]

    def test_is_escaped_on_the_page(self, site, request_of, stranger):
        stranger.set_cookie(notices.COOKIE, given(request_of, "<b>x</b>"))
        page = stranger.get("/")
        assert "&lt;b&gt;x" in page.text
        assert page.html.select_one(".alert")["role"] == "status"
        assert "&lt;b&gt;x" not in stranger.get("/").text

    @pytest.mark.parametrize("value", ["", "x", "=", "A" * 400, "WyJnb29kIiwgIngiXQ=="])
    def test_that_we_did_not_give_is_not_said(self, request_of, value):
        request_of.cookies[notices.COOKIE] = value
        assert take(request_of) == []

    def test_changed_on_the_way_is_not_said(self, request_of):
        value = given(request_of, "Bonjour")
        request_of.cookies[notices.COOKIE] = value[:-6] + "AAAA" + value[-2:]
        assert take(request_of) == []

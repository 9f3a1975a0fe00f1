import pytest

from communicate.web.headers import CSP

PAGES = ["/", "/privacy", "/nowhere", "/account", "/robots.txt"]


class TestEveryResponse:
    @pytest.mark.parametrize("path", PAGES)
    def test_carries_the_policy_of_the_site(self, stranger, path):
        headers = stranger.get(path, expect_errors=True).headers
        assert headers["Content-Security-Policy"] == CSP
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]

    def test_allows_no_script_but_our_own(self):
        assert CSP.startswith("default-src 'self';")
        assert "unsafe" not in CSP

    def test_asks_for_https_only_where_the_site_has_it(self, make_house, stranger):
        assert "Strict-Transport-Security" not in stranger.get("/").headers
        secure = make_house(url="https://example.org").browser()
        assert "max-age=31536000" in secure.get("/").headers["Strict-Transport-Security"]


class TestCaching:
    def test_pages_of_members_are_stored_nowhere(self, claire):
        assert claire.get("/").headers["Cache-Control"] == "no-store"

    def test_pages_of_strangers_are_asked_for_again(self, stranger):
        assert stranger.get("/").headers["Cache-Control"] == "private, no-cache"

    def test_errors_are_stored_nowhere(self, stranger):
        assert stranger.get("/nowhere", status=404).headers["Cache-Control"] == "no-store"


class TestCookies:
    def test_are_for_the_server_alone_and_for_this_site(self, stranger):
        for header in stranger.get("/").headers.getall("Set-Cookie"):
            assert "httponly" in header.lower()
            assert "samesite=lax" in header.lower()
            assert "secure" not in header.lower()

    def test_are_secure_under_https_whatever_the_request_says(self, make_house):
        page = make_house(url="https://example.org").browser().get("/")
        assert all("secure" in header.lower() for header in page.headers.getall("Set-Cookie"))

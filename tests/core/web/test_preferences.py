import pytest

from communicate.web.preferences import safe_path


def form_of(browser, action, path="/"):
    return next(f for f in browser.get(path).forms.values() if f.action == action)


class TestLanguage:
    def test_the_switch_returns_to_the_same_page_in_the_other_language(self, stranger):
        answer = form_of(stranger, "/language", "/help?x=1").submit("lang", value="en")
        assert answer.headers["Location"] == "/help?x=1"
        assert "Signing in and out" in answer.follow().text

    def test_it_is_remembered_for_a_year(self, stranger):
        answer = form_of(stranger, "/language").submit("lang", value="en")
        cookie = next(c for c in answer.headers.getall("Set-Cookie") if c.startswith("lang=en"))
        assert "Max-Age=31536000" in cookie

    @pytest.mark.parametrize("value", ["", "de", "fr\x00", "../en"])
    def test_another_language_is_refused(self, stranger, value):
        form_of(stranger, "/language").submit("lang", value=value, status=400)


class TestAppearance:
    def test_is_kept_for_the_member(self, claire, site):
        form_of(claire, "/appearance", "/account").submit("appearance", value="dark")
        assert 'data-bs-theme="dark"' in site.browser("claire.morvan").get("/").text
        form_of(claire, "/appearance").submit("appearance", value="auto")
        assert "data-bs-theme" not in claire.get("/").text

    def test_a_stranger_follows_the_system(self, stranger):
        assert "data-bs-theme" not in stranger.get("/").text

    def test_another_one_is_refused(self, claire):
        form_of(claire, "/appearance").submit("appearance", value="neon", status=400)

    def test_a_stranger_has_none_to_choose(self, stranger):
        token = form_of(stranger, "/language")["csrf_token"].value
        stranger.post("/appearance", {"appearance": "dark", "csrf_token": token}, status=403)


class TestSafePath:
    @pytest.mark.parametrize("path", ["/", "/forums/general?after=1", "/a%C3%A9", "/a:b"])
    def test_a_path_of_ours_passes(self, path):
        assert safe_path(path) == path

    @pytest.mark.parametrize(
        "path",
        [
            None,
            "",
            "a",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x=1",
            "/" + "a" * 3000,
            "/é",
        ],
    )
    def test_anything_else_leads_home(self, path):
        assert safe_path(path) == "/"

import pytest


def language_form(browser):
    return next(form for form in browser.get("/").forms.values() if form.action == "/language")


class TestToken:
    def test_a_form_with_it_is_taken(self, stranger):
        form = language_form(stranger)
        assert form.submit("lang", value="en").status_int == 303

    def test_a_form_without_it_is_refused(self, stranger):
        answer = stranger.post("/language", {"lang": "en"}, status=400)
        assert "Cette page était trop ancienne" in answer.text

    @pytest.mark.parametrize("token", ["", "x", "é", "\udcff", "a" * 5000])
    def test_another_token_is_refused(self, stranger, token):
        stranger.get("/")
        body = {"lang": "en", "csrf_token": token.encode("utf-8", "surrogatepass")}
        stranger.post("/language", body, status=400)

    def test_that_of_another_browser_is_refused(self, site, stranger):
        other = language_form(site.browser())["csrf_token"].value
        stranger.get("/")
        stranger.post("/language", {"lang": "en", "csrf_token": other}, status=400)

    def test_a_member_has_one_that_belongs_to_the_session(self, claire):
        page = claire.get("/")
        posted = [form for form in page.forms.values() if form.method.lower() == "post"]
        assert posted
        assert len({form["csrf_token"].value for form in posted}) == 1
        cookies = {cookie.name for cookie in claire.cookiejar}
        token = language_form(claire)["csrf_token"].value
        assert token not in {cookie.value for cookie in claire.cookiejar}
        assert "communicate_session" in cookies


class TestOrigin:
    @pytest.mark.parametrize(
        "origin",
        ["http://evil.example", "null", "http://localhost.evil.example", "https://localhost"],
    )
    def test_another_one_is_refused_even_with_the_token(self, stranger, origin):
        form = language_form(stranger)
        form.submit("lang", value="en", headers={"Origin": origin}, status=400)

    def test_our_own_is_that_of_the_settings_not_of_the_host_header(self, stranger):
        token = language_form(stranger)["csrf_token"].value
        headers = {"Origin": "http://evil.example", "Host": "evil.example"}
        body = {"lang": "en", "csrf_token": token}
        stranger.post("/language", body, headers=headers, status=400)
        stranger.post("/language", body, headers={"Origin": "http://localhost"}, status=303)

    def test_a_browser_that_names_another_site_is_refused(self, stranger):
        form = language_form(stranger)
        form.submit("lang", value="en", headers={"Sec-Fetch-Site": "cross-site"}, status=400)


class TestEveryForm:
    @pytest.mark.parametrize("path", ["/", "/login", "/join", "/nowhere", "/account"])
    def test_brings_a_token_to_strangers(self, stranger, path):
        self.check(stranger, path)

    @pytest.mark.parametrize("path", ["/", "/nowhere", "/account", "/account/password"])
    def test_brings_a_token_to_members(self, claire, path):
        self.check(claire, path)

    def check(self, browser, path):
        forms = browser.get(path, expect_errors=True).forms.values()
        posting = [form for form in forms if form.method.lower() == "post"]
        assert posting
        assert all(form["csrf_token"].value for form in posting)

import re

import pytest
from pyramid.httpexceptions import HTTPTooManyRequests
from ZODB.POSException import ConflictError

from communicate.storage.retry import TRIES
from communicate.web import errors
from communicate.web.errors import page

OURS = {"Origin": "http://localhost"}


class TestPages:
    def test_nothing_there(self, stranger):
        answer = stranger.get("/nowhere", status=404)
        assert "Il n’y a rien ici" in answer.text
        assert '<header class="topbar">' in answer.text

    def test_a_stranger_is_asked_to_sign_in_and_led_back(self, stranger):
        answer = stranger.get("/account?x=1", status=403)
        assert "/login?came_from=%2Faccount%3Fx%3D1" in answer.text

    def test_a_member_is_not_asked_to_sign_in(self, claire):
        answer = claire.get("/operate", status=403)
        assert "Cette page ne vous est pas ouverte" in answer.text
        assert "/login?came_from" not in answer.text

    def test_a_method_that_is_not_taken(self, stranger):
        stranger.get("/language", status=404)

    def test_a_body_too_large(self, make_house):
        browser = make_house(max_body="1 KB").browser()
        answer = browser.post("/login", {"login": "a" * 2000}, status=413)
        assert "C’est trop d’un coup" in answer.text

    def test_too_many_tries_say_when(self, request_of):
        error = HTTPTooManyRequests(headers={"Retry-After": "90"})
        answer = errors.refused(error, request_of)
        assert answer.status_int == 429
        assert answer.headers["Retry-After"] == "90"
        assert "Trop d’essais" in answer.text

    @pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
    def test_all_speak_both_languages(self, request_of, status):
        request_of.locale_name = "en"
        said = errors.ADVICE[status]
        assert str(said.title) in page(request_of, status).text

    def test_one_without_advice_of_its_own_still_shows(self, request_of):
        assert page(request_of, 418).status_int == 418
        assert page(request_of, 503).status_int == 503


class TestMistakesOfOurs:
    @pytest.fixture
    def broken(self, make_house, monkeypatch):
        """Return a browser of a site on which one page fails."""
        house = make_house()
        monkeypatch.setattr("communicate.privacy.views.pages.text_of", lambda *_: 1 / 0)
        return house.browser()

    def test_tell_a_number_and_nothing_else(self, broken, caplog):
        answer = broken.get("/privacy", status=500)
        code = re.search(r'<strong class="num">([0-9a-f]{8})</strong>', answer.text)[1]
        assert code in caplog.text
        assert "ZeroDivisionError" not in answer.text
        assert "Traceback" not in answer.text

    def test_show_even_when_the_tree_does_not_answer(self, make_house, monkeypatch):
        house = make_house()
        browser = house.browser()
        house.close()
        answer = browser.get("/", status=500)
        assert "Le site s’est trompé" in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_show_even_when_templates_fail(self, request_of, monkeypatch):
        monkeypatch.setattr(errors, "TEMPLATE", "communicate:templates/none.pt")
        answer = page(request_of, 500, code="ab12")
        assert "ab12" in answer.text
        assert answer.content_type == "text/html"

    def test_a_commit_that_fails_is_answered_like_any_other(self, make_house, monkeypatch):
        house = make_house()
        house.member("claire.morvan")
        browser = house.browser("claire.morvan")
        form = next(f for f in browser.get("/").forms.values() if f.action == "/appearance")
        monkeypatch.setattr("ZODB.Connection.Connection.tpc_vote", lambda *_: 1 / 0)
        answer = form.submit("appearance", value="dark", status=500)
        assert answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


class TestOthersInTheWay:
    WORDS = "Bonsoir à toutes et à tous, je pars trois semaines."

    @pytest.fixture
    def hindered(self, make_house, monkeypatch):
        """Return the browser of a member whose every commit meets another one, and its tries."""
        house, tries = make_house(), []
        house.member("claire.morvan")
        browser = house.browser("claire.morvan")
        form = next(f for f in browser.get("/").forms.values() if f.action == "/appearance")

        def meet(*_):
            tries.append(1)
            raise ConflictError("somebody else was faster")

        monkeypatch.setattr("communicate.storage.retry.time.sleep", lambda _seconds: None)
        monkeypatch.setattr("ZODB.Connection.Connection.tpc_vote", meet)
        body = {"csrf_token": form["csrf_token"].value, "appearance": "dark", "body": self.WORDS}
        return lambda: browser.post("/appearance", body, headers=OURS, status=503), tries

    def test_one_is_asked_for_a_little_time_after_ten_tries(self, hindered):
        send, tries = hindered
        answer = send()
        assert len(tries) == TRIES
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert "Beaucoup écrivent en ce moment" in answer.text
        assert "Rien n’a été enregistré" in answer.text
        assert answer.headers["Content-Security-Policy"]

    def test_what_was_typed_is_given_back(self, hindered):
        answer = hindered[0]()
        form = next(form for form in answer.forms.values() if "body" in form.fields)
        assert form["body"].value.strip() == self.WORDS


class TestRescue:
    TEXT = "Bonjour à tous,\nvoici <b>un</b> texte assez long."

    def send(self, browser, **headers):
        body = {"title": "Un titre", "body": self.TEXT, "csrf_token": "old"}
        return browser.post("/appearance", body, headers=headers, status="4*")

    def test_what_was_typed_is_given_back_with_a_fresh_token(self, stranger):
        answer = self.send(stranger, Origin="http://localhost")
        form = next(form for form in answer.forms.values() if "body" in form.fields)
        assert form["body"].value.replace("\r\n", "\n") == self.TEXT
        assert form["title"].value == "Un titre"
        assert form["csrf_token"].value != "old"
        assert "<b>un</b>" not in answer.text

    @pytest.mark.parametrize("path", ["/nowhere", "/operate/members"])
    def test_a_member_is_given_back_what_cannot_be_sent_any_more(self, claire, path):
        body = {"body": self.TEXT, "back": "/members/claire.morvan/comments", "title": "Bref"}
        answer = claire.post(path, body, headers=OURS, status="4*")
        (area,) = answer.html.select("main textarea[readonly]")
        assert area.text.strip().replace("\r\n", "\n") == self.TEXT
        assert "copiez ce que" in answer.text
        assert not claire.post(path, body, status="4*").html.select("main textarea")
        assert not claire.get(path, body, headers=OURS, status="4*").html.select("main textarea")

    @pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.example"}])
    def test_words_of_another_site_are_not_laid_under_a_members_hand(self, claire, headers):
        assert "voici" not in self.send(claire, **headers).text

    def test_passwords_are_never_given_back(self, stranger):
        body = {"login": "claire", "password": "secret-secret", "csrf_token": "old"}
        answer = stranger.post("/login", body, headers={"Origin": "http://localhost"}, status=400)
        assert "secret-secret" not in answer.text
        assert "rechargez la page" in answer.text

    @pytest.mark.parametrize("path", ["/account/password", "/account/address", "/account/erase"])
    def test_whatever_the_password_s_field_is_called(self, site, path):
        browser = site.browser("claire.morvan")
        form = next(f for f in browser.get(path).forms.values() if "present" in f.fields)
        form["present"], form["csrf_token"] = "un mot de passe assez long", "old"
        answer = form.submit(headers={"Origin": "http://localhost"}, status=400)
        assert "un mot de passe" not in answer.text

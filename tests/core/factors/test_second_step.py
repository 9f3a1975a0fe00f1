"""The second step of signing in: after the password, once, in this browser, in time."""

import threading
from typing import Any

import pytest

from communicate.accounts.cookies import REMEMBER, SESSION
from communicate.factors.content import ROOT
from communicate.factors.waits import COOKIE
from communicate.interfaces import IFactors, IMembers
from communicate.testing.house import PASSWORD, House

from .conftest import App, Kit, is_in

NEW = "sept chevaux traversent le gué"


@pytest.fixture
def app(kit: Kit, claire: int) -> App:
    return kit.set_app(claire)


class TestAsked:
    def test_the_right_password_alone_opens_nothing(self, kit: Kit, app: App) -> None:
        browser = kit.browser()
        answer = kit.password(browser)
        assert (answer.status_int, answer.location) == (303, "/login/second")
        assert SESSION not in browser.cookies
        assert not is_in(browser)
        assert browser.get("/account", status=403)

    def test_a_code_of_the_app_leads_to_where_one_came_from(self, kit: Kit, app: App) -> None:
        browser = kit.browser()
        kit.password(browser)
        answer = kit.step(browser, "code", app.code())
        assert (answer.status_int, answer.location) == (303, "/account/sessions")
        assert is_in(browser)
        assert COOKIE not in browser.cookies

    def test_a_member_without_one_is_not_asked(self, kit: Kit, claire: int) -> None:
        assert kit.password(kit.browser()).location == "/account/sessions"

    def test_wrong_words_get_the_page_that_everybody_gets(self, kit: Kit, app: App) -> None:
        form = kit.browser().get("/login").forms["sign-in"]
        form["login"], form["password"] = kit.login, "wrong words"
        answer = form.submit(status=400)
        assert "Login or password is wrong" in answer.text
        assert COOKIE not in answer.headers.getall("Set-Cookie")

    @pytest.mark.parametrize("code", ["", "12", "abcdef", "١٢٣٤٥٦", "0" * 500, "<b>", "12 34"])
    def test_what_is_no_code_is_refused_with_a_sentence(
        self, kit: Kit, app: App, code: str
    ) -> None:
        browser = kit.browser()
        kit.password(browser)
        assert kit.step(browser, "code", code).status_int == 400
        assert not is_in(browser)

    def test_a_right_one_with_spaces_is_right(self, kit: Kit, app: App) -> None:
        browser, code = kit.browser(), app.code()
        kit.password(browser)
        assert kit.step(browser, "code", f" {code[:3]} {code[3:]} ").status_int == 303

    def test_a_way_that_the_member_has_not_is_not_offered(self, kit: Kit, app: App) -> None:
        browser = kit.browser()
        kit.password(browser)
        page = browser.get("/login/second?with=passkey")
        assert "code" in page.forms["second"].fields
        assert page.html.select_one("main a[href*=passkey]") is None

    def test_keeping_the_session_works_and_reopens_without_asking(
        self, kit: Kit, app: App
    ) -> None:
        browser = kit.browser()
        kit.password(browser, remember=True)
        assert REMEMBER not in browser.cookies
        kit.step(browser, "code", app.code())
        assert REMEMBER in browser.cookies
        browser.cookiejar.clear_session_cookies()
        kit.move(days=2)
        assert is_in(browser)


class TestReplay:
    def test_a_code_works_once(self, kit: Kit, app: App) -> None:
        code = app.code()
        for browser, status in ((kit.browser(), 303), (kit.browser(), 400)):
            kit.password(browser)
            assert kit.step(browser, "code", code).status_int == status

    def test_one_older_than_the_last_that_was_taken_is_refused(self, kit: Kit, app: App) -> None:
        before, now = app.code(-30), app.code()
        for code, status in ((now, 303), (before, 400)):
            browser = kit.browser()
            kit.password(browser)
            assert kit.step(browser, "code", code).status_int == status

    def test_the_next_one_is_taken(self, kit: Kit, app: App) -> None:
        for _ in range(2):
            browser = kit.browser()
            kit.password(browser)
            assert kit.step(browser, "code", app.code()).status_int == 303
            kit.move(seconds=30)

    def test_the_code_that_set_the_app_up_does_not_sign_in(self, kit: Kit, claire: int) -> None:
        app = kit.set_app(claire)
        step = int(kit.now().timestamp()) // 30
        kit.factors(lambda service, member: service.set_totp(member, app.secret, step), claire)
        browser = kit.browser()
        kit.password(browser)
        assert kit.step(browser, "code", app.code()).status_int == 400


class TestDrift:
    @pytest.mark.parametrize(("drift", "status"), [(-60, 400), (-30, 303), (30, 303), (60, 400)])
    def test_clocks_may_be_half_a_minute_apart(
        self, kit: Kit, app: App, monkeypatch: pytest.MonkeyPatch, drift: int, status: int
    ) -> None:
        moment = kit.now()
        monkeypatch.setattr(kit.clock, "now", lambda: moment)
        browser = kit.browser()
        kit.password(browser)
        assert kit.step(browser, "code", app.code(drift)).status_int == status


class TestRecovery:
    def test_each_code_works_once_and_its_use_is_told(self, kit: Kit, app: App) -> None:
        for status in (303, 400):
            browser = kit.browser()
            kit.password(browser)
            assert kit.step(browser, "recovery", app.recovery[3]).status_int == status
        mails = kit.letters("A recovery code opened your account")
        assert len(mails) == 1
        assert "9 are left" in mails[0]
        assert app.recovery[3] not in mails[0]

    def test_it_may_be_typed_in_capitals_and_with_spaces(self, kit: Kit, app: App) -> None:
        browser = kit.browser()
        kit.password(browser)
        typed = app.recovery[0].upper().replace("-", "  ")
        assert kit.step(browser, "recovery", typed).status_int == 303

    def test_two_browsers_at_once_use_one_code_once(self, kit: Kit, app: App) -> None:
        browsers, answers = [kit.browser(), kit.browser()], []
        forms = []
        for browser in browsers:
            kit.password(browser)
            form = browser.get("/login/second?with=recovery").forms["second"]
            form["recovery"] = app.recovery[0]
            forms.append(form)
        barrier = threading.Barrier(2)

        def send(form: Any) -> None:
            barrier.wait()
            answers.append(form.submit(status="*").status_int)

        threads = [threading.Thread(target=send, args=(form,)) for form in forms]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [303, 400]
        assert sorted(map(is_in, browsers)) == [False, True]

    def test_codes_of_another_member_are_none(self, kit: Kit, app: App) -> None:
        other = kit.set_app(kit.member(f"paul{kit.number}"))
        browser = kit.browser()
        kit.password(browser)
        assert kit.step(browser, "recovery", other.recovery[0]).status_int == 400
        assert kit.step(browser, "code", other.code()).status_int == 400


class TestBrowser:
    def test_another_one_cannot_take_the_step(self, kit: Kit, app: App) -> None:
        mine, other = kit.browser(), kit.browser()
        kit.password(mine)
        page = mine.get("/login/second")
        assert other.get("/login/second").location == "/login"
        fields = {"code": app.code(), "csrf_token": page.forms["second"]["csrf_token"].value}
        assert other.post("/login/second", fields, status=400)
        assert not is_in(other)

    def test_after_five_minutes_it_is_too_late(self, kit: Kit, app: App) -> None:
        browser = kit.browser()
        kit.password(browser)
        form = browser.get("/login/second").forms["second"]
        kit.move(minutes=5)
        form["code"] = app.code()
        answer = form.submit(status=303)
        assert answer.location == "/login"
        assert "took too long" in answer.follow().text
        assert not is_in(browser)

    def test_what_nobody_takes_is_swept(self, kit: Kit, house: House, app: App) -> None:
        kit.password(kit.browser())
        assert house.work(lambda request: len(request.root_map[ROOT].waiting)) > 0
        kit.move(minutes=20)
        house.run_jobs()
        assert house.work(lambda request: len(request.root_map[ROOT].waiting)) == 0
        assert house.work(lambda request: len(request.root_map[ROOT].ends)) == 0

    @pytest.mark.parametrize("value", ["", "x", "é" * 50, "0" * 5000, "communicate"])
    def test_a_made_up_cookie_waits_for_nothing(self, kit: Kit, app: App, value: str) -> None:
        headers = {"Cookie": f"{COOKIE}={value}".encode().decode("latin-1")}
        assert kit.browser().get("/login/second", headers=headers).location == "/login"

    def test_the_tree_holds_no_cookie_in_clear(self, kit: Kit, house: House, app: App) -> None:
        browser = kit.browser()
        kit.password(browser)
        secret = browser.cookies[COOKIE].encode()
        (data,) = house.folder.rglob("Data.fs")
        assert secret not in data.read_bytes()


class TestMeanwhile:
    def wait(self, kit: Kit) -> Any:
        browser = kit.browser()
        kit.password(browser)
        return browser

    def test_another_password_ends_the_step(self, kit: Kit, app: App, claire: int) -> None:
        browser = self.wait(kit)

        def change(request: Any) -> None:
            members = request.find_service(IMembers)
            members.set_password(members.by_uid(claire), NEW)

        kit.house.work(change)
        assert browser.get("/login/second").location == "/login"

    def test_a_suspended_account_takes_the_step_to_its_one_page(
        self, kit: Kit, app: App, claire: int
    ) -> None:
        browser = self.wait(kit)

        def suspend(request: Any) -> None:
            members = request.find_service(IMembers)
            members.suspend(members.by_uid(claire))

        kit.house.work(suspend)
        answer = kit.step(browser, "code", app.code())
        assert answer.location == "/suspended"

    def test_once_the_step_is_taken_away_one_begins_again(
        self, kit: Kit, app: App, claire: int
    ) -> None:
        browser = self.wait(kit)
        kit.factors(lambda service, member: service.reset(member), claire)
        assert browser.get("/login/second").location == "/login"


class TestLimits:
    def test_ten_wrong_codes_lock_the_step_and_the_member_is_told_once(
        self, kit: Kit, app: App
    ) -> None:
        browser = kit.browser()
        kit.password(browser)
        statuses = [kit.step(browser, "code", app.wrong()).status_int for _ in range(11)]
        assert statuses == [400] * 10 + [429]
        assert kit.step(browser, "code", app.code()).status_int == 429
        assert len(kit.letters("Somebody knows your password")) == 1

    def test_giving_the_password_again_gives_no_new_tries(self, kit: Kit, app: App) -> None:
        for _ in range(10):
            browser = kit.browser()
            kit.password(browser)
            assert kit.step(browser, "code", app.wrong()).status_int == 400
        browser = kit.browser()
        assert kit.password(browser).status_int == 303
        assert kit.step(browser, "recovery", app.recovery[0]).status_int == 429

    def test_a_quarter_of_an_hour_later_one_may_try_again_but_not_all_day(
        self, kit: Kit, app: App, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = kit.house.registry.settings
        monkeypatch.setitem(settings, "communicate.limits.second_account", "2/15 minute")
        monkeypatch.setitem(settings, "communicate.limits.second_day", "5/day")
        browser, failed = kit.browser(), 0
        for _round in range(4):
            kit.password(browser)
            failed += sum(
                kit.step(browser, "code", app.wrong()).status_int == 400 for _ in range(3)
            )
            kit.move(minutes=16)
        assert failed == 5

    def test_what_succeeds_does_not_count(
        self, kit: Kit, app: App, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = kit.house.registry.settings
        monkeypatch.setitem(settings, "communicate.limits.second_account", "2/15 minute")
        monkeypatch.setitem(settings, "communicate.limits.second_day", "2/day")
        for _ in range(3):
            browser = kit.browser()
            kit.password(browser)
            assert kit.step(browser, "code", app.code()).status_int == 303
            kit.move(seconds=30)


class TestForgottenPassword:
    def test_a_reset_by_mail_neither_drops_nor_passes_the_second_step(
        self, kit: Kit, house: House, app: App, claire: int
    ) -> None:
        form = house.browser().get("/reset").forms["reset"]
        form["login"] = kit.login
        form.submit()
        mail = kit.letters("Choose a new password")[0]
        link = mail.partition("http://localhost")[2].split()[0]
        browser = kit.browser()
        form = browser.get(link).forms["password"]
        form["password"] = NEW
        form.submit().follow()
        assert not is_in(browser)
        form = browser.get("/login").forms["sign-in"]
        form["login"], form["password"] = kit.login, NEW
        assert form.submit().location == "/login/second"
        assert kit.step(browser, "code", app.code()).status_int == 303

    def test_operators_can_take_it_away_and_a_mail_says_so(
        self, kit: Kit, house: House, app: App, claire: int
    ) -> None:
        house.work(
            lambda request: request.find_service(IFactors).reset(
                request.find_service(IMembers).by_uid(claire)
            )
        )
        assert kit.password(kit.browser()).location == "/account/sessions"
        assert len(kit.letters("Two-step sign-in on 2 Communicate was reset")) == 1


class TestSameWork:
    def test_whoever_has_a_second_step_costs_a_stranger_one_hash(
        self, kit: Kit, house: House, app: App, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paul = f"paul{kit.number}"
        kit.member(paul)
        passwords, counted = house.registry.communicate_passwords, []
        verify = passwords.verify

        def count(stored: Any, password: str) -> Any:
            counted.append(password)
            return verify(stored, password)

        monkeypatch.setattr(passwords, "verify", count)
        pages = set()
        for login in (kit.login, paul, "nobody"):
            form = kit.browser().get("/login").forms["sign-in"]
            form["login"], form["password"] = login, "wrong words"
            answer = form.submit(status=400)
            for field in answer.html.select("input[type=hidden]"):
                field.decompose()
            pages.add(str(answer.html.select_one("main")).replace(login, "LOGIN"))
        assert len(counted) == 3
        assert len(pages) == 1
        assert PASSWORD not in counted

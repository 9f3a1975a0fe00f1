"""Setting the second step up, changing it and switching it off: the password, and mails."""

from typing import Any

import pyotp
import pytest

from communicate.factors.content import ROOT
from communicate.testing.house import PASSWORD

from .conftest import App, Kit, is_in, shown
from .softkey import SoftKey

HOME = "/account/second-factor"


@pytest.fixture
def browser(kit: Kit, claire: int) -> Any:
    """Return a browser in which the member is signed in."""
    browser = kit.browser()
    kit.password(browser)
    return browser


def begin(browser: Any) -> Any:
    """Give the password; return the page with the picture."""
    form = browser.get(f"{HOME}/app").forms["app"]
    form["present"] = PASSWORD
    return form.submit().follow()


def finish(kit: Kit, page: Any) -> tuple[App, Any]:
    """Type the first code; return the app and the answer."""
    app = App(kit, shown(page, "code.secret")[0])
    form = page.forms["app"]
    form["code"] = app.code()
    return app, form.submit(status="*")


def press(browser: Any, path: str, name: str, password: str = PASSWORD) -> Any:
    """Give the password on the page *path*; return the answer."""
    form = browser.get(path).forms[name]
    form["present"] = password
    return form.submit(status="*")


class TestApp:
    def test_password_picture_code_and_then_recovery_codes(self, kit: Kit, browser: Any) -> None:
        page = begin(browser)
        picture = page.html.select_one("img.qr")["src"]
        assert picture.startswith("data:image/svg+xml")
        link = page.html.select_one("a[href^='otpauth:']")["href"]
        parsed = pyotp.parse_uri(link)
        assert (parsed.name, parsed.issuer) == (kit.login, "2 Communicate")
        app, answer = finish(kit, page)
        codes = shown(answer.follow(), ".codes code")
        assert len(set(codes)) == 10
        other = kit.browser()
        kit.password(other)
        kit.move(seconds=30)
        assert kit.step(other, "code", app.code()).status_int == 303
        assert len(kit.letters("Two-step sign-in on 2 Communicate is on")) == 1

    def test_nothing_is_on_before_a_code_was_right(self, kit: Kit, browser: Any) -> None:
        page = begin(browser)
        form = page.forms["app"]
        form["code"] = App(kit, shown(page, "code.secret")[0]).wrong()
        assert form.submit(status=400)
        assert kit.password(kit.browser()).location == "/account/sessions"

    def test_the_wrong_password_shows_no_secret(self, browser: Any) -> None:
        assert press(browser, f"{HOME}/app", "app", "wrong words").status_int == 400
        assert not browser.get(f"{HOME}/app").html.select("code.secret")

    def test_another_session_of_the_member_does_not_see_the_secret(
        self, kit: Kit, browser: Any
    ) -> None:
        begin(browser)
        other = kit.browser()
        kit.password(other)
        assert not other.get(f"{HOME}/app").html.select("code.secret")

    def test_after_ten_minutes_the_secret_is_gone(self, kit: Kit, browser: Any) -> None:
        page = begin(browser)
        kit.move(minutes=10)
        assert finish(kit, page)[1].status_int == 400
        assert not browser.get(f"{HOME}/app").html.select("code.secret")

    def test_the_tree_holds_no_secret_in_clear(self, kit: Kit, browser: Any) -> None:
        app, answer = finish(kit, begin(browser))
        codes = [code.encode() for code in shown(answer.follow(), ".codes code")]
        (data,) = kit.house.folder.rglob("Data.fs")
        stored = data.read_bytes()
        assert not [secret for secret in (app.secret.encode(), *codes) if secret in stored]


class TestRecoveryCodes:
    def test_they_are_shown_until_kept_in_the_session_that_made_them(
        self, kit: Kit, browser: Any, claire: int
    ) -> None:
        page = finish(kit, begin(browser))[1].follow()
        form = next(form for form in page.forms.values() if "kept" in form.fields)
        other = kit.browser()
        kit.alone(other, self.key(kit, claire))
        assert not shown(other.get(f"{HOME}/codes"), ".codes code")
        assert len(shown(browser.get(f"{HOME}/codes"), ".codes code")) == 10
        assert form.submit("kept").location == HOME
        assert not shown(browser.get(f"{HOME}/codes"), ".codes code")

    @staticmethod
    def key(kit: Kit, uid: int) -> SoftKey:
        key = SoftKey()
        kit.set_key(uid, key)
        return key

    def test_new_ones_need_the_password_and_end_the_old_ones(self, kit: Kit, browser: Any) -> None:
        page = finish(kit, begin(browser))[1].follow()
        old = shown(page, ".codes code")
        next(form for form in page.forms.values() if "kept" in form.fields).submit("kept")
        assert press(browser, f"{HOME}/codes", "codes", "wrong words").status_int == 400
        new = shown(press(browser, f"{HOME}/codes", "codes").follow(), ".codes code")
        assert not set(old) & set(new)
        for code, status in ((old[0], 400), (new[0], 303)):
            other = kit.browser()
            kit.password(other)
            assert kit.step(other, "recovery", code).status_int == status

    def test_a_second_factor_does_not_change_them(
        self, kit: Kit, browser: Any, claire: int
    ) -> None:
        app = kit.set_app(claire)
        assert kit.set_key(claire, SoftKey()) == []
        other = kit.browser()
        kit.password(other)
        assert kit.step(other, "recovery", app.recovery[0]).status_int == 303

    def test_the_page_says_how_many_are_left_and_warns_in_time(
        self, kit: Kit, browser: Any, claire: int
    ) -> None:
        app = kit.set_app(claire)
        assert "Few recovery codes" not in browser.get(HOME).text
        for code in app.recovery[:8]:
            other = kit.browser()
            kit.password(other)
            kit.step(other, "recovery", code)
        assert "Few recovery codes" in browser.get(HOME).text


class TestRemoving:
    def test_one_of_several_leaves_the_rest(self, kit: Kit, browser: Any, claire: int) -> None:
        key = SoftKey()
        kit.set_app(claire)
        kit.set_key(claire, key)
        assert press(browser, f"{HOME}/remove?key=app", "remove").location == HOME
        assert kit.alone(kit.browser(), key).location == "/"
        assert kit.password(kit.browser()).location == "/login/second"
        assert len(kit.letters("Two-step sign-in on 2 Communicate was changed")) == 2

    def test_the_last_one_switches_off_and_the_page_says_so_before(
        self, kit: Kit, browser: Any, claire: int
    ) -> None:
        kit.set_app(claire)
        assert "It is the last one" in browser.get(f"{HOME}/remove?key=app").text
        press(browser, f"{HOME}/remove?key=app", "remove")
        assert kit.password(kit.browser()).location == "/account/sessions"
        assert kit.factors(lambda service, member: service.codes_left(member.uid), claire) == 0
        assert len(kit.letters("Two-step sign-in on 2 Communicate is off")) == 1

    def test_a_passkey_by_its_name(self, kit: Kit, browser: Any, claire: int) -> None:
        kit.set_app(claire)
        kit.set_key(claire, SoftKey())
        (row,) = kit.factors(lambda service, member: service.rows(member.uid), claire)
        path = f"{HOME}/remove?key={row['key']}"
        assert "Téléphone" in browser.get(path).text
        assert press(browser, path, "remove").location == HOME
        browser.get(path, status=404)

    def test_nobody_removes_what_is_anothers(self, kit: Kit, browser: Any) -> None:
        paul = kit.member(f"paul{kit.number}")
        kit.set_key(paul, SoftKey())
        (row,) = kit.factors(lambda service, member: service.rows(member.uid), paul)
        for key in (row["key"], "app", "", "zzzzzzzzzzzzz", "%00"):
            assert browser.get(f"{HOME}/remove?key={key}", status="*").status_int in (400, 404)

    def test_switching_off_needs_the_password(self, kit: Kit, browser: Any, claire: int) -> None:
        kit.set_app(claire)
        assert press(browser, f"{HOME}/off", "off", "wrong words").status_int == 400
        assert kit.password(kit.browser()).location == "/login/second"
        assert press(browser, f"{HOME}/off", "off").location == HOME
        assert kit.password(kit.browser()).location == "/account/sessions"

    def test_where_nothing_is_on_there_is_nothing_to_switch_off(self, browser: Any) -> None:
        assert browser.get(f"{HOME}/off", status=303).location == HOME
        assert browser.get(f"{HOME}/codes", status=303).location == HOME


class TestPages:
    @pytest.mark.parametrize("path", ["", "/app", "/passkey", "/codes", "/remove", "/off"])
    def test_they_are_for_members_only(self, kit: Kit, path: str) -> None:
        kit.browser().get(f"{HOME}{path}", status=403)

    def test_nothing_of_it_is_kept_by_the_browser(self, kit: Kit, browser: Any) -> None:
        page = begin(browser)
        assert page.headers["Cache-Control"] == "no-store"

    def test_mails_have_an_end(
        self, kit: Kit, browser: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(
            kit.house.registry.settings, "communicate.limits.factor_changes", "2/hour"
        )
        for status in (303, 303, 429):
            assert press(browser, f"{HOME}/app", "app").status_int == status
            kit.move(minutes=11)


class TestErasing:
    def test_it_leaves_nothing(self, kit: Kit, browser: Any, claire: int) -> None:
        key = SoftKey()
        kit.set_app(claire)
        kit.set_key(claire, key)
        begin(browser)
        kit.password(kit.browser())
        form = browser.get("/account/erase").forms["erase"]
        form["present"] = PASSWORD
        form.submit()
        assert kit.alone(kit.browser(), key).location == "/login"
        kit.house.run_jobs()

        def left(request: Any) -> list[Any]:
            store = request.root_map[ROOT]
            waiting = [one for one in store.waiting.values() if one.uid == claire]
            marks = [mark for mark, uid in store.passkeys.items() if uid == claire]
            return [*waiting, *marks, *([claire] if claire in store.members else [])]

        assert kit.house.work(left) == []
        assert not is_in(browser)

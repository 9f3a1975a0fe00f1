"""A sign-in by hand from a kind of browser not used lately is told, at once, by mail."""

import pytest

from communicate.factors.content import ROOT
from communicate.interfaces import INotifications

from .conftest import FIREFOX, Kit
from .softkey import SoftKey

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36"
NEWER = FIREFOX.replace("140.0", "141.0")
NEW = "New sign-in"


def sign_in(kit: Kit, agent: str) -> None:
    assert kit.password(kit.browser(agent)).status_int == 303


class TestNewBrowser:
    def test_the_very_first_one_is_not_news(self, kit: Kit, claire: int) -> None:
        sign_in(kit, FIREFOX)
        assert kit.letters(NEW) == []

    def test_another_kind_is_told_once(self, kit: Kit, claire: int) -> None:
        for agent in (FIREFOX, CHROME, CHROME, NEWER):
            sign_in(kit, agent)
        (mail,) = kit.letters(NEW)
        assert "Chrome, Windows" in mail
        assert "/account/sessions" in mail
        assert kit.peer not in mail

    def test_it_is_a_notice_too_and_its_mail_comes_once(self, kit: Kit, claire: int) -> None:
        sign_in(kit, FIREFOX)
        sign_in(kit, CHROME)
        unread = kit.house.work(
            lambda request: request.find_service(INotifications).unread(claire)
        )
        assert unread == 1
        browser = kit.browser(CHROME)
        kit.password(browser)
        assert "opened with a browser not used for it lately" in browser.get("/notices").text
        kit.move(days=8)
        assert len(kit.letters("")) == 1

    def test_one_not_used_for_long_is_news_again(self, kit: Kit, claire: int) -> None:
        sign_in(kit, FIREFOX)
        kit.move(days=60)
        sign_in(kit, FIREFOX)
        kit.move(days=60)
        sign_in(kit, FIREFOX)
        assert kit.letters(NEW) == []
        kit.move(days=91)
        sign_in(kit, FIREFOX)
        assert len(kit.letters(NEW)) == 1

    @pytest.mark.parametrize("agent", ["", "é" * 9, "<script>alert(1)</script>"])
    def test_one_that_says_nothing_has_a_name_too(self, kit: Kit, claire: int, agent: str) -> None:
        sign_in(kit, FIREFOX)
        sign_in(kit, agent)
        (mail,) = kit.letters(NEW)
        assert "an unknown browser" in mail

    def test_a_wrong_second_step_is_not_told_and_a_right_one_is(
        self, kit: Kit, claire: int
    ) -> None:
        sign_in(kit, FIREFOX)
        app = kit.set_app(claire)
        browser = kit.browser(CHROME)
        kit.password(browser)
        kit.step(browser, "code", app.wrong())
        assert kit.letters(NEW) == []
        kit.step(browser, "code", app.code())
        assert len(kit.letters(NEW)) == 1

    def test_so_is_a_passkey(self, kit: Kit, claire: int) -> None:
        sign_in(kit, FIREFOX)
        key = SoftKey()
        kit.set_key(claire, key)
        kit.alone(kit.browser(CHROME), key)
        assert len(kit.letters(NEW)) == 1

    def test_twenty_kinds_are_remembered_and_none_can_be_read(self, kit: Kit, claire: int) -> None:
        systems = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux", "")
        for name in ("Edg", "OPR/", "Firefox/"):
            for system in systems:
                sign_in(kit, f"{name} {system}")
        seen = kit.house.work(lambda request: request.root_map[ROOT].members[claire].seen)
        assert len(seen) == 20
        assert {len(mark) for mark, _day in seen} == {16}

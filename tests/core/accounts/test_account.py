"""The settings of the signed-in member, and the space."""

from collections.abc import Callable
from typing import Any

import pytest

from communicate.accounts import cookies
from communicate.interfaces import IKeyRing, IMembers
from communicate.testing.house import House

from .conftest import PASSWORD, Post, Time, is_in, reopen

Opener = Callable[..., Any]
NEW = "sept chevaux traversent le gué"
PAGES = ["", "/password", "/address", "/sessions", "/erase"]


def stored(house: House, uid: int, name: str) -> Any:
    return house.work(lambda request: getattr(request.find_service(IMembers).by_uid(uid), name))


class TestPages:
    @pytest.mark.parametrize("page", PAGES)
    def test_strangers_do_not_get_in(self, house: House, page: str) -> None:
        answer = house.browser().get(f"/account{page}", status="*")
        assert answer.status_int in (303, 403)
        assert "side" not in answer.text or "Erase my account" not in answer.text

    @pytest.mark.parametrize("page", PAGES)
    def test_each_marks_itself_in_the_list_of_subjects(
        self, claire: int, sign_in: Opener, page: str
    ) -> None:
        html = sign_in("claire").get(f"/account{page}").html
        (current,) = html.select("nav .side [aria-current=page]")
        assert current["href"] == f"/account{page}"

    def test_language_zone_and_appearance_are_kept(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        browser = sign_in("claire")
        form = browser.get("/account").forms["settings"]
        form["language"], form["zone"], form["appearance"] = "fr", "Europe/Paris", "dark"
        form["keys"] = "off"
        form.submit().follow()
        page = browser.get("/account")
        assert page.html.html["lang"] == "fr"
        assert page.html.html["data-bs-theme"] == "dark"
        assert page.html.html["data-keys"] == "off"
        assert stored(house, claire, "zone") == "Europe/Paris"

    @pytest.mark.parametrize(
        ("name", "value"),
        [("zone", "Europe/../etc"), ("language", "xx"), ("appearance", "<b>"), ("keys", "x")],
    )
    def test_only_what_is_offered_is_taken(
        self, house: House, claire: int, sign_in: Opener, name: str, value: str
    ) -> None:
        browser = sign_in("claire")
        token = browser.get("/account").forms["settings"]["csrf_token"].value
        browser.post("/account", {name: value, "csrf_token": token}, status=400)
        assert stored(house, claire, name) is None


class TestPassword:
    def change(self, browser: Any, present: str, new: str) -> Any:
        form = browser.get("/account/password").forms["password"]
        form["present"], form["password"] = present, new
        return form.submit(status="*")

    def test_it_ends_every_other_session_and_a_mail_tells(
        self, claire: int, sign_in: Opener, post: Post
    ) -> None:
        other, here = sign_in("claire", remember=True), sign_in("claire")
        assert self.change(here, PASSWORD, NEW).status_int == 303
        assert is_in(here)
        assert not is_in(other)
        assert "has changed" in post.to("claire@example.org")[-1]["Subject"]

    def test_it_keeps_what_keeps_this_browser_signed_in(
        self, claire: int, sign_in: Opener
    ) -> None:
        here = sign_in("claire", remember=True)
        assert self.change(here, PASSWORD, NEW).status_int == 303
        here.cookiejar.clear_session_cookies()
        assert is_in(here)

    @pytest.mark.parametrize("name", [cookies.SESSION, cookies.REMEMBER])
    def test_a_stolen_cookie_opens_nothing_any_more(
        self, house: House, claire: int, sign_in: Opener, name: str
    ) -> None:
        here, thief = sign_in("claire", remember=True), house.browser()
        thief.set_cookie(name, here.cookies[name])
        assert self.change(here, PASSWORD, NEW).status_int == 303
        assert not is_in(thief)
        assert is_in(here)

    def test_the_month_is_not_extended(self, claire: int, sign_in: Opener, time: Time) -> None:
        here = sign_in("claire", remember=True)
        time.move(days=6)
        assert self.change(here, PASSWORD, NEW).status_int == 303
        time.move(days=23, hours=23)
        assert is_in(reopen(here))
        time.move(hours=2)
        assert not is_in(reopen(here))

    def test_the_present_one_must_be_right_and_wrong_ones_count(
        self, claire: int, sign_in: Opener
    ) -> None:
        browser = sign_in("claire")
        for _ in range(10):
            assert self.change(browser, "wrong words", NEW).status_int == 400
        assert self.change(browser, PASSWORD, NEW).status_int == 429

    def test_a_weak_one_is_refused(self, claire: int, sign_in: Opener) -> None:
        assert self.change(sign_in("claire"), PASSWORD, "claire12345").status_int == 400


class TestAddress:
    def ask(self, browser: Any, address: str, present: str = PASSWORD) -> Any:
        form = browser.get("/account/address").forms["address"]
        form["email"], form["present"] = address, present
        return form.submit(status="*")

    def press(self, browser: Any, link: str) -> Any:
        page = browser.get(link)
        form = next(form for form in page.forms.values() if "confirm" in form.fields)
        return form.submit("confirm", status="*")

    def test_the_new_one_counts_once_confirmed_and_the_old_one_is_told(
        self, house: House, claire: int, sign_in: Opener, post: Post
    ) -> None:
        browser = sign_in("claire")
        assert self.ask(browser, "new@example.org").status_int == 303
        link = post.link("new@example.org")

        def known(address: str) -> bool:
            return house.work(
                lambda request: request.find_service(IMembers).by_address(address) is not None
            )

        assert (known("claire@example.org"), known("new@example.org")) == (True, False)
        assert self.press(browser, link).status_int == 303
        assert (known("claire@example.org"), known("new@example.org")) == (False, True)
        assert (
            "address on 2 Communicate has changed" in post.to("claire@example.org")[-1]["Subject"]
        )

    def test_another_members_address_gets_the_same_answer_and_its_owner_is_told(
        self, house: House, claire: int, sign_in: Opener, post: Post
    ) -> None:
        house.member("marc")
        browser = sign_in("claire")
        assert self.ask(browser, "marc@example.org").location == "/account/address"
        assert "You have an account" in post.to("marc@example.org")[-1]["Subject"]

    def test_the_link_belongs_to_the_member_who_asked(
        self, house: House, claire: int, sign_in: Opener, post: Post
    ) -> None:
        house.member("marc")
        self.ask(sign_in("claire"), "new@example.org")
        sign_in("marc").get(post.link("new@example.org"), status=404)

    def test_it_asks_for_the_password(self, claire: int, sign_in: Opener, post: Post) -> None:
        assert self.ask(sign_in("claire"), "new@example.org", "wrong words").status_int == 400
        assert post.all() == []


class TestErase:
    def send(self, browser: Any, present: str) -> Any:
        form = browser.get("/account/erase").forms["erase"]
        form["present"] = present
        return form.submit(status="*")

    def test_a_wrong_password_erases_nothing(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        browser = sign_in("claire")
        assert self.send(browser, "wrong words").status_int == 400
        assert is_in(browser)

    def test_the_account_is_closed_at_once_and_gone_after_the_work(
        self, house: House, claire: int, sign_in: Opener, post: Post
    ) -> None:
        other, browser = sign_in("claire", remember=True), sign_in("claire")
        answer = self.send(browser, PASSWORD)
        assert answer.location.startswith("/erased?receipt=")
        for one in (browser, other):
            one.cookiejar.clear_session_cookies()
            assert not is_in(one)
        house.browser().get("/members/claire", status=404)
        post.run()
        assert not house.registry.getUtility(IKeyRing).holds(claire)
        assert house.work(lambda request: request.find_service(IMembers).taken("claire"))

        def left(request: Any) -> list[Any]:
            members, accounts = request.find_service(IMembers), request.root_map["accounts"]
            return [
                members.by_uid(claire, closed=True),
                "claire" in members.members,
                len(accounts.addresses),
                claire in request.root_map["sessions"].series,
            ]

        assert house.work(left) == [None, False, 0, False]


class TestSpace:
    def test_it_shows_the_login_and_nothing(self, house: House, claire: int) -> None:
        page = house.browser().get("/members/claire")
        assert page.html.h1.text == "claire"
        assert "example.org" not in page.text

    def test_its_owner_reads_who_decides(self, claire: int, sign_in: Opener) -> None:
        page = sign_in("claire").get("/members/claire")
        assert "Your space is empty, and only you decide what goes in." in page.text

    def test_where_the_site_is_for_members_strangers_see_none(self, make_house: Any) -> None:
        house = make_house([], widest_audience="members")
        house.member("claire")
        stranger = house.browser()
        stranger.get("/")
        answers = [
            stranger.get(f"/members/{login}{rest}", status=403).text.replace(login, "LOGIN")
            for login in ("claire", "nobody")
            for rest in ("", "/x")
        ]
        assert answers[:2] == answers[2:]  # nor learn who has an account
        house.browser("claire").get("/members/nobody", status=404)

    def test_a_closed_one_is_not_there_and_neither_is_what_lies_in_it(
        self, house: House, claire: int
    ) -> None:
        def close(request: Any) -> None:
            members = request.find_service(IMembers)
            members.close(members.by_uid(claire))

        house.work(close)
        house.browser().get("/members/claire", status=404)
        assert house.work(lambda request: list(request.site["members"].values())) == []
        assert house.work(lambda request: request.find_service(IMembers).login_of(claire)) is None

    def test_the_folder_of_members_lists_nobody_who_did_not_ask_for_it(
        self, house: House, claire: int
    ) -> None:
        answer = house.browser().get("/members", status="*").maybe_follow()
        assert answer.status_int in (200, 403)
        assert "claire" not in answer.html.select_one("main").text

    def test_cookies_have_names_of_ours(self) -> None:
        assert {cookies.SESSION, cookies.REMEMBER} == {cookie.name for cookie in cookies.COOKIES}

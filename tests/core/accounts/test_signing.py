"""Signing in by the form: who may, how often one may be wrong, and what is never said."""

import statistics
from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
from argon2 import PasswordHasher

from communicate.accounts.forms import local_path
from communicate.accounts.passwords import Passwords
from communicate.interfaces import IMembers
from communicate.testing.house import House

from .conftest import PASSWORD, Time, is_in

Opener = Callable[..., Any]


def attempt(browser: Any, login: str, password: str) -> Any:
    form = browser.get("/login").forms["sign-in"]
    form["login"], form["password"] = login, password
    return form.submit(status="*")


class TestForm:
    @pytest.mark.parametrize("name", ["claire", " Claire ", "CLAIRE@example.org"])
    def test_login_or_address_whatever_the_case(
        self, house: House, claire: int, name: str
    ) -> None:
        assert attempt(house.browser(), name, PASSWORD).status_int == 303

    def test_it_is_a_form_that_works_without_a_script(self, house: House) -> None:
        form = house.browser().get("/login").forms["sign-in"]
        assert {"login", "password", "remember"} <= set(form.fields)
        assert (form.method.upper(), form.action) == ("POST", "")

    def test_what_was_typed_as_login_stays_and_the_password_does_not(
        self, house: House, claire: int
    ) -> None:
        answer = attempt(house.browser(), "claire", "wrong words")
        assert answer.status_int == 400
        form = answer.forms["sign-in"]
        assert (form["login"].value, form["password"].value) == ("claire", "")
        assert "wrong words" not in answer.text

    def test_a_redirect_is_relative_and_stays_on_the_site(self, house: House, claire: int) -> None:
        browser = house.browser()
        form = browser.get("/login?came_from=/account/sessions").forms["sign-in"]
        form["login"], form["password"] = "claire", PASSWORD
        assert form.submit().location == "/account/sessions"

    @pytest.mark.parametrize(
        "target",
        [
            "//evil.example/",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/a\nSet-Cookie: x=y",
            "\t//evil.example",
            "evil.example",
            "",
            None,
        ],
    )
    def test_other_targets_lead_home(self, target: str | None) -> None:
        assert local_path(target) == "/"

    def test_who_is_signed_in_is_led_on(self, claire: int, sign_in: Opener) -> None:
        assert sign_in("claire").get("/login", status=303).location == "/"

    def test_a_form_of_another_site_signs_nobody_in(self, house: House, claire: int) -> None:
        fields = {"login": "claire", "password": PASSWORD}
        assert house.browser().post("/login", fields, status="*").status_int == 400

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"login": "claire"},
            {"login": "a\x00b", "password": "x"},
            {"login": "x" * 5000, "password": "x"},
            {"login": "claire", "password": "x" * 5000},
            {"login": "<script>alert(1)</script>", "password": "x"},
            {"login": "claire", "password": "x", "remember": "<b>"},
        ],
    )
    def test_hostile_values_get_a_clear_400(self, house: House, fields: dict[str, str]) -> None:
        browser = house.browser()
        token = browser.get("/login").forms["sign-in"]["csrf_token"].value
        answer = browser.post("/login", {**fields, "csrf_token": token}, status=400)
        assert "<script>alert" not in answer.text


class TestLimits:
    def test_ten_failures_lock_an_account_for_a_quarter_of_an_hour(
        self, house: House, claire: int, time: Time
    ) -> None:
        browser = house.browser()
        for _ in range(10):
            assert attempt(browser, "claire", "wrong words").status_int == 400
        answer = attempt(browser, "claire", PASSWORD)
        assert answer.status_int == 429
        assert 890 <= int(answer.headers["Retry-After"]) <= 900
        time.move(minutes=15, seconds=1)
        assert attempt(browser, "claire", PASSWORD).status_int == 303

    def test_login_and_address_are_one_account(self, house: House, claire: int) -> None:
        browser = house.browser()
        for number in range(10):
            name = "claire" if number % 2 else "claire@example.org"
            attempt(browser, name, "wrong words")
        assert attempt(browser, "claire", PASSWORD).status_int == 400

    def test_who_has_an_address_is_not_told_by_what_is_locked(
        self, house: House, claire: int
    ) -> None:
        browser = house.browser()
        for _ in range(10):
            attempt(browser, "claire", "wrong words")
        assert attempt(browser, "claire", "wrong words").status_int == 429
        for address in ("claire@example.org", "nobody@example.org"):
            assert attempt(browser, address, "wrong words").status_int == 400
        assert attempt(browser, "claire@example.org", PASSWORD).status_int == 400

    def test_an_account_that_does_not_exist_is_locked_alike(self, house: House) -> None:
        browser = house.browser()
        answers = [attempt(browser, "nobody", "wrong words").status_int for _ in range(11)]
        assert answers == [400] * 10 + [429]

    def test_thirty_failures_lock_a_network_address(self, house: House, claire: int) -> None:
        browser = house.browser()
        for number in range(30):
            assert attempt(browser, f"nobody{number}", "wrong words").status_int == 400
        assert attempt(browser, "claire", PASSWORD).status_int == 429
        elsewhere = house.browser()
        elsewhere.extra_environ["REMOTE_ADDR"] = "192.0.2.9"
        assert attempt(elsewhere, "claire", PASSWORD).status_int == 303

    def test_what_succeeds_does_not_count(self, house: House, claire: int) -> None:
        for _ in range(40):
            assert attempt(house.browser(), "claire", PASSWORD).status_int == 303

    def test_one_success_does_not_give_a_network_address_its_tries_back(
        self, house: House, claire: int
    ) -> None:
        browser = house.browser()
        for number in range(30):
            attempt(browser, f"nobody{number}", "wrong words")
            if number == 15:
                attempt(house.browser(), "claire", PASSWORD)
        assert attempt(browser, "claire", PASSWORD).status_int == 429

    def test_a_forwarded_header_does_not_make_another_address(
        self, house: House, claire: int
    ) -> None:
        browser = house.browser()
        for number in range(30):
            browser.extra_environ["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
            attempt(browser, f"nobody{number}", "wrong words")
        assert attempt(browser, "claire", PASSWORD).status_int == 429

    def test_they_are_settings(self, make_house: Any) -> None:
        house = make_house([], **{"communicate.limits.sign_in_account": "2/hour"})
        browser = house.browser()
        assert [attempt(browser, "nobody", "x").status_int for _ in range(3)] == [400, 400, 429]


class TestNothingIsSaid:
    def test_unknown_account_and_wrong_password_get_the_same_page(
        self, house: House, claire: int
    ) -> None:
        def page(login: str) -> str:
            answer = attempt(house.browser(), login, "wrong words")
            found = answer.html.select_one("main")
            for field in found.select("input[type=hidden]"):
                field.decompose()
            return str(found).replace(login, "LOGIN")

        assert page("claire") == page("nobody") == page("suzanne@example.org")

    def test_both_take_one_verification_and_about_the_same_time(
        self, house: House, claire: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hasher = Counting(time_cost=2, memory_cost=8192, parallelism=1)
        passwords = Passwords(hasher)
        monkeypatch.setattr(house.registry, "communicate_passwords", passwords)
        monkeypatch.setitem(
            house.registry.settings, "communicate.limits.sign_in_account", "999/hour"
        )
        monkeypatch.setitem(
            house.registry.settings, "communicate.limits.sign_in_address", "999/hour"
        )

        def rehash(request: Any) -> None:
            members = request.find_service(IMembers)
            members.set_password(members.by_uid(claire), PASSWORD)

        house.work(rehash)
        browser, times = house.browser(), {"claire": [], "nobody": []}  # type: ignore[var-annotated]
        hasher.verified = 0
        for _ in range(9):
            for login, taken in times.items():
                begun = perf_counter()
                attempt(browser, login, "wrong words")
                taken.append(perf_counter() - begun)
        assert hasher.verified == 18
        known, unknown = (statistics.median(taken) for taken in times.values())
        assert 0.5 < known / unknown < 2

    def test_a_suspended_member_is_led_to_one_page_with_the_right_password_only(
        self, house: House, claire: int
    ) -> None:
        def suspend(request: Any) -> None:
            members = request.find_service(IMembers)
            members.suspend(members.by_uid(claire))

        house.work(suspend)
        assert attempt(house.browser(), "claire", PASSWORD).location == "/suspended"
        assert "suspended" not in attempt(house.browser(), "claire", "wrong words").text


class Counting(PasswordHasher):
    """Counts how often a password is worked on."""

    verified = 0

    def verify(self, *args: Any, **kwargs: Any) -> Any:
        self.verified += 1
        return super().verify(*args, **kwargs)


class TestRehash:
    def test_a_hash_of_other_parameters_is_renewed_when_it_is_used(
        self, house: House, claire: int
    ) -> None:
        old = PasswordHasher(time_cost=1, memory_cost=512, parallelism=1).hash(PASSWORD)

        def stored(request: Any, new: str | None = None) -> str:
            member = request.find_service(IMembers).by_uid(claire)
            member.password = new or member.password
            return str(member.password)

        house.work(lambda request: stored(request, old))
        attempt(house.browser(), "claire", PASSWORD)
        assert "m=1024" in house.work(stored)


class TestSignOut:
    def test_it_is_a_post_with_a_token(self, claire: int, sign_in: Opener) -> None:
        browser = sign_in("claire")
        browser.get("/logout", status=404)
        browser.post("/logout", status=400)
        assert is_in(browser)

    def test_it_stands_behind_the_login_on_every_page_and_says_so(
        self, claire: int, sign_in: Opener
    ) -> None:
        browser = sign_in("claire")
        page = browser.get("/account")
        form = page.html.select_one(".topbar details.menu form[action='/logout']")
        assert form is not None
        assert form["method"] == "post"
        found = next(form for form in page.forms.values() if form.action == "/logout")
        assert "You are signed out." in found.submit().follow().text
        assert not is_in(browser)

"""Sessions: when they begin and end, and what of them lies in the tree."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from communicate.accounts import cookies
from communicate.accounts.agents import describe
from communicate.accounts.jobs import sweep
from communicate.accounts.remember import digest
from communicate.accounts.sessions import LastUse
from communicate.accounts.tokens import JOIN, Tokens
from communicate.interfaces import IMembers, ISessions
from communicate.testing.house import House
from communicate.testing.kit import form_with

from .conftest import Time, is_in, reopen

Opener = Callable[..., Any]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 "
    "Mobile/15E148 Safari/604.1"
)


def session(house: House, browser: Any) -> dict[str, Any]:
    key = digest(browser.cookies[cookies.SESSION])
    return house.work(lambda request: dict(request.root_map["sessions"].records[key].__dict__))


def keys(house: House, uid: int) -> list[bytes]:
    return house.work(lambda request: list(request.root_map["sessions"].by_member.get(uid, ())))


def others(request: Any, browser: Any) -> list[bytes]:
    """Return the keys of every session but that of *browser*."""
    here = digest(browser.cookies[cookies.SESSION])
    return [key for key in request.root_map["sessions"].records if key != here]


class TestCookie:
    def test_it_is_random_and_changes_with_every_sign_in(
        self, claire: int, sign_in: Opener
    ) -> None:
        ids = {sign_in("claire").cookies[cookies.SESSION] for _ in range(3)}
        assert len(ids) == 3
        assert {len(text) for text in ids} == {43}  # 256 bits in base64

    def test_signing_in_again_ends_the_session_before(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        browser = sign_in("claire")
        old = browser.cookies[cookies.SESSION]
        token = browser.get("/account/password").forms["password"]["csrf_token"].value
        fields = {"login": "claire", "password": "le tilleul penche vers le canal"}
        browser.post("/login", {**fields, "csrf_token": token})
        thief = house.browser()
        thief.set_cookie(cookies.SESSION, old)
        assert is_in(browser)
        assert not is_in(thief)

    def test_under_https_cookies_are_secure(self, make_house: Any) -> None:
        house = make_house([], url="https://example.org")
        house.member("claire")
        browser = house.browser()
        browser.extra_environ.update({"wsgi.url_scheme": "https", "HTTP_HOST": "example.org"})
        form = browser.get("/login").forms["sign-in"]
        form["login"], form["password"] = "claire", "le tilleul penche vers le canal"
        form["remember"] = True
        found = form.submit(headers={"Origin": "https://example.org"}).headers.getall("Set-Cookie")
        assert len([line for line in found if line.startswith("communicate_")]) == 2
        assert all("; secure" in line for line in found if line.startswith("communicate_"))

    @pytest.mark.parametrize("value", ["x", "A" * 43, "A" * 5000])
    def test_an_unknown_one_is_a_stranger(self, house: House, value: str) -> None:
        browser = house.browser()
        browser.set_cookie(cookies.SESSION, value)
        assert not is_in(browser)


class TestEnd:
    def test_after_twelve_hours_without_use(
        self, claire: int, sign_in: Opener, time: Time
    ) -> None:
        browser = sign_in("claire")
        time.move(hours=11, minutes=59)
        assert is_in(browser)
        time.move(hours=12, seconds=1)
        assert not is_in(browser)

    def test_a_use_that_was_not_written_counts_too(
        self, house: House, claire: int, sign_in: Opener, time: Time
    ) -> None:
        browser = sign_in("claire")
        time.move(minutes=50)
        assert is_in(browser)
        assert session(house, browser)["used"] == session(house, browser)["opened"]
        time.move(hours=11, minutes=50)
        assert is_in(browser)

    def test_after_seven_days_in_any_case(self, claire: int, sign_in: Opener, time: Time) -> None:
        browser = sign_in("claire")
        for _ in range(13):
            time.move(hours=11)
            assert is_in(browser)
        time.move(hours=11)
        assert is_in(browser)
        time.move(hours=11)
        assert is_in(browser)
        time.move(hours=4)
        assert not is_in(browser)

    def test_when_the_member_is_suspended(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        browser = sign_in("claire")

        def suspend(request: Any) -> None:
            members = request.find_service(IMembers)
            members.suspend(members.by_uid(claire))

        house.work(suspend)
        assert not is_in(browser)
        assert keys(house, claire) == []


class TestUse:
    def test_it_is_written_at_most_hourly(
        self, house: House, claire: int, sign_in: Opener, time: Time
    ) -> None:
        browser = sign_in("claire")
        opened = session(house, browser)["used"]
        for _ in range(5):
            time.move(minutes=10)
            assert is_in(browser)
        assert session(house, browser)["used"] == opened
        time.move(minutes=11)
        assert is_in(browser)
        assert session(house, browser)["used"] - opened >= timedelta(hours=1) / timedelta(
            milliseconds=1
        )

    def test_memory_of_it_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(LastUse, "ROOM", 3)
        uses = LastUse()
        for number in range(10):
            uses.note(bytes([number]), number * 13 * 3_600_000)
        assert uses.of(b"\x00") == 0
        assert uses.of(b"\x09") > 0


class TestListed:
    def test_the_page_names_each_browser_and_this_one(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        phone, here = house.browser(), house.browser()
        phone.extra_environ["HTTP_USER_AGENT"] = IPHONE
        here.extra_environ["HTTP_USER_AGENT"] = FIREFOX
        sign_in("claire", browser=phone)
        sign_in("claire", browser=here, remember=True)
        page = here.get("/account/sessions")
        rows = [" ".join(row.get_text().split()) for row in page.html.select("ul.rows > li")]
        assert rows[0].startswith("Firefox, Linux this one")
        assert "kept signed in until" in rows[0]
        assert rows[1].startswith("Safari, iPhone")
        assert "ends with the browser" in rows[1]

    def test_who_has_one_session_is_not_asked_to_end_others(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        alone = sign_in("claire", remember=True)
        assert "End all other sessions" not in alone.get("/account/sessions").text
        reopened = reopen(alone).get("/account/sessions")
        assert "kept signed in until" in reopened.text

    def test_what_is_kept_on_a_closed_browser_is_named(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        here = sign_in("claire")
        sign_in("claire", remember=True)
        house.work(
            lambda request: [
                request.find_service(ISessions).forget(key) for key in others(request, here)
            ]
        )
        page = here.get("/account/sessions")
        assert "One browser is kept signed in until" in page.text
        assert "End all other sessions" in page.text

    def test_one_is_ended_and_the_others_go_on(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        other, here = sign_in("claire"), sign_in("claire")
        page = here.get("/account/sessions")
        form = next(form for form in page.forms.values() if "end" in form.fields)
        form.submit("end")
        assert not is_in(other)
        assert is_in(here)

    def test_all_others_are_ended_with_what_keeps_them(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        other, here = sign_in("claire", remember=True), sign_in("claire")
        page = here.get("/account/sessions")
        next(form for form in page.forms.values() if "others" in form.fields).submit("others")
        assert not is_in(other)
        assert is_in(here)
        assert len(keys(house, claire)) == 1

    def test_ending_the_kept_one_forgets_what_keeps_it(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        here, other = sign_in("claire"), sign_in("claire", remember=True)
        page = here.get("/account/sessions")
        next(form for form in page.forms.values() if "end" in form.fields).submit("end")
        other.cookiejar.clear_session_cookies()
        assert not is_in(other)

    @pytest.mark.parametrize("value", ["", "zz", "é", "00" * 32, "0" * 9999])
    def test_nobody_ends_what_is_not_theirs(
        self, house: House, claire: int, sign_in: Opener, value: str
    ) -> None:
        house.member("marc")
        here, other = sign_in("claire"), sign_in("marc")
        page = here.get("/account/sessions")
        token = form_with(page, "csrf_token")["csrf_token"].value
        key = digest(other.cookies[cookies.SESSION]).hex()
        for end in (value, key):
            here.post("/account/sessions", {"end": end, "csrf_token": token}, status=303)
        assert is_in(other)

    def test_there_are_only_so_many_and_the_longest_unused_one_goes(
        self, claire: int, sign_in: Opener, time: Time, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("communicate.accounts.sessions.MOST", 3)
        browsers = []
        for _ in range(3):
            browsers.append(sign_in("claire"))
            time.move(minutes=1)
        assert is_in(browsers[0])
        browsers.append(sign_in("claire"))
        assert [is_in(browser) for browser in browsers] == [True, False, True, True]

    def test_a_stranger_sees_nothing(self, house: House) -> None:
        assert house.browser().get("/account/sessions", status="*").status_int != 200


class TestSweep:
    def test_what_is_over_leaves_the_tree(
        self, house: House, claire: int, sign_in: Opener, time: Time
    ) -> None:
        sign_in("claire", remember=True)
        sign_in("claire", remember=True)
        time.move(days=8)
        house.work(lambda request: sweep(request, {}))
        store = house.work(
            lambda request: [
                len(list(getattr(request.root_map["sessions"], name)))
                for name in ("records", "by_member", "retired")
            ]
        )
        assert store == [0, 0, 1]
        time.move(days=23)
        house.work(lambda request: sweep(request, {}))
        assert house.work(lambda request: len(list(request.root_map["sessions"].ends))) == 0

    def test_a_flood_of_links_is_gone_after_one_sweep(self, house: House, time: Time) -> None:
        def flood(request: Any) -> None:
            for _ in range(1200):
                Tokens(request).make(JOIN, {})

        house.work(flood)
        time.move(days=3)
        house.work(lambda request: sweep(request, {}))
        accounts = house.work(lambda request: len(request.root_map["accounts"].tokens))
        assert accounts == 0

    def test_a_few_at_a_time(self, house: House, claire: int, time: Time) -> None:
        def open_many(request: Any) -> None:
            service = request.find_service(ISessions)
            for number in range(7):
                service.record(f"s{number}", claire, service.now + 1000, None, None)

        house.work(open_many)
        time.move(seconds=2)
        assert house.work(lambda request: request.find_service(ISessions).sweep(most=4)) == 4
        assert house.work(lambda request: request.find_service(ISessions).sweep(most=4)) == 3


class TestAgents:
    @pytest.mark.parametrize(
        ("agent", "browser", "system", "kind"),
        [
            (FIREFOX, "Firefox", "Linux", "laptop"),
            (IPHONE, "Safari", "iPhone", "phone"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Edg/140.0", "Edge", "Windows", "laptop"),
            ("Mozilla/5.0 (Linux; Android 15; Tab) Chrome/140.0", "Chrome", "Android", "tablet"),
            ("Mozilla/5.0 (Linux; Android 15) Mobile Chrome/140", "Chrome", "Android", "phone"),
            ("<script>", "", "", "laptop"),
            (None, "", "", "laptop"),
        ],
    )
    def test_three_words(self, agent: str | None, browser: str, system: str, kind: str) -> None:
        assert describe(agent) == {"browser": browser, "system": system, "kind": kind}

"""What keeps a member signed in: each sentence of the design, by browsers that close and open."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any

import pytest

from communicate.accounts import cookies
from communicate.accounts.content import Series
from communicate.accounts.remember import Remembered, read
from communicate.interfaces import IDatabase, IMembers, ISeals, ISessions
from communicate.serving.sockets import bind
from communicate.serving.web import WebServer
from communicate.testing.house import House

from .conftest import PASSWORD, Post, Time, is_in, reopen

Opener = Callable[..., Any]


def kept(browser: Any) -> str | None:
    return browser.cookies.get(cookies.REMEMBER)


def put(browser: Any, value: str) -> Any:
    """Give *browser* a cookie that keeps signed in, as a thief or an old copy would."""
    browser.set_cookie(cookies.REMEMBER, value)
    return browser


def said(house: House, value: str) -> Remembered:
    found = house.work(lambda request: read(value, request.find_service(ISeals)))
    assert found is not None
    return found


def stored(house: House, uid: int) -> tuple[Any, int]:
    """Return the state of the member's series, and how many sessions the member has."""

    def look(request: Any) -> Any:
        store = request.root_map["sessions"]
        series = store.series.get(uid)
        return series and dict(series.__dict__), len(store.by_member.get(uid, ()))

    return house.work(look)


class TestCookie:
    def test_it_holds_login_series_and_counter_and_nothing_else_makes_it(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        value = kept(sign_in("claire", remember=True))
        assert value is not None
        remembered = said(house, value)
        assert (remembered.login, remembered.counter, len(remembered.series)) == ("claire", 1, 32)

    @pytest.mark.parametrize("part", range(4))
    def test_changed_in_any_part_it_is_not_ours(
        self, house: House, claire: int, sign_in: Opener, part: int
    ) -> None:
        value = kept(sign_in("claire", remember=True)) or ""
        parts = value.split("~")
        parts[part] = ("b" if parts[part][0] == "a" else "a") + parts[part][1:]
        parts[part] = "2" if part == 2 else parts[part]
        thief = put(house.browser(), "~".join(parts))
        assert not is_in(thief)
        assert kept(thief) in (None, "")
        assert stored(house, claire)[0]["seen"] == 0

    @pytest.mark.parametrize("value", ["x", "~~~", "a~b~c~d", "claire~" * 40, "claire~AAAA~1~é"])
    def test_nonsense_is_nobody(self, house: House, claire: int, value: str) -> None:
        browser = house.browser()
        headers = {"Cookie": f"{cookies.REMEMBER}={value}".encode().decode("latin-1")}
        assert browser.get("/help", headers=headers).status_int == 200

    def test_it_is_httponly_lax_for_the_whole_site_and_lasts_thirty_days(
        self, house: House, claire: int
    ) -> None:
        form = house.browser().get("/login").forms["sign-in"]
        form["login"], form["password"], form["remember"] = (
            "claire",
            PASSWORD,
            True,
        )
        found = SimpleCookie()
        for line in form.submit().headers.getall("Set-Cookie"):
            found.load(line)
        assert found[cookies.REMEMBER]["max-age"] == str(30 * 24 * 3600)
        assert found[cookies.SESSION]["max-age"] == found[cookies.SESSION]["expires"] == ""
        for name in (cookies.REMEMBER, cookies.SESSION):
            cookie = found[name]
            assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
            assert cookie["secure"] == ""

    def test_the_tree_does_not_hold_what_the_cookie_holds(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        browser = reopen(sign_in("claire", remember=True))
        assert is_in(browser)
        secrets = [browser.cookies[cookies.SESSION], (kept(browser) or "").split("~")[1]]
        raw = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
        for secret in secrets:
            assert secret.encode() not in raw
        assert said(house, kept(browser) or "").series not in raw


class TestReopening:
    def test_without_it_a_closed_browser_is_signed_out(self, claire: int, sign_in: Opener) -> None:
        browser = sign_in("claire")
        assert is_in(browser)
        assert not is_in(reopen(browser))

    def test_with_it_each_opening_counts_one_more(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        browser = sign_in("claire", remember=True)
        for counter in (2, 3, 4):
            assert is_in(reopen(browser))
            assert said(house, kept(browser) or "").counter == counter
            assert is_in(browser)
        assert said(house, kept(browser) or "").counter == 4

    def test_a_running_session_does_not_touch_the_series(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        browser = sign_in("claire", remember=True)
        before = kept(browser)
        assert is_in(browser)
        assert kept(browser) == before
        assert stored(house, claire)[0]["seen"] == 0

    def test_a_session_that_was_idle_too_long_is_opened_anew(
        self, claire: int, sign_in: Opener, time: Time
    ) -> None:
        browser = sign_in("claire", remember=True)
        first = browser.cookies[cookies.SESSION]
        time.move(hours=13)
        assert is_in(browser)
        assert browser.cookies[cookies.SESSION] != first

    def test_a_page_that_ends_in_an_error_keeps_what_was_opened(
        self, claire: int, sign_in: Opener
    ) -> None:
        browser = reopen(sign_in("claire", remember=True))
        browser.get("/nothing-here", status=404)
        assert is_in(browser)

    def test_static_files_open_nothing(self, house: House, claire: int, sign_in: Opener) -> None:
        browser = reopen(sign_in("claire", remember=True))
        browser.get("/static/none.css", status="*")
        assert stored(house, claire)[0]["seen"] == 0

    def test_there_is_one_series_for_each_member(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        first, second = sign_in("claire", remember=True), sign_in("claire", remember=True)
        assert not is_in(reopen(first))
        assert is_in(reopen(second))

    def test_suspended_members_are_not_kept(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        browser = sign_in("claire", remember=True)

        def suspend(request: Any) -> None:
            members = request.find_service(IMembers)
            members.suspend(members.by_uid(claire))

        house.work(suspend)
        assert not is_in(browser)
        assert not is_in(reopen(browser))


class TestLostResponse:
    def test_the_same_counter_is_good_until_its_successor_was_seen(
        self, house: House, claire: int, sign_in: Opener, time: Time
    ) -> None:
        browser = sign_in("claire", remember=True)
        first = kept(browser) or ""
        assert is_in(reopen(browser))
        second = kept(browser)
        time.move(days=3)
        again = put(house.browser(), first)
        assert is_in(again)
        assert kept(again) == second

    def test_a_minute_after_the_successor_was_seen_it_still_is(
        self, house: House, claire: int, sign_in: Opener, time: Time
    ) -> None:
        browser = sign_in("claire", remember=True)
        first = kept(browser) or ""
        assert is_in(reopen(browser))
        second = kept(browser)
        assert is_in(reopen(browser))
        time.move(seconds=59)
        again = put(house.browser(), first)
        assert is_in(again)
        assert kept(again) == second

    def test_when_the_tree_was_restored_from_an_older_copy_the_browser_is_kept(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        browser = sign_in("claire", remember=True)
        assert is_in(reopen(browser))
        assert is_in(reopen(browser))

        def restore(request: Any) -> None:
            series = request.root_map["sessions"].series[claire]
            series.issued, series.seen = 1, 0

        house.work(restore)
        assert is_in(reopen(browser))
        assert said(house, kept(browser) or "").counter == 4


class TestReplay:
    @pytest.fixture
    def replayed(
        self, house: House, claire: int, sign_in: Opener, time: Time
    ) -> tuple[Any, Any, str]:
        """Return the owner's browser, the thief's, and the cookie that was used twice."""
        owner = sign_in("claire", remember=True)
        stolen = kept(owner) or ""
        assert is_in(reopen(owner))
        assert is_in(reopen(owner))
        time.move(seconds=61)
        return owner, put(house.browser(), stolen), stolen

    def test_an_older_counter_ends_the_series_and_its_sessions(
        self, house: House, claire: int, replayed: Any
    ) -> None:
        owner, thief, _stolen = replayed
        assert not is_in(thief)
        assert stored(house, claire) == (None, 0)
        assert not is_in(owner)

    def test_both_browsers_read_why(self, replayed: Any) -> None:
        owner, thief, _stolen = replayed
        assert "was used from two places" in thief.get("/help").text
        assert "was used from two places" in owner.get("/help").text
        assert "was used from two places" not in owner.get("/help").text

    def test_the_member_is_told_by_notice_once_and_by_mail(
        self, replayed: Any, sign_in: Opener, post: Post
    ) -> None:
        _owner, thief, _stolen = replayed
        assert not is_in(thief)
        assert [mail["Subject"] for mail in post.to("claire@example.org")] == [
            "Your kept session on 2 Communicate was ended"
        ]
        browser = sign_in("claire")
        assert "It was ended, with its sessions" in browser.get("/help").text
        assert "It was ended, with its sessions" not in browser.get("/help").text

    def test_sessions_opened_elsewhere_by_hand_go_on(
        self, replayed: Any, house: House, claire: int
    ) -> None:
        _owner, thief, _stolen = replayed

        def other(request: Any) -> None:
            sessions = request.find_service(ISessions)
            sessions.record("elsewhere", claire, sessions.now + 10**6, None, None)

        house.work(other)
        assert not is_in(thief)
        assert stored(house, claire) == (None, 1)

    def test_it_ends_even_where_the_page_is_an_error(
        self, replayed: Any, house: House, claire: int
    ) -> None:
        _owner, thief, _stolen = replayed
        thief.get("/nothing-here", status=404)
        assert stored(house, claire) == (None, 0)


class TestRetiredSeries:
    def test_signing_in_elsewhere_retires_it_and_says_why_at_the_next_opening(
        self, claire: int, sign_in: Opener
    ) -> None:
        here = sign_in("claire", remember=True)
        sign_in("claire")
        assert is_in(here), "its running session goes on"
        page = reopen(here).get("/help")
        assert "you signed in on another one" in page.text
        assert "/logout" not in page.text
        assert kept(here) in (None, "")
        assert "you signed in on another one" not in here.get("/help").text

    def test_the_sentence_waits_for_a_page_that_shows_it(
        self, claire: int, sign_in: Opener
    ) -> None:
        here = reopen(sign_in("claire", remember=True))
        sign_in("claire")
        here.get("/static/none.css", status="*")
        assert "you signed in on another one" in here.get("/help").text

    def test_it_raises_no_alarm_whatever_its_counter(
        self, house: House, claire: int, sign_in: Opener, post: Post
    ) -> None:
        here = sign_in("claire", remember=True)
        first = kept(here) or ""
        assert is_in(reopen(here))
        assert is_in(reopen(here))
        sign_in("claire")
        assert not is_in(put(house.browser(), first))
        assert post.all() == []

    def test_signing_in_while_presenting_it_keeps_it(self, claire: int, sign_in: Opener) -> None:
        here = reopen(sign_in("claire", remember=True))
        sign_in_again(here)
        assert is_in(reopen(here))

    def test_confirming_the_password_in_a_session_does_not_count(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        here = sign_in("claire", remember=True)
        put_aside = kept(here) or ""
        here.cookies.pop(cookies.REMEMBER, None)
        form = here.get("/account/address").forms["address"]
        form["email"], form["present"] = "new@example.org", PASSWORD
        assert form.submit().status_int == 303
        assert is_in(put(house.browser(), put_aside))


def sign_in_again(browser: Any) -> None:
    """Sign in by hand in a browser that presents its series."""
    token = sign_out_form(browser)["csrf_token"].value
    fields = {"login": "claire", "password": PASSWORD, "csrf_token": token}
    assert browser.post("/login", fields).status_int == 303


def sign_out_form(browser: Any) -> Any:
    """Return the form behind the login."""
    forms = browser.get("/help").forms.values()
    return next(form for form in forms if form.action == "/logout")


class TestMonth:
    def test_it_is_not_extended_by_use(self, claire: int, sign_in: Opener, time: Time) -> None:
        browser = sign_in("claire", remember=True)
        for _ in range(29):
            time.move(days=1)
            assert is_in(reopen(browser))
        time.move(days=1, seconds=1)
        assert not is_in(reopen(browser))

    def test_the_cookie_lasts_as_long_as_what_is_left(
        self, claire: int, sign_in: Opener, time: Time
    ) -> None:
        browser = sign_in("claire", remember=True)
        time.move(days=20)
        answer = reopen(browser).get("/help")
        found = SimpleCookie()
        for line in answer.headers.getall("Set-Cookie"):
            found.load(line)
        left = int(found[cookies.REMEMBER]["max-age"])
        assert 10 * 24 * 3600 - 60 < left <= 10 * 24 * 3600

    def test_no_session_outlives_it(self, claire: int, sign_in: Opener, time: Time) -> None:
        browser = sign_in("claire", remember=True)
        time.move(days=29, hours=20)
        assert is_in(reopen(browser))
        time.move(hours=5)
        assert not is_in(browser)


class TestSignOut:
    def test_it_ends_the_session_and_this_browsers_series(
        self, house: House, claire: int, sign_in: Opener
    ) -> None:
        browser = reopen(sign_in("claire", remember=True))
        copy = kept(browser) or ""
        sign_out_form(browser).submit()
        assert not is_in(browser)
        assert kept(browser) in (None, "")
        assert stored(house, claire) == (None, 1), "the one of the first opening idles out"
        assert not is_in(put(house.browser(), copy))

    def test_another_browsers_series_stays(
        self, claire: int, house: House, sign_in: Opener
    ) -> None:
        other = sign_in("claire")
        kept_one = sign_in("claire", remember=True)
        sign_out_form(other).submit()
        assert not is_in(other)
        assert is_in(reopen(kept_one))


class TestJudge:
    """The rule by itself."""

    @pytest.mark.parametrize(
        ("counter", "later", "verdict"),
        [
            (6, 0, Series.FRESH),
            (5, 0, Series.AGAIN),
            (5, 10**12, Series.AGAIN),
            (4, 60_000, Series.AGAIN),
            (4, 60_001, Series.REPLAY),
            (3, 0, Series.REPLAY),
            (1, 0, Series.REPLAY),
            (9, 0, Series.FRESH),
        ],
    )
    def test_after_five_was_seen(self, counter: int, later: int, verdict: str) -> None:
        series = Series(b"name", 0, 10**13)
        for seen in range(1, 6):
            series.see(seen, 1000)
        assert series.judge(counter, 1000 + later) == verdict


class TestParallel:
    @pytest.fixture
    def server(self, house: House) -> Iterator[int]:
        bound, stop = bind("127.0.0.1:0"), threading.Event()
        settings = {**house.registry.settings, "communicate.threads": 16}
        server = WebServer(house.app, bound, settings)
        server.accept_connections()
        thread = threading.Thread(target=server.serve_until, args=(stop,), daemon=True)
        thread.start()
        yield bound.getsockname()[1]
        stop.set()
        server.pull_trigger()
        thread.join(10)
        server.drain(10)

    def test_fifty_reopenings_write_once_and_get_the_same_successor(
        self, house: House, claire: int, sign_in: Opener, server: int
    ) -> None:
        value = kept(sign_in("claire", remember=True))
        barrier = threading.Barrier(50)
        before = transactions(house)

        def reopening(_: int) -> tuple[int, str, str]:
            connection = HTTPConnection("127.0.0.1", server, timeout=60)
            barrier.wait()
            connection.request("GET", "/help", headers={"Cookie": f"{cookies.REMEMBER}={value}"})
            answer = connection.getresponse()
            found = SimpleCookie()
            for line in answer.headers.get_all("Set-Cookie") or ():
                found.load(line)
            body = answer.read()
            connection.close()
            assert b"/logout" in body
            return answer.status, found[cookies.REMEMBER].value, found[cookies.SESSION].value

        with ThreadPoolExecutor(50) as pool:
            answers = set(pool.map(reopening, range(50)))
        assert len(answers) == 1
        status, successor, session = answers.pop()
        assert status == 200
        assert said(house, successor).counter == 2
        assert stored(house, claire)[1] == 2, "the one by hand, and one for all fifty"
        assert transactions(house) - before == 1
        browser = house.browser()
        browser.set_cookie(cookies.SESSION, session)
        assert is_in(browser)


def transactions(house: House) -> int:
    """Return how many transactions the tree has had."""
    return sum(1 for _ in house.registry.getUtility(IDatabase).storage.iterator())

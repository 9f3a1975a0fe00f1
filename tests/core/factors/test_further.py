"""A further way of the second step, weaker than the others: a fallback, and nothing more."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest

from communicate.clock import at, now
from communicate.factors.content import ROOT, Waiting
from communicate.factors.further import KEY, FurtherSteps
from communicate.factors.sent import SentCodes
from communicate.factors.waits import COOKIE
from communicate.interfaces import IMembers
from communicate.testing.hostile import FAST, NEVER, ODD, dangers
from communicate.testing.house import PASSWORD, House

from .conftest import App, Kit, is_in
from .pigeon import Pigeon
from .softkey import SoftKey

PAGE = "/account/second-factor/further?way=pigeon"
STEP = "/login/second?with=pigeon"
LIMITS = ("second_pause", "second_codes", "second_codes_day", "second_address")


@pytest.fixture
def pigeon(house: House) -> Iterator[Pigeon]:
    """Yield a way that the site offers."""
    way = Pigeon()
    house.registry[KEY] = {"pigeon": way}
    yield way
    del house.registry[KEY]


@pytest.fixture
def app(kit: Kit, claire: int) -> App:
    return kit.set_app(claire)


@pytest.fixture
def loft(pigeon: Pigeon, claire: int) -> str:
    """Give the member a loft."""
    pigeon.lofts[claire] = f"attic {claire}"
    return pigeon.lofts[claire]


@pytest.fixture
def on(kit: Kit, claire: int, app: App, loft: str) -> None:
    """Have the member switch the way on."""
    switched(kit, claire)


@pytest.fixture
def often(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let codes be asked for as often as somebody likes."""
    for limit in LIMITS:
        monkeypatch.setitem(house.registry.settings, f"communicate.limits.{limit}", "1000/minute")


def switched(kit: Kit, uid: int) -> None:
    def switch(request: Any) -> None:
        steps = FurtherSteps(request, request.find_service(IMembers).by_uid(uid))
        assert steps.switch_on(steps.offered["pigeon"])

    kit.house.work(switch)


def ask(browser: Any) -> Any:
    """Press the button that has a code sent; return the answer."""
    return browser.get(STEP).forms["send"].submit(status="*")


def give(browser: Any, code: str) -> Any:
    """Type *code*; return the answer."""
    form = browser.get(STEP).forms["second"]
    form["sent"] = code
    return form.submit(status="*")


def waits(kit: Kit) -> Any:
    """Return a browser that has given the right password."""
    browser = kit.browser()
    assert kit.password(browser).location == "/login/second"
    return browser


def post(browser: Any, path: str, **fields: str) -> Any:
    """Send *fields* with the token of a page that is there, as a hostile browser would."""
    token = browser.get("/login/second").forms["second"]["csrf_token"].value
    return browser.post(path, {**fields, "csrf_token": token}, status="*")


class TestSwitchingOn:
    @pytest.fixture
    def inside(self, kit: Kit, claire: int) -> Any:
        """Return a browser in which the member is signed in, by the password alone."""
        browser = kit.browser()
        kit.password(browser)
        return browser

    def press(self, browser: Any, button: str, password: str = PASSWORD) -> Any:
        form = browser.get(PAGE).forms["further"]
        form["present"] = password
        return form.submit(button, status="*")

    def test_alone_it_cannot_be_switched_on_and_the_page_says_why(
        self, inside: Any, loft: str
    ) -> None:
        page = inside.get(PAGE)
        assert "further" not in page.forms
        assert "Alone it would protect you too little" in page.text
        assert "Hawks read what pigeons carry." in page.text

    @pytest.mark.parametrize("with_key", [False, True])
    def test_beside_an_app_or_a_passkey_with_the_password(
        self, kit: Kit, inside: Any, loft: str, claire: int, with_key: bool
    ) -> None:
        if with_key:
            kit.set_key(claire, SoftKey())
        else:
            kit.set_app(claire)
        assert self.press(inside, "on", "wrong words").status_int == 400
        assert inside.get("/account/second-factor").html.find(string="Change") is None
        assert self.press(inside, "on").location == "/account/second-factor"
        assert inside.get("/account/second-factor").html.find(string="Change") is not None
        (mail,) = kit.letters("Signing in to 2 Communicate has a weaker way")
        assert "Code by pigeon" in mail

    def test_without_anything_that_codes_go_to_it_leads_there(
        self, kit: Kit, inside: Any, pigeon: Pigeon, app: App
    ) -> None:
        page = inside.get(PAGE)
        assert "further" not in page.forms
        assert page.html.select_one("a[href='/account/lofts']")

    def test_it_is_switched_off_with_the_password_and_a_mail_says_so(
        self, kit: Kit, inside: Any, on: None
    ) -> None:
        assert self.press(inside, "off", "wrong words").status_int == 400
        assert "pigeon" in waits(kit).get("/login/second").text
        assert self.press(inside, "off").status_int == 303
        assert "pigeon" not in waits(kit).get("/login/second").text
        assert len(kit.letters("A way of signing in to 2 Communicate was turned off")) == 1

    def test_an_old_page_that_switches_on_what_is_on_leaves_it_on(
        self, kit: Kit, inside: Any, app: App, loft: str, claire: int
    ) -> None:
        form = inside.get(PAGE).forms["further"]
        switched(kit, claire)
        form["present"] = PASSWORD
        form.submit("on", status=303)
        assert "pigeon" in waits(kit).get("/login/second").text

    def test_what_the_site_does_not_offer_has_no_page(
        self, kit: Kit, inside: Any, pigeon: Pigeon, on: None
    ) -> None:
        pigeon.on = False
        assert inside.get(PAGE, status=404)
        assert inside.get("/account/second-factor/further?way=owl", status=404)
        assert "pigeon" not in inside.get("/account/second-factor").text
        browser = waits(kit)
        assert "pigeon" not in browser.get("/login/second").text
        assert post(browser, "/login/second/send", way="pigeon").status_int == 404
        assert pigeon.carried == []


class TestSigningIn:
    def test_a_code_opens_the_account_and_the_member_is_told(
        self, kit: Kit, pigeon: Pigeon, on: None, loft: str
    ) -> None:
        browser = waits(kit)
        page = browser.get(STEP)
        assert "It flies to a loft that begins with a." in page.text
        assert loft not in page.text
        assert "anybody can catch a pigeon" in page.text
        assert "second" not in page.forms
        assert ask(browser).location == STEP
        assert pigeon.carried[0][0] == loft
        answer = give(browser, f" {pigeon.code[:3]} {pigeon.code[3:]} ")
        assert (answer.status_int, answer.location) == (303, "/account/sessions")
        assert is_in(browser)
        (mail,) = kit.letters("Your account on 2 Communicate was opened by the weaker way")
        assert "Code by pigeon" in mail
        assert pigeon.code not in mail

    def test_it_is_never_the_first_way_and_stands_behind_the_recovery_codes(
        self, kit: Kit, pigeon: Pigeon, on: None
    ) -> None:
        page = waits(kit).get("/login/second")
        assert "code" in page.forms["second"].fields
        links = [link["href"] for link in page.html.select(".ways a")]
        assert links == ["/login/second?with=recovery", STEP, "/login"]
        assert pigeon.carried == []

    def test_looking_at_the_page_sends_nothing_nor_does_another_site(
        self, kit: Kit, pigeon: Pigeon, on: None
    ) -> None:
        browser = waits(kit)
        for path in (STEP, "/login/second/send?way=pigeon", STEP):
            browser.get(path, status="*")
        assert browser.post("/login/second/send", {"way": "pigeon"}, status=400)
        assert pigeon.carried == []

    def test_the_cookie_lasts_as_long_as_the_code(
        self, kit: Kit, pigeon: Pigeon, on: None
    ) -> None:
        given = ask(waits(kit)).headers.getall("Set-Cookie")
        (cookie,) = [one for one in given if one.startswith(f"{COOKIE}=")]
        assert {"Max-Age=600", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))

    def test_the_wait_lasts_as_long_as_the_code(self, kit: Kit, pigeon: Pigeon, on: None) -> None:
        browser = waits(kit)
        kit.move(minutes=4)
        ask(browser)
        kit.move(minutes=9)
        assert give(browser, pigeon.code).status_int == 303

    def test_after_ten_minutes_it_is_too_late_and_nothing_of_it_is_kept(
        self, kit: Kit, house: House, pigeon: Pigeon, on: None, claire: int
    ) -> None:
        house.run_jobs()  # from now on every quarter of an hour
        browser = waits(kit)
        ask(browser)
        kit.move(minutes=10)
        assert browser.get(STEP).location == "/login"
        kit.move(minutes=16)
        house.run_jobs()
        assert kit.factors(lambda service, member: service.of(member.uid).sent, claire) is None


class TestOnlyWhoMay:
    def test_the_password_alone_has_nothing_sent_where_the_member_did_not_switch_it_on(
        self, kit: Kit, app: App, pigeon: Pigeon, loft: str
    ) -> None:
        browser = waits(kit)
        assert "pigeon" not in browser.get("/login/second").text
        assert "code" in browser.get(STEP).forms["second"].fields
        assert post(browser, "/login/second/send", way="pigeon").status_int == 404
        assert post(browser, STEP, sent="123456").status_int == 400
        assert pigeon.carried == []

    def test_nobody_has_anything_sent_without_the_password(
        self, kit: Kit, pigeon: Pigeon, on: None
    ) -> None:
        browser = kit.browser()
        token = browser.get("/login").forms["sign-in"]["csrf_token"].value
        fields = {"way": "pigeon", "csrf_token": token}
        answer = browser.post("/login/second/send", fields, status="*")
        assert answer.location == "/login"
        assert pigeon.carried == []

    def test_once_codes_go_elsewhere_it_is_off_until_it_is_switched_on_anew(
        self, kit: Kit, pigeon: Pigeon, on: None, claire: int
    ) -> None:
        browser = waits(kit)
        ask(browser)
        pigeon.lofts[claire] = "thief's barn"
        assert "pigeon" not in browser.get("/login/second").text
        assert post(browser, STEP, sent=pigeon.code).status_int == 400
        assert post(browser, "/login/second/send", way="pigeon").status_int == 404
        inside = kit.browser()
        pigeon.lofts[claire] = f"attic {claire}"
        kit.password(inside)
        ask_again = give(inside, pigeon.code) if "second" in inside.get(STEP).forms else None
        assert ask_again is None

    def test_a_code_that_went_to_the_old_place_is_void_once_another_is_switched_on(
        self, kit: Kit, pigeon: Pigeon, on: None, claire: int
    ) -> None:
        browser = waits(kit)
        ask(browser)
        pigeon.lofts[claire] = "another attic"
        switched(kit, claire)
        assert post(browser, STEP, sent=pigeon.code).status_int == 400
        assert not is_in(browser)

    def test_it_goes_with_the_last_app_or_passkey(
        self, kit: Kit, pigeon: Pigeon, on: None, claire: int
    ) -> None:
        kit.factors(lambda service, member: service.remove(member, None), claire)
        assert kit.password(kit.browser()).location == "/account/sessions"
        kit.set_app(claire)
        assert "pigeon" not in waits(kit).get("/login/second").text

    def test_operators_who_take_the_second_step_away_take_it_too(
        self, kit: Kit, pigeon: Pigeon, on: None, claire: int
    ) -> None:
        kit.factors(lambda service, member: service.reset(member), claire)
        kit.set_app(claire)
        assert "pigeon" not in waits(kit).get("/login/second").text


class TestCodes:
    def test_one_works_in_no_other_browser(self, kit: Kit, pigeon: Pigeon, on: None) -> None:
        mine, thief = waits(kit), waits(kit)
        ask(mine)
        assert "second" not in thief.get(STEP).forms
        for _ in range(6):
            assert post(thief, STEP, sent=pigeon.code).status_int == 400
        assert not is_in(thief)
        assert give(mine, pigeon.code).status_int == 303

    def test_one_of_another_member_is_none(
        self, kit: Kit, pigeon: Pigeon, on: None, often: None
    ) -> None:
        other = kit.member(f"paul{kit.number}")
        kit.set_app(other)
        pigeon.lofts[other] = "barn"
        switched(kit, other)
        paul = kit.browser()
        kit.password(paul, f"paul{kit.number}")
        ask(paul)
        code = pigeon.code
        browser = waits(kit)
        ask(browser)
        assert pigeon.code == code or give(browser, code).status_int == 400

    def test_it_works_once(self, kit: Kit, pigeon: Pigeon, on: None) -> None:
        browser = waits(kit)
        ask(browser)
        cookie = browser.cookies[COOKIE]
        assert give(browser, pigeon.code).status_int == 303
        again = kit.browser()
        again.set_cookie(COOKIE, cookie)
        assert again.get(STEP).location == "/login"
        other = waits(kit)
        assert post(other, STEP, sent=pigeon.code).status_int == 400

    def test_a_new_one_voids_the_old_in_every_browser(
        self, kit: Kit, pigeon: Pigeon, on: None, often: None
    ) -> None:
        first, second = waits(kit), waits(kit)
        ask(first)
        old = pigeon.code
        ask(second)
        assert post(first, STEP, sent=old).status_int == 400
        assert "second" not in first.get(STEP).forms
        ask(second)
        assert give(second, pigeon.code).status_int == 303

    def test_after_five_wrong_ones_the_right_one_is_void(
        self, kit: Kit, pigeon: Pigeon, on: None, often: None
    ) -> None:
        browser = waits(kit)
        ask(browser)
        for _ in range(5):
            assert give(browser, pigeon.wrong).status_int == 400
        assert "second" not in browser.get(STEP).forms
        assert post(browser, STEP, sent=pigeon.code).status_int == 400
        ask(browser)
        assert give(browser, pigeon.code).status_int == 303

    def test_wrong_ones_count_with_those_of_the_other_ways(
        self, kit: Kit, app: App, pigeon: Pigeon, on: None, often: None
    ) -> None:
        browser = waits(kit)
        for _ in range(2):
            ask(browser)
            for _ in range(5):
                assert give(browser, pigeon.wrong).status_int == 400
        ask(browser)
        assert give(browser, pigeon.code).status_int == 429
        assert kit.step(browser, "code", app.code()).status_int == 429
        assert len(kit.letters("Somebody knows your password")) == 1

    def test_guessed_at_in_parallel_it_still_allows_five(
        self, kit: Kit, house: House, pigeon: Pigeon, on: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for limit in ("second_account", "second_day", "sign_in_address"):
            monkeypatch.setitem(
                house.registry.settings, f"communicate.limits.{limit}", "1000/minute"
            )
        browser = waits(kit)
        ask(browser)
        page = browser.get(STEP).forms["second"]
        token, cookies = page["csrf_token"].value, dict(browser.cookies)
        barrier, answers, compared = threading.Barrier(12), [], []
        mac = SentCodes._mac

        def compare(codes: SentCodes, way: Any, code: str) -> bytes:
            compared.append(code)
            return mac(codes, way, code)

        monkeypatch.setattr(SentCodes, "_mac", compare)

        def guess() -> None:
            own = kit.browser()
            for name, value in cookies.items():
                own.set_cookie(name, value)
            barrier.wait()
            fields = {"sent": pigeon.wrong, "csrf_token": token}
            answers.append(own.post(STEP, fields, status="*").status_int)

        threads = [threading.Thread(target=guess) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 12
        assert set(answers) <= {400, 503}
        assert 1 <= len(compared) <= 5
        assert post(browser, STEP, sent=pigeon.code).status_int == 400
        assert not is_in(browser)

    @pytest.mark.parametrize("code", ["", "12", "abcdef", "١٢٣٤٥٦", "0" * 500, "<b>"])
    def test_what_is_no_code_is_refused_with_a_sentence(
        self, kit: Kit, pigeon: Pigeon, on: None, code: str
    ) -> None:
        browser = waits(kit)
        ask(browser)
        assert give(browser, code).status_int == 400
        assert not is_in(browser)

    def test_the_tree_holds_no_code_in_clear(
        self, kit: Kit, house: House, pigeon: Pigeon, on: None, claire: int
    ) -> None:
        ask(waits(kit))
        held = kit.factors(lambda service, member: service.of(member.uid).sent, claire)
        assert pigeon.code.encode() not in held.mac
        assert not [name for name, value in vars(held).items() if value == pigeon.code]


class TestEachRuleAlone:
    """What a browser meets only behind another rule: the codes themselves, without a page."""

    @pytest.fixture
    def step(self, kit: Kit, on: None, claire: int) -> Any:
        """Return what does something with the codes of one step, each time in a transaction."""
        sign_in = Waiting("second", claire, 1 << 60, b"c" * 32, None)

        def act(func: Any, later: float = 0, waiting: Waiting = sign_in) -> Any:
            def within(request: Any) -> Any:
                member = request.find_service(IMembers).by_uid(claire)
                with at(request, now(request) + timedelta(minutes=later)):
                    way = FurtherSteps(request, member).offered["pigeon"]
                    return func(SentCodes(request, waiting, member), way)

            return kit.house.work(within)

        act(lambda codes, way: codes.send(way))
        return act

    def test_a_code_is_right_once(self, step: Any, pigeon: Pigeon) -> None:
        proved = [step(lambda codes, way: codes.prove(way, pigeon.code)) for _ in range(2)]
        assert proved == [True, False]

    def test_for_ten_minutes(self, step: Any, pigeon: Pigeon) -> None:
        assert not step(lambda codes, way: codes.prove(way, pigeon.code), later=10)
        assert step(lambda codes, way: codes.prove(way, pigeon.code), later=9.9)

    def test_for_one_step(self, step: Any, pigeon: Pigeon, claire: int) -> None:
        other = Waiting("second", claire, 1 << 60, b"d" * 32, None)
        assert not step(lambda codes, way: codes.prove(way, pigeon.code), waiting=other)

    def test_for_where_it_went(self, step: Any, pigeon: Pigeon, claire: int) -> None:
        pigeon.lofts[claire] = "elsewhere"
        assert not step(lambda codes, way: codes.prove(way, pigeon.code))

    def test_until_the_way_is_switched_on_or_off(
        self, step: Any, pigeon: Pigeon, kit: Kit, claire: int
    ) -> None:
        switched(kit, claire)
        assert not step(lambda codes, way: codes.prove(way, pigeon.code))

    def test_the_service_switches_nothing_on_that_would_stand_alone(
        self, kit: Kit, loft: str, claire: int
    ) -> None:
        def switch(request: Any) -> bool:
            steps = FurtherSteps(request, request.find_service(IMembers).by_uid(claire))
            return steps.switch_on(steps.offered["pigeon"])

        assert kit.house.work(switch) is False
        assert not kit.factors(lambda service, member: service.of(member.uid), claire)


class TestHostile:
    @pytest.mark.parametrize("name", FAST)
    def test_what_nobody_sends_by_accident_breaks_nothing(
        self, kit: Kit, pigeon: Pigeon, on: None, name: str, often: None
    ) -> None:
        browser, value = waits(kit), {**NEVER, **ODD}[name]
        token = quote_plus(browser.get("/login/second").forms["second"]["csrf_token"].value)
        ask(browser)
        body = f"&csrf_token={token}".encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        for path, field, statuses in (
            (STEP, b"sent=", (400,)),
            ("/login/second/send", b"way=", (400, 404)),
        ):
            answer = browser.post(path, field + value + body, kind, status="*")
            assert answer.status_int in statuses, path
            assert dangers(answer.text) == []
        assert len(pigeon.carried) == 1
        assert give(browser, pigeon.code).status_int == 303


class TestAskingOften:
    def test_within_a_minute_there_is_no_other_one_and_the_first_still_works(
        self, kit: Kit, pigeon: Pigeon, on: None
    ) -> None:
        browser = waits(kit)
        ask(browser)
        page = ask(browser).follow()
        assert "A code was sent a moment ago" in page.text
        assert len(pigeon.carried) == 1
        assert give(browser, pigeon.code).status_int == 303

    def test_three_in_an_hour_and_six_in_a_day_whatever_the_browser(
        self, kit: Kit, pigeon: Pigeon, on: None
    ) -> None:
        for _hour in range(4):
            for _ in range(4):
                ask(waits(kit))
                kit.move(seconds=61)
            kit.move(minutes=60)
        assert len(pigeon.carried) == 6

    def test_one_network_cannot_have_them_sent_to_everybody(
        self, kit: Kit, house: House, pigeon: Pigeon, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(house.registry.settings, "communicate.limits.second_address", "2/hour")
        answers = []
        for each in range(3):
            login = f"victim{kit.number}x{each}"
            uid = kit.member(login)
            kit.set_app(uid)
            pigeon.lofts[uid] = login
            switched(kit, uid)
            browser = kit.browser()
            kit.password(browser, login)
            answers.append(ask(browser).status_int)
        assert answers == [303, 303, 429]
        assert len(pigeon.carried) == 2

    def test_at_once_from_many_browsers_one_is_sent(
        self, kit: Kit, pigeon: Pigeon, on: None
    ) -> None:
        forms = [waits(kit).get(STEP).forms["send"] for _ in range(6)]
        barrier = threading.Barrier(6)

        def send(form: Any) -> None:
            barrier.wait()
            form.submit(status="*")

        threads = [threading.Thread(target=send, args=(form,)) for form in forms]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(pigeon.carried) == 1

    def test_what_cannot_be_carried_is_said_and_the_other_ways_stay(
        self, kit: Kit, app: App, pigeon: Pigeon, on: None
    ) -> None:
        pigeon.flies = False
        browser = waits(kit)
        page = ask(browser).follow()
        assert "No code can be sent there now" in page.text
        assert "second" not in page.forms
        assert kit.step(browser, "code", app.code()).status_int == 303


class TestDuties:
    def test_erasing_the_account_leaves_nothing(
        self, kit: Kit, house: House, pigeon: Pigeon, on: None, claire: int
    ) -> None:
        ask(waits(kit))
        kit.factors(lambda service, member: service.forget(member.uid), claire)
        assert house.work(lambda request: claire in request.root_map[ROOT].members) is False

    def test_the_archive_says_since_when_it_is_on(
        self, kit: Kit, house: House, pigeon: Pigeon, on: None, claire: int
    ) -> None:
        from communicate.factors.exporting import factors

        def rows(service: Any, member: Any) -> list[dict[str, Any]]:
            class Owner:
                request = service.request
                uid = member.uid

            return list(factors(Owner, service.of(member.uid)))

        kinds = {row["kind"]: row for row in kit.factors(rows, claire)}
        assert kinds["pigeon"]["created"] is not None
        assert "mark" not in str(kinds["pigeon"])

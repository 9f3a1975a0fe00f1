"""Codes by text message open an account where its member allowed it, beside something better."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from communicate.clock import milliseconds, now
from communicate.factors.further import FurtherSteps
from communicate.interfaces import IClock, IDisclosures, IFactors, ILimits, IMembers, ISeals
from communicate.testing.house import PASSWORD, House
from communicate_sms import holds, parts
from communicate_sms.factor import said
from communicate_sms.interfaces import INumbers
from communicate_sms.queue import OPERATOR, Queue, exchange_of
from communicate_sms.runner import Runner

from .conftest import Way

MINE = "+33612345678"
HOME, PAGE = "/account/second-factor", "/account/second-factor/further?way=sms"
STEP = "/login/second?with=sms"
SECRET = pyotp.random_base32()


class Agathe:
    """A member with an authenticator app and a number, and what she does in browsers."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.uid = house.member("agathe")
        self.do(lambda request, me: request.find_service(IFactors).set_totp(me, SECRET, 0))

    def do(self, func: Callable[[Any, Any], Any]) -> Any:
        """Return what *func* does for her, in a transaction."""
        return self.house.work(
            lambda request: func(request, request.find_service(IMembers).by_uid(self.uid))
        )

    def texts(self) -> list[str]:
        """Return what is on its way to her number, the oldest first."""

        def found(request: Any, _me: Any) -> list[str]:
            opened = request.find_service(ISeals).text
            each = Queue(request).tree.messages.values()
            return [opened(one.text) for one in each if opened(one.number) == MINE]

        return list(self.do(found))

    def proves(self) -> None:
        """Prove that the number is hers."""
        self.do(lambda request, me: request.find_service(INumbers).begin(me, MINE))
        code = re.findall(r"\b\d{6}\b", self.texts()[-1])[0]
        assert self.do(lambda request, me: request.find_service(INumbers).prove(me, code))

    def allows(self) -> bool:
        """Have codes by text message switched on; tell whether that could be."""

        def switch(request: Any, me: Any) -> bool:
            steps = FurtherSteps(request, me)
            return steps.switch_on(steps.offered["sms"])

        return bool(self.do(switch))

    def forbids(self) -> None:
        """Have them switched off."""

        def switch(request: Any, me: Any) -> None:
            steps = FurtherSteps(request, me)
            steps.switch_off(steps.offered["sms"])

        self.do(switch)

    def browser(self, language: str = "en") -> Any:
        """Return a browser that has given her password."""
        browser = self.house.browser()
        browser.set_cookie("lang", language)
        form = browser.get("/login").forms["sign-in"]
        form["login"], form["password"] = "agathe", PASSWORD
        assert form.submit().location == "/login/second"
        return browser

    def inside(self) -> Any:
        """Return a browser in which she is signed in, by her app."""
        browser = self.browser()
        form = browser.get("/login/second").forms["second"]
        form["code"] = pyotp.TOTP(SECRET).at(self.house.registry.getUtility(IClock).now())
        form.submit(status=303)
        return browser


@pytest.fixture(scope="module")
def member(site: House) -> Agathe:
    return Agathe(site)


@pytest.fixture
def agathe(house: House, member: Agathe) -> Iterator[Agathe]:
    """Yield her with a number that is proven, a day after; without, when the test is over."""
    member.do(lambda _request, me: setattr(me, "language", "en"))
    member.proves()
    house.registry.getUtility(IClock).offset += timedelta(days=1, hours=1)
    yield member
    house.work(lambda request: exchange_of(request).stopped.clear())
    member.do(lambda request, me: request.find_service(INumbers).remove(me))
    member.forbids()
    house.registry.getUtility(IClock).offset += timedelta(days=1, hours=1)


@pytest.fixture
def allowed(agathe: Agathe) -> Agathe:
    assert agathe.allows()
    return agathe


def ask(browser: Any) -> Any:
    """Have a code sent; return the page that follows."""
    return browser.get(STEP).forms["send"].submit(status=303).follow()


class TestSigningIn:
    def test_a_code_leaves_for_her_telephone_and_opens_her_account(
        self, allowed: Agathe, runner: Runner, ways: dict[str, Way]
    ) -> None:
        browser = allowed.browser()
        page = ask(browser)
        runner.drain()
        (message,) = [one for way in ways.values() for one in way.taken if "opens" in one.text]
        assert message.number == MINE
        code = re.fullmatch(
            r"(\d{6}) opens your account on 2 Communicate\. Give it to nobody\. "
            r"If you do not ask for it, change your password\.\n@localhost #\1",
            message.text,
        )
        assert code is not None
        form = page.forms["second"]
        form["sent"] = code[1]
        assert form.submit().status_int == 303
        assert "/logout" in browser.get("/help").text
        given = allowed.do(
            lambda request, me: next(iter(request.find_service(IDisclosures).of(me.uid)))
        )
        assert (given.recipient, given.why) == (OPERATOR, "code")

    def test_she_is_told_the_last_two_digits_after_the_password_and_nobody_more(
        self, allowed: Agathe
    ) -> None:
        browser = allowed.browser()
        for page in (browser.get("/login/second"), browser.get(STEP), ask(browser)):
            assert not re.search(r"6\W?1\W?2\W?3\W?4|5678|45\W?67", page.text)
        assert "ends in 78" in browser.get(STEP).text
        stranger = allowed.house.browser()
        assert "78" not in stranger.get("/login").html.select_one("main").text

    def test_in_french_too(self, allowed: Agathe) -> None:
        browser = allowed.browser("fr")
        page = browser.get(STEP).html.select_one("main").text
        assert "Recevoir un code par SMS" in page
        assert "se termine par 78" in page


class TestAllowing:
    def test_the_page_says_why_it_is_weaker_before_the_password_is_asked(
        self, agathe: Agathe
    ) -> None:
        page = agathe.inside().get(PAGE)
        text = page.html.select_one("main").text
        assert text.index("SIM card") < text.index("SP 800-63B") < text.index("Present password")
        assert "ends in 78" in text
        form = page.forms["further"]
        form["present"] = PASSWORD
        assert form.submit("on").location == HOME
        assert "sms" in agathe.browser().get("/login/second").text

    def test_without_a_number_it_leads_to_the_page_where_one_is_proven(
        self, house: House, member: Agathe
    ) -> None:
        assert not member.allows()
        page = member.inside().get(PAGE)
        assert page.html.select_one("main a[href='/account/sms']") is not None
        assert "further" not in page.forms

    def test_proven_anew_even_the_same_number_is_not_allowed_any_more(
        self, allowed: Agathe
    ) -> None:
        assert "sms" in allowed.browser().get("/login/second").text
        allowed.do(lambda request, me: request.find_service(INumbers).remove(me))
        assert "sms" not in allowed.browser().get("/login/second").text
        allowed.proves()
        assert "sms" not in allowed.browser().get("/login/second").text

    @pytest.mark.parametrize(("setting", "value"), [("second_step", False), ("ways", ())])
    def test_those_who_operate_the_site_can_take_it_from_everybody(
        self, allowed: Agathe, monkeypatch: pytest.MonkeyPatch, setting: str, value: Any
    ) -> None:
        inside = allowed.inside()
        monkeypatch.setitem(allowed.house.registry.settings, f"sms.{setting}", value)
        assert inside.get(PAGE, status=404)
        assert "sms" not in inside.get(HOME).html.select_one("main").text.lower()
        assert "sms" not in allowed.browser().get("/login/second").text


class TestNotSending:
    def refused(self, agathe: Agathe) -> None:
        before = len(agathe.texts())
        page = ask(agathe.browser())
        assert "No code can be sent there now" in page.text
        assert "second" not in page.forms
        assert len(agathe.texts()) == before

    def test_to_a_number_that_has_said_stop(self, allowed: Agathe) -> None:
        def stop(request: Any, _me: Any) -> None:
            key = holds.number_key(request.find_service(ISeals), MINE)
            holds.hold(exchange_of(request), key, milliseconds(now(request)))

        allowed.do(stop)
        self.refused(allowed)

    def test_to_a_country_that_is_not_served_any_more(
        self, allowed: Agathe, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(allowed.house.registry.settings, "sms.countries", ("BE",))
        self.refused(allowed)

    def test_more_codes_than_a_member_may_have_whoever_restarts_the_site(
        self, allowed: Agathe
    ) -> None:
        for _ in range(3):
            assert "on its way" in ask(allowed.browser()).text
            allowed.do(lambda request, _me: request.find_service(ILimits).storage.reset())
            allowed.house.registry.getUtility(IClock).offset += timedelta(minutes=2)
        self.refused(allowed)


class TestText:
    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_it_fits_into_one_part_and_names_the_site_to_browsers(
        self, agathe: Agathe, monkeypatch: pytest.MonkeyPatch, language: str
    ) -> None:
        settings = agathe.house.registry.settings
        monkeypatch.setitem(settings, "communicate.name", "Les amis du canal")
        monkeypatch.setitem(settings, "communicate.url", "https://amis.example.org:8443/")

        def text(request: Any, me: Any) -> str:
            me.language = language
            return said(request, me, "012345")

        found = agathe.do(text)
        assert found.endswith("\n@amis.example.org #012345")
        split = parts.split(found)
        assert (len(split.parts), split.alphabet) == (1, parts.GSM7)

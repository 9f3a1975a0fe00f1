"""Passkeys: as the second step, and alone; what no honest key answers is refused."""

import json
from typing import Any

import pytest

from communicate.accounts.cookies import REMEMBER
from communicate.factors.passkeys import place
from communicate.factors.services import MOST, TooManyPasskeys
from communicate.interfaces import IMembers
from communicate.testing.house import PASSWORD
from communicate.testing.kit import form_with

from .conftest import Kit, is_in, shown
from .softkey import PRESENT, SoftKey


@pytest.fixture
def key(kit: Kit, claire: int) -> SoftKey:
    """Return the member's passkey."""
    key = SoftKey()
    kit.set_key(claire, key)
    return key


class TestSecondStep:
    def test_it_opens_the_session(self, kit: Kit, key: SoftKey) -> None:
        browser = kit.browser()
        assert kit.password(browser).location == "/login/second"
        assert kit.answer(browser, key).location == "/account/sessions"
        assert is_in(browser)

    def test_one_that_does_not_know_its_member_does_for_this(
        self, kit: Kit, claire: int, key: SoftKey
    ) -> None:
        key.flags = PRESENT
        browser = kit.browser()
        kit.password(browser)
        assert kit.answer(browser, key).status_int == 303

    def test_the_question_names_the_members_keys_and_no_other(
        self, kit: Kit, claire: int, key: SoftKey
    ) -> None:
        other = SoftKey()
        kit.set_key(kit.member(f"paul{kit.number}"), other)
        browser = kit.browser()
        kit.password(browser)
        page = browser.get("/login/second")
        asked = json.loads(page.html.select_one("[data-question]")["data-question"])
        assert (asked["rpId"], asked["userVerification"]) == ("localhost", "preferred")
        assert [one["transports"] for one in asked["allowCredentials"]] == [["internal"]]
        assert kit.answer(browser, other).status_int == 400

    def test_recovery_codes_open_where_the_key_is_lost(self, kit: Kit, claire: int) -> None:
        codes = kit.set_key(claire, SoftKey())
        browser = kit.browser()
        kit.password(browser)
        assert kit.step(browser, "recovery", codes[0]).status_int == 303

    def test_an_answer_is_good_for_one_question(self, kit: Kit, key: SoftKey) -> None:
        first = kit.browser()
        kit.password(first)
        page = first.get("/login/second")
        said = key.get(page.html.select_one("[data-question]")["data-question"])
        assert kit.step(first, "passkey", said).status_int == 303
        second = kit.browser()
        kit.password(second)
        assert kit.step(second, "passkey", said).status_int == 400
        assert not is_in(second)


class TestAlone:
    def test_it_counts_as_both(self, kit: Kit, claire: int, key: SoftKey) -> None:
        kit.set_app(claire)
        browser = kit.browser()
        answer = kit.alone(browser, key, came_from="/account/password")
        assert (answer.status_int, answer.location) == (303, "/account/password")
        assert is_in(browser)

    def test_the_session_can_be_kept(self, kit: Kit, key: SoftKey) -> None:
        browser = kit.browser()
        kit.alone(browser, key, remember="yes")
        assert REMEMBER in browser.cookies

    def test_it_leads_to_no_other_site(self, kit: Kit, key: SoftKey) -> None:
        assert kit.alone(kit.browser(), key, came_from="//evil.example").location == "/"

    def test_it_must_know_its_member(self, kit: Kit, key: SoftKey) -> None:
        key.flags = PRESENT
        browser = kit.browser()
        answer = kit.alone(browser, key)
        assert answer.location == "/login"
        assert "opens no account here" in answer.follow().text
        assert not is_in(browser)

    def test_the_question_names_nobody(self, kit: Kit, key: SoftKey) -> None:
        browser = kit.browser()
        form = browser.get("/login").forms["passkey"]
        asked = browser.post("/login/passkey", form.submit_fields()).json
        assert asked["userVerification"] == "required"
        assert not asked.get("allowCredentials")

    def test_an_answer_works_once_and_in_the_browser_that_was_asked(
        self, kit: Kit, key: SoftKey
    ) -> None:
        mine, other = kit.browser(), kit.browser()
        form = mine.get("/login").forms["passkey"]
        said = key.get(json.dumps(mine.post("/login/passkey", form.submit_fields()).json))
        stolen = other.get("/login").forms["passkey"]
        form["credential"] = stolen["credential"] = said
        assert stolen.submit().location == "/login"
        assert form.submit().location == "/"
        mine.post("/logout", {"csrf_token": token(mine)})
        assert form.submit().location == "/login"
        assert not is_in(mine)

    def test_an_answer_that_comes_too_late_is_refused(self, kit: Kit, key: SoftKey) -> None:
        browser = kit.browser()
        form = browser.get("/login").forms["passkey"]
        asked = browser.post("/login/passkey", form.submit_fields()).json
        kit.move(minutes=5)
        form["credential"] = key.get(json.dumps(asked))
        assert form.submit().location == "/login"

    @pytest.mark.parametrize("handle", [b"", b"x" * 32])
    def test_a_key_that_says_it_is_somebody_elses_is_refused(
        self, kit: Kit, key: SoftKey, handle: bytes
    ) -> None:
        key.handle = handle
        assert kit.alone(kit.browser(), key).location == "/login"

    def test_a_removed_or_unknown_one_opens_nothing(
        self, kit: Kit, claire: int, key: SoftKey
    ) -> None:
        assert kit.alone(kit.browser(), SoftKey()).location == "/login"
        kit.factors(lambda service, member: service.switch_off(member), claire)
        assert kit.alone(kit.browser(), key).location == "/login"

    def test_a_suspended_member_learns_it(self, kit: Kit, claire: int, key: SoftKey) -> None:
        def suspend(request: Any) -> None:
            members = request.find_service(IMembers)
            members.suspend(members.by_uid(claire))

        kit.house.work(suspend)
        browser = kit.browser()
        assert kit.alone(browser, key).location == "/suspended"
        assert not is_in(browser)

    def test_failures_count_by_network_address(
        self, kit: Kit, key: SoftKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limit(monkeypatch, kit, "sign_in_address", "3/hour")
        stranger = SoftKey()
        assert [kit.alone(kit.browser(), stranger).status_int for _ in range(3)] == [303] * 3
        assert kit.alone(kit.browser(), key).status_int == 429

    def test_questions_are_counted_too(self, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
        limit(monkeypatch, kit, "passkey_address", "3/hour")
        browser = kit.browser()
        fields = browser.get("/login").forms["passkey"].submit_fields()
        answers = [browser.post("/login/passkey", fields, status="*") for _ in range(4)]
        assert [answer.status_int for answer in answers] == [200] * 3 + [429]


def limit(monkeypatch: pytest.MonkeyPatch, kit: Kit, name: str, rate: str) -> None:
    """Let the site have another limit for this test."""
    monkeypatch.setitem(kit.house.registry.settings, f"communicate.limits.{name}", rate)


def token(browser: Any) -> str:
    """Return the token that the forms of *browser* carry."""
    value: str = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
    return value


class TestDishonest:
    @pytest.mark.parametrize(
        "change",
        [
            {"origin": "http://localhost.evil.example"},
            {"origin": "https://localhost"},
            {"host": "evil.example"},
            {"flags": 0},
            {"private": SoftKey().private},
        ],
        ids=["near", "scheme", "host", "absent", "key"],
    )
    def test_what_is_not_from_this_site_and_this_key_is_refused(
        self, kit: Kit, key: SoftKey, change: dict[str, Any]
    ) -> None:
        vars(key).update(change)
        browser = kit.browser()
        kit.password(browser)
        assert kit.answer(browser, key).status_int == 400
        assert kit.alone(kit.browser(), key).location == "/login"

    @pytest.mark.parametrize(
        "said",
        ["x", "{}", "[]", "null", '{"id": 1}', '{"id": "é", "rawId": "a", "response": {}}', "é"],
    )
    def test_what_is_no_answer_gets_a_sentence(self, kit: Kit, key: SoftKey, said: str) -> None:
        browser = kit.browser()
        kit.password(browser)
        assert kit.step(browser, "passkey", said).status_int == 400
        form = kit.browser().get("/login").forms["passkey"]
        form["credential"] = said
        assert form.submit().location == "/login"

    @pytest.mark.parametrize("said", ["x" * 25_000, "a\x00b"])
    def test_what_is_no_text_or_too_long_is_refused(self, kit: Kit, said: str) -> None:
        form = kit.browser().get("/login").forms["passkey"]
        form["credential"] = said
        assert form.submit(status=400)


class TestCounter:
    def test_one_that_counts_backwards_is_refused_and_its_member_told(
        self, kit: Kit, key: SoftKey
    ) -> None:
        assert kit.alone(kit.browser(), key).location == "/"
        key.counter = 1
        browser = kit.browser()
        assert kit.alone(browser, key).location == "/login"
        key.counter = 1
        kit.password(browser)
        assert kit.answer(browser, key).status_int == 400
        assert not is_in(browser)
        assert len(kit.letters("A passkey of yours")) == 2

    def test_one_that_never_counts_is_taken(self, kit: Kit, claire: int) -> None:
        key = SoftKey(counter=0)
        kit.set_key(claire, key)
        for _ in range(2):
            key.counter = -1
            assert kit.alone(kit.browser(), key).location == "/"


class TestAdding:
    def add(self, kit: Kit, browser: Any, key: SoftKey, name: str = "Téléphone") -> Any:
        """Add *key* by the pages; return the last answer."""
        form = browser.get("/account/second-factor/passkey").forms["passkey"]
        form["name"], form["present"] = name, PASSWORD
        page = form.submit().follow()
        form = page.forms["passkey"]
        form["credential"] = key.create(page.html.select_one("[data-question]")["data-question"])
        return form.submit(status="*")

    @pytest.fixture
    def browser(self, kit: Kit, claire: int) -> Any:
        browser = kit.browser()
        kit.password(browser)
        return browser

    def test_the_first_one_brings_recovery_codes(self, kit: Kit, browser: Any) -> None:
        page = self.add(kit, browser, SoftKey()).follow()
        assert len(shown(page, ".codes code")) == 10
        assert len(kit.letters("Two-step sign-in on 2 Communicate is on")) == 1

    def test_it_opens_the_account_afterwards(self, kit: Kit, browser: Any) -> None:
        key = SoftKey()
        self.add(kit, browser, key)
        assert kit.alone(kit.browser(), key).location == "/"
        second = kit.browser()
        kit.password(second)
        assert kit.answer(second, key).status_int == 303

    def test_several_are_listed_by_their_names(self, kit: Kit, browser: Any) -> None:
        self.add(kit, browser, SoftKey(), "Téléphone")
        self.add(kit, browser, SoftKey(), "<b>Clé</b>")
        page = browser.get("/account/second-factor")
        names = [one.text for one in page.html.select(".rows strong")]
        assert names[1:3] == ["Téléphone", "<b>Clé</b>"]

    def test_the_same_one_cannot_be_added_twice_nor_by_another(
        self, kit: Kit, browser: Any
    ) -> None:
        key = SoftKey()
        assert self.add(kit, browser, key).status_int == 303
        assert self.add(kit, browser, key).status_int == 400
        kit.member(f"paul{kit.number}")
        other = kit.browser()
        kit.password(other, f"paul{kit.number}")
        assert self.add(kit, other, key).status_int == 400

    def test_the_browser_is_told_which_there_are(self, kit: Kit, browser: Any) -> None:
        self.add(kit, browser, SoftKey())
        form = browser.get("/account/second-factor/passkey").forms["passkey"]
        form["name"], form["present"] = "Clé", PASSWORD
        page = form.submit().follow()
        asked = json.loads(page.html.select_one("[data-question]")["data-question"])
        assert len(asked["excludeCredentials"]) == 1
        assert asked["attestation"] == "none"
        assert kit.login.encode() not in asked["user"]["id"].encode()

    @pytest.mark.parametrize(
        "change", [{"origin": "http://evil.example"}, {"host": "evil.example"}, {"flags": 0}]
    )
    def test_what_another_site_had_made_is_refused(
        self, kit: Kit, browser: Any, change: dict[str, Any]
    ) -> None:
        key = SoftKey()
        vars(key).update(change)
        assert self.add(kit, browser, key).status_int == 400

    def test_after_ten_minutes_one_begins_again(self, kit: Kit, browser: Any) -> None:
        form = browser.get("/account/second-factor/passkey").forms["passkey"]
        form["name"], form["present"] = "Clé", PASSWORD
        page = form.submit().follow()
        kit.move(minutes=10)
        form = page.forms["passkey"]
        form["credential"] = SoftKey().create(
            page.html.select_one("[data-question]")["data-question"]
        )
        assert form.submit(status=400)

    def test_the_wrong_password_begins_nothing(self, kit: Kit, browser: Any) -> None:
        form = browser.get("/account/second-factor/passkey").forms["passkey"]
        form["name"], form["present"] = "Clé", "wrong words"
        assert form.submit(status=400)
        assert (
            browser.get("/account/second-factor/passkey").html.select_one("[data-question]")
            is None
        )

    def test_there_is_an_end_to_them(self, kit: Kit, claire: int) -> None:
        for _ in range(MOST):
            kit.set_key(claire, SoftKey())
        with pytest.raises(TooManyPasskeys):
            kit.set_key(claire, SoftKey())


class TestPlace:
    @pytest.mark.parametrize(
        ("url", "origin", "usable"),
        [
            ("https://Example.org", "https://example.org", True),
            ("https://example.org:443", "https://example.org", True),
            ("https://example.org:8443", "https://example.org:8443", True),
            ("http://localhost:6543", "http://localhost:6543", True),
            ("http://example.org", "http://example.org", False),
            ("http://127.0.0.1:6543", "http://127.0.0.1:6543", False),
            ("https://[::1]", "https://::1", False),
        ],
    )
    def test_names_over_https_and_ones_own_machine(
        self, url: str, origin: str, usable: bool
    ) -> None:
        found = place({"communicate.url": url, "communicate.name": "x"})
        assert (found.origin, found.usable) == (origin, usable)

    def test_where_they_cannot_work_no_page_offers_them(self, make_house: Any) -> None:
        house = make_house([], url="http://127.0.0.1:6543", language="en")
        house.member("paul")
        assert "passkey" not in house.browser().get("/login").forms
        browser = house.browser("paul")
        assert "need a site that is reached by https" in browser.get("/account/second-factor").text
        browser.get("/account/second-factor/passkey", status=404)
        browser.post("/login/passkey", {"csrf_token": token(browser)}, status=404)

"""Joining: asked for, confirmed by mail, by invitation, by the first operator's link."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from altcha.v1 import solve_challenge

from communicate.accounts import joining
from communicate.accounts.consent import TERMS
from communicate.accounts.robots import LARGEST
from communicate.accounts.tokens import Tokens, operator_link
from communicate.interfaces import IMembers
from communicate.testing.house import House

from .conftest import PASSWORD, Post, Time, is_in

Opener = Callable[..., Any]
NEW = "sept chevaux traversent le gué"


def ask(
    house: House, login: str = "suzanne", address: str = "suzanne@example.org", **more: Any
) -> Any:
    form = (more.pop("browser", None) or house.browser()).get("/join").forms["join"]
    form["login"], form["email"] = login, address
    form["password"], form["terms"] = more.get("password", NEW), more.get("terms", True)
    return form.submit(status="*")


def member(house: House, login: str) -> dict[str, Any] | None:
    def look(request: Any) -> Any:
        found = request.find_service(IMembers).by_login(login)
        return found and dict(found.__dict__)

    return house.work(look)


def press(page: Any) -> Any:
    """Press the button of a page that a link leads to."""
    return next(form for form in page.forms.values() if "confirm" in form.fields).submit("confirm")


class TestOpenSite:
    def test_asked_confirmed_and_signed_in(
        self, house: House, post: Post, sign_in: Opener
    ) -> None:
        answer = ask(house)
        assert (answer.status_int, answer.location) == (303, "/join?sent=1")
        assert "mail is on its way" in answer.follow().text
        assert member(house, "suzanne") is None
        page = house.browser().get(post.link("suzanne@example.org"))
        assert press(page).location == "/login?login=suzanne"
        form = house.browser().get("/login").forms["sign-in"]
        form["login"], form["password"] = "suzanne", NEW
        assert form.submit().status_int == 303

    @pytest.mark.parametrize("known", [True, False])
    def test_an_address_is_written_to_ten_times_a_day_at_most(
        self, house: House, post: Post, known: bool
    ) -> None:
        address = "claire@example.org"
        if known:
            house.member("claire")
        for number in range(12):
            browser = house.browser()
            browser.extra_environ["REMOTE_ADDR"] = f"192.0.2.{number}"
            written = address.upper() if number % 2 else address
            assert ask(house, "suzanne", written, browser=browser).status_int == 303
        assert len(post.all()) == 10

    def test_versions_of_terms_and_policy_are_recorded(self, house: House, post: Post) -> None:
        ask(house)
        press(house.browser().get(post.link("suzanne@example.org")))
        (consent,) = (member(house, "suzanne") or {})["consents"]
        assert (consent["terms"], consent["policy"]) == (TERMS, 1)
        assert consent["how"] == "join"
        assert consent["at"] > 0

    def test_opening_the_link_is_not_enough(self, house: House, post: Post) -> None:
        ask(house)
        for _ in range(3):  # programs that look at every link in a mail
            assert house.browser().get(post.link("suzanne@example.org")).status_int == 200
        assert member(house, "suzanne") is None

    def test_the_link_works_once(self, house: House, post: Post) -> None:
        ask(house)
        link = post.link("suzanne@example.org")
        page = house.browser().get(link)
        press(page)
        assert "wrong, too old, or was used" in house.browser().get(link, status=404).text
        with pytest.raises(Exception, match="404"):
            press(page)

    def test_the_link_works_for_two_days(self, house: House, post: Post, time: Time) -> None:
        ask(house)
        link = post.link("suzanne@example.org")
        time.move(hours=47)
        assert house.browser().get(link).status_int == 200
        time.move(hours=2)
        assert house.browser().get(link, status="*").status_int == 404

    @pytest.mark.parametrize("token", ["", "x", "x" * 5000, "%00", "é"])
    def test_other_links_are_told_apart_from_nothing(self, house: House, token: str) -> None:
        assert house.browser().get(f"/confirm?token={token}", status="*").status_int in (400, 404)

    def test_the_tree_holds_neither_secret_nor_address(self, house: House, post: Post) -> None:
        ask(house)
        secret = post.link("suzanne@example.org").partition("token=")[2]
        raw = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
        assert secret.encode() not in raw
        assert b"suzanne@example" not in raw

    def test_two_who_want_one_login_the_second_is_told(self, house: House, post: Post) -> None:
        ask(house, "suzanne", "one@example.org")
        ask(house, "suzanne", "two@example.org")
        press(house.browser().get(post.link("one@example.org")))
        page = house.browser().get(post.link("two@example.org"))
        form = next(form for form in page.forms.values() if "confirm" in form.fields)
        answer = form.submit("confirm", status=409)
        assert "Join again" in answer.text


class TestRefused:
    @pytest.mark.parametrize(
        ("login", "words"),
        [
            ("claire", "is taken"),
            ("postmaster", "belongs to the site"),
            ("a..b", "small letters"),
            ("join", "belongs to the site"),
        ],
    )
    def test_a_login_that_cannot_be_given(
        self, house: House, claire: int, login: str, words: str
    ) -> None:
        answer = ask(house, login)
        assert answer.status_int == 400
        assert words in answer.text
        assert answer.forms["join"]["email"].value == "suzanne@example.org"

    def test_a_login_that_was_given_out_before(self, house: House, claire: int) -> None:
        house.work(lambda request: request.find_service(IMembers).remove(claire))
        assert "is taken" in ask(house, "claire").text

    @pytest.mark.parametrize("password", ["short", "suzanne-suzanne", "password12345"])
    def test_a_password_that_is_easy_to_guess(self, house: House, password: str) -> None:
        answer = ask(house, password=password)
        assert answer.status_int == 400
        assert answer.forms["join"]["password"].value == ""

    def test_without_accepting_the_terms(self, house: House, post: Post) -> None:
        assert ask(house, terms=False).status_int == 400
        assert post.all() == []

    def test_an_address_that_is_none(self, house: House) -> None:
        assert ask(house, address="suzanne@").status_int == 400

    def test_on_a_closed_site(self, make_house: Any) -> None:
        house = make_house([], language="en", joining="closed")
        page = house.browser().get("/join")
        assert "takes no new members" in page.text
        assert "join" not in page.forms


class TestKnownAddress:
    def test_the_answer_is_the_same_and_its_owner_is_told(
        self, house: House, claire: int, post: Post
    ) -> None:
        known = ask(house, "suzanne", "CLAIRE@example.org")
        unknown = ask(house, "suzanne", "new@example.org")
        assert (known.status_int, known.location) == (unknown.status_int, unknown.location)
        assert known.body == unknown.body
        assert (
            post.to("claire@example.org")[-1]["Subject"] == "You have an account on 2 Communicate"
        )
        assert "Confirm" in post.to("new@example.org")[-1]["Subject"]

    def test_the_page_does_the_same_work(
        self, house: House, claire: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hashed: list[str] = []
        passwords = house.registry.communicate_passwords
        original = passwords.hash
        monkeypatch.setattr(passwords, "hash", lambda text: hashed.append(text) or original(text))

        def jobs() -> int:
            return house.work(lambda request: len(request.root_map["outbox"].jobs))

        done = []
        for address in ("claire@example.org", "new@example.org"):
            before = jobs()
            ask(house, "suzanne", address)
            done.append((jobs() - before, len(hashed)))
            hashed.clear()
        assert done == [(1, 1), (1, 1)]


class TestRobots:
    def solved(self, page: Any) -> str:
        challenge = json.loads(page.html.select_one("[data-proof]")["data-proof"])
        found = solve_challenge(
            challenge["challenge"], challenge["salt"], "SHA-256", challenge["maxNumber"]
        )
        assert challenge["maxNumber"] == LARGEST
        assert found is not None
        fields = ("algorithm", "challenge", "salt", "signature")
        payload = {name: challenge[name] for name in fields} | {"number": found.number}
        return base64.b64encode(json.dumps(payload).encode()).decode()

    def send(self, page: Any, login: str, proof: str | None) -> Any:
        form = page.forms["join"]
        fields = {
            "login": login,
            "email": f"{login}@example.org",
            "password": NEW,
            "terms": "yes",
            "csrf_token": form["csrf_token"].value,
        }
        return page.test_app.post(
            "/join", fields | ({} if proof is None else {"proof": proof}), status="*"
        )

    def test_twenty_with_a_solution_an_hour_or_five_without(self, house: House) -> None:
        browser = house.browser()
        for number in range(5):
            assert ask(house, f"login{number}", browser=browser).status_int == 303
        assert ask(house, "login5", browser=browser).status_int == 429
        elsewhere = house.browser()
        elsewhere.extra_environ["REMOTE_ADDR"] = "192.0.2.9"
        for number in range(6):
            page = elsewhere.get("/join")
            assert self.send(page, f"name{number}", self.solved(page)).status_int == 303

    def test_a_solution_counts_once(self, house: House) -> None:
        page = house.browser().get("/join")
        proof = self.solved(page)
        assert self.send(page, "suzanne", proof).status_int == 303
        assert self.send(page, "valentin", proof).status_int == 400

    def test_a_form_that_was_refused_keeps_its_solution_good(self, house: House) -> None:
        page = house.browser().get("/join")
        proof = self.solved(page)
        assert self.send(page, "postmaster", proof).status_int == 400
        assert self.send(page, "suzanne", proof).status_int == 303

    def test_it_grows_old(self, house: House, time: Time) -> None:
        page = house.browser().get("/join")
        proof = self.solved(page)
        time.move(minutes=31)
        assert self.send(page, "suzanne", proof).status_int == 400

    def test_a_later_expiry_cannot_be_written_into_it(self, house: House, time: Time) -> None:
        page = house.browser().get("/join")
        payload = json.loads(base64.b64decode(self.solved(page)))
        expires = payload["salt"].partition("expires=")[2].rstrip("&")
        payload["salt"] = payload["salt"].replace(expires, str(int(expires) + 10**6))
        proof = base64.b64encode(json.dumps(payload).encode()).decode()
        assert self.send(page, "suzanne", proof).status_int == 400

    @pytest.mark.parametrize(
        "proof",
        [
            "x",
            "AAAA",
            "A" * 5000,
            base64.b64encode(b"[]").decode(),
            base64.b64encode(b"null").decode(),
            base64.b64encode(b'{"algorithm": 1}').decode(),
            base64.b64encode(
                b'{"algorithm":"MD5","challenge":"","number":1,"salt":"","signature":""}'
            ).decode(),
            base64.b64encode(
                b'{"algorithm":"SHA-256","challenge":"","number":true,"salt":"","signature":""}'
            ).decode(),
            base64.b64encode(
                b'{"algorithm":"SHA-256","challenge":"\\u00e9","number":1,"salt":"\\ud800",'
                b'"signature":"\\u00e9"}'
            ).decode(),
            base64.b64encode(b"[" * 1500).decode(),
        ],
    )
    def test_a_wrong_one_is_refused_clearly(self, house: House, proof: str, post: Post) -> None:
        page = house.browser().get("/join")
        assert self.send(page, "suzanne", proof).status_int == 400
        assert post.all() == []


class TestInvitation:
    @pytest.fixture
    def house(self, make_house: Any) -> House:
        house: House = make_house([], language="en", joining="invitation")
        return house

    @pytest.fixture
    def link(self, house: House, post: Post) -> str:
        house.work(lambda request: joining.invite(request, "suzanne@example.org"))
        return post.link("suzanne@example.org")

    def send(self, house: House, link: str, login: str = "suzanne") -> Any:
        form = house.browser().get(link).forms["join"]
        form["login"], form["password"], form["terms"] = login, NEW, True
        return form.submit(status="*")

    def test_strangers_are_told_how_one_joins(self, house: House) -> None:
        assert "by invitation" in house.browser().get("/join").text

    def test_the_link_makes_a_confirmed_account_once(self, house: House, link: str) -> None:
        assert self.send(house, link).location == "/login"
        assert (member(house, "suzanne") or {})["consents"][0]["how"] == "invitation"
        house.browser().get(link, status=404)

    def test_a_refused_login_does_not_use_it_up(self, house: House, link: str) -> None:
        assert self.send(house, link, "postmaster").status_int == 400
        assert self.send(house, link).status_int == 303

    def test_it_lasts_two_weeks(self, house: House, link: str, time: Time) -> None:
        time.move(days=14, seconds=1)
        house.browser().get(link, status=404)

    def test_where_the_address_has_an_account_meanwhile_it_says_so(
        self, house: House, link: str
    ) -> None:
        def add(request: Any) -> None:
            request.find_service(IMembers).add("other", "suzanne@example.org", PASSWORD)

        house.work(add)
        answer = self.send(house, link)
        assert answer.status_int == 400
        assert "account with this address exists" in answer.text


class TestFirstOperator:
    @pytest.fixture
    def house(self, make_house: Any) -> House:
        house: House = make_house([], language="en", mode="development")
        return house

    def send(self, house: House, link: str) -> Any:
        form = house.browser().get(link.removeprefix("http://localhost")).forms["operator"]
        form["login"], form["email"], form["password"] = "suzanne", "s@example.org", NEW
        return form.submit(status="*")

    def test_the_link_makes_an_operator_once(self, house: House) -> None:
        link = operator_link(house.registry)
        assert link is not None
        assert link.startswith("http://localhost/first-operator?token=")
        assert self.send(house, link).location == "/login?login=suzanne"
        assert (member(house, "suzanne") or {})["groups"] == ("operators",)
        house.browser().get(link.removeprefix("http://localhost"), status=404)

    def test_there_is_none_once_there_is_an_operator(self, house: House) -> None:
        link = operator_link(house.registry)
        house.member("root-like", "operators")
        assert operator_link(house.registry) is None
        assert link is not None
        assert self.send(house, link).status_int == 404

    def test_it_lasts_an_hour_and_a_newer_one_replaces_it(self, house: House, time: Time) -> None:
        old, new = operator_link(house.registry), operator_link(house.registry)
        browser = house.browser()
        assert old
        assert new
        browser.get(old.removeprefix("http://localhost"), status=404)
        browser.get(new.removeprefix("http://localhost"), status=200)
        time.move(hours=1, seconds=1)
        browser.get(new.removeprefix("http://localhost"), status=404)

    def test_outside_development_there_is_none(self, make_house: Any) -> None:
        assert operator_link(make_house([]).registry) is None

    def test_the_tree_does_not_hold_its_secret(self, house: House) -> None:
        secret = (operator_link(house.registry) or "").partition("token=")[2]
        raw = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
        assert len(secret) == 43
        assert secret.encode() not in raw


class TestSweep:
    def test_old_links_leave_the_tree(self, house: House, post: Post, time: Time) -> None:
        ask(house)
        post.run()
        time.move(days=3)
        assert house.work(lambda request: Tokens(request).sweep()) == 1
        assert house.work(lambda request: len(request.root_map["accounts"].tokens)) == 0


def test_a_new_member_is_signed_in_only_by_signing_in(house: House, post: Post) -> None:
    ask(house)
    browser = house.browser()
    press(browser.get(post.link("suzanne@example.org")))
    assert not is_in(browser)

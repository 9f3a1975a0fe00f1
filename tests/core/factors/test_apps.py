"""App passwords: made once, for some services, ended at once; what gateways are told."""

from typing import Any

import pytest

from communicate import duties
from communicate.accounts.limits import Limits, TooMany
from communicate.declarations import Scope
from communicate.factors.apps import MOST, TooManyApps
from communicate.factors.content import ROOT
from communicate.interfaces import IAppPasswords, IErasure, IMembers
from communicate.testing.house import PASSWORD

from .conftest import Kit, shown

NEW = "sept chevaux traversent le gué"
PAGE = "/account/app-passwords"


SCOPES = [Scope("mail.read", "Read mail"), Scope("disk.files", "Open files")]


def declare(monkeypatch: pytest.MonkeyPatch, scopes: list[Scope]) -> None:
    """Let the site have services with these scopes, and no others."""
    collected = duties.collected

    def collect(name: str, *more: Any) -> list[Any]:
        return scopes if name == "scopes" else collected(name, *more)

    monkeypatch.setattr(duties, "collected", collect)


@pytest.fixture(autouse=True)
def scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the site have two services with gateways."""
    declare(monkeypatch, SCOPES)


class Gateway:
    """A gateway that asks as the member's program would."""

    def __init__(self, kit: Kit, uid: int) -> None:
        self.kit = kit
        self.uid = uid

    def make(self, *scopes: str) -> str:
        def act(request: Any) -> str:
            secret: str = request.find_service(IAppPasswords).make(self.uid, "Courrier", scopes)
            return secret

        return self.kit.house.work(act)

    def opens(
        self, secret: str, scope: str = "mail.read", login: str = "", main: bool = False
    ) -> bool:
        """Tell whether *secret* opens *scope*."""

        def act(request: Any) -> Any:
            service = request.find_service(IAppPasswords)
            ask = service.verify_gateway if main else service.verify
            found = ask(login or self.kit.login, secret, scope, peer=self.kit.peer)
            return found and found.uid

        return self.kit.house.work(act) == self.uid

    def rows(self) -> list[dict[str, Any]]:
        def act(request: Any) -> list[dict[str, Any]]:
            rows: list[dict[str, Any]] = request.find_service(IAppPasswords).of(self.uid)
            return rows

        return self.kit.house.work(act)

    def members(self, name: str) -> None:
        """Call *name* of the members' service with the member."""

        def act(request: Any) -> None:
            members = request.find_service(IMembers)
            getattr(members, name)(members.by_uid(self.uid))

        self.kit.house.work(act)


@pytest.fixture
def gateway(kit: Kit, claire: int) -> Gateway:
    return Gateway(kit, claire)


@pytest.fixture
def counted(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return a list that grows with each slow hash that is verified."""
    passwords, found = kit.house.registry.communicate_passwords, []
    verify = passwords.verify

    def count(stored: Any, password: str) -> Any:
        found.append(stored)
        return verify(stored, password)

    monkeypatch.setattr(passwords, "verify", count)
    return found


class TestVerify:
    def test_it_opens_what_it_is_for_and_nothing_else(self, gateway: Gateway) -> None:
        secret = gateway.make("mail.read")
        assert gateway.opens(secret)
        assert gateway.opens(secret, login=f"{gateway.kit.login}@example.org")
        assert not gateway.opens(secret, "disk.files")
        assert not gateway.opens(secret, "mail")

    def test_it_may_be_typed_without_hyphens_and_in_capitals(self, gateway: Gateway) -> None:
        secret = gateway.make("mail.read")
        assert gateway.opens(secret.replace("-", "").upper())
        assert gateway.opens(secret.replace("-", " "))

    def test_it_is_long_and_random(self, gateway: Gateway) -> None:
        made = {gateway.make("mail.read") for _ in range(5)}
        assert len(made) == 5
        assert all([len(group) for group in one.split("-")] == [5] * 5 for one in made)

    def test_another_members_opens_nothing(self, kit: Kit, gateway: Gateway) -> None:
        other = Gateway(kit, kit.member(f"paul{kit.number}"))
        assert not gateway.opens(other.make("mail.read"))

    @pytest.mark.parametrize("secret", ["", "x", "é", "0" * 10_000, "\ud800", PASSWORD])
    def test_what_is_none_opens_nothing(self, gateway: Gateway, secret: str) -> None:
        gateway.make("mail.read")
        assert not gateway.opens(secret)

    def test_it_does_not_sign_in_on_the_page(self, kit: Kit, gateway: Gateway) -> None:
        form = kit.browser().get("/login").forms["sign-in"]
        form["login"], form["password"] = kit.login, gateway.make("mail.read")
        assert form.submit(status=400)

    def test_the_day_of_its_last_use_is_stored_once_a_day(
        self, kit: Kit, gateway: Gateway
    ) -> None:
        secret = gateway.make("mail.read")
        assert gateway.rows()[0]["used"] is None
        assert gateway.opens(secret)
        used = gateway.rows()[0]["used"]
        assert used % 86_400_000 == 0
        database = kit.house.work(lambda request: request.site._p_jar.db())
        before = database.lastTransaction()
        assert gateway.opens(secret)
        assert database.lastTransaction() == before
        kit.move(days=1)
        assert gateway.opens(secret)
        assert gateway.rows()[0]["used"] == used + 86_400_000

    def test_the_tree_holds_neither_secret_nor_title(self, kit: Kit, gateway: Gateway) -> None:
        secret = gateway.make("mail.read")
        (data,) = kit.house.folder.rglob("Data.fs")
        stored = data.read_bytes()
        assert secret.encode() not in stored
        assert secret.replace("-", "").encode() not in stored
        assert b"Courrier" not in stored

    def test_there_is_an_end_to_them(self, gateway: Gateway) -> None:
        for _ in range(MOST):
            gateway.make("mail.read")
        with pytest.raises(TooManyApps):
            gateway.make("mail.read")


class TestEnding:
    def test_revoking_counts_at_once(self, kit: Kit, gateway: Gateway) -> None:
        from communicate.ids import decode

        secret = gateway.make("mail.read")
        number = decode(gateway.rows()[0]["key"])
        other = Gateway(kit, kit.member(f"paul{kit.number}"))
        for uid, ended in ((other.uid, False), (gateway.uid, True)):
            assert (
                kit.house.work(
                    lambda request, uid=uid: request.find_service(IAppPasswords).revoke(
                        uid, number
                    )
                )
                is ended
            )
            assert gateway.opens(secret) is not ended

    def test_what_lasts_hears_that_it_may_not(self, kit: Kit, gateway: Gateway) -> None:
        """What `IFactors.of` returns changes with it, however many passwords there are."""
        for _ in range(MOST - 1):
            gateway.make("disk.files")
        secret = gateway.make("mail.read")

        def number_of(request: Any) -> tuple[Any, ...]:
            apps = request.find_service(IAppPasswords)
            for wrong in ((secret, "disk.files"), (secret + "x", "mail.read")):
                assert apps.number_of(gateway.uid, *wrong) is None
            held = request.root_map[ROOT].members[gateway.uid]
            number = apps.number_of(gateway.uid, secret, "mail.read")
            return number, apps.stands(gateway.uid, number), held._p_serial

        number, stands, before = kit.house.work(number_of)
        assert stands
        kit.house.work(lambda r: r.find_service(IAppPasswords).revoke(gateway.uid, number))
        found, stands, after = kit.house.work(
            lambda request: (
                request.find_service(IAppPasswords).number_of(gateway.uid, secret, "mail.read"),
                request.find_service(IAppPasswords).stands(gateway.uid, number),
                request.root_map[ROOT].members[gateway.uid]._p_serial,
            )
        )
        assert (found, stands) == (None, False)
        assert after != before

    @pytest.mark.parametrize("act", ["suspend", "close"])
    def test_nor_may_what_is_of_an_account_that_may_not(self, gateway: Gateway, act: str) -> None:
        secret = gateway.make("mail.read")

        def stands(request: Any) -> Any:
            apps = request.find_service(IAppPasswords)
            number = apps.number_of(gateway.uid, secret, "mail.read")
            return apps.stands(gateway.uid, number)

        assert gateway.kit.house.work(stands)
        gateway.members(act)
        assert not gateway.kit.house.work(stands)

    def test_a_suspended_account_opens_nothing(self, gateway: Gateway) -> None:
        secret = gateway.make("mail.read")
        gateway.members("suspend")
        assert not gateway.opens(secret)
        assert not gateway.opens(PASSWORD, main=True)

    def test_nor_does_an_erased_one_and_nothing_of_it_is_left(
        self, kit: Kit, gateway: Gateway
    ) -> None:
        secret = gateway.make("mail.read")
        kit.house.work(lambda request: request.find_service(IErasure).start(gateway.uid))
        assert not gateway.opens(secret)
        kit.house.run_jobs()
        assert not gateway.opens(secret)
        kept = kit.house.work(lambda request: gateway.uid in request.root_map[ROOT].members)
        assert not kept

    def test_another_main_password_leaves_it(self, kit: Kit, gateway: Gateway) -> None:
        secret = gateway.make("mail.read")
        change_password(kit, gateway.uid)
        assert gateway.opens(secret)


def change_password(kit: Kit, uid: int) -> None:
    def change(request: Any) -> None:
        members = request.find_service(IMembers)
        members.set_password(members.by_uid(uid), NEW)

    kit.house.work(change)


class TestGateway:
    def test_the_main_password_opens_all_until_there_is_a_second_step(
        self, kit: Kit, gateway: Gateway
    ) -> None:
        for scope in ("mail.read", "disk.files"):
            assert gateway.opens(PASSWORD, scope, main=True)
        kit.set_app(gateway.uid)
        assert not gateway.opens(PASSWORD, main=True)
        assert gateway.opens(gateway.make("mail.read"), main=True)
        kit.factors(lambda service, member: service.switch_off(member), gateway.uid)
        assert gateway.opens(PASSWORD, main=True)

    def test_verify_never_takes_the_main_one(self, gateway: Gateway) -> None:
        assert not gateway.opens(PASSWORD)

    def test_another_main_password_counts_at_once(self, kit: Kit, gateway: Gateway) -> None:
        assert gateway.opens(PASSWORD, main=True)
        change_password(kit, gateway.uid)
        assert not gateway.opens(PASSWORD, main=True)
        assert gateway.opens(NEW, main=True)

    def test_a_right_one_costs_one_slow_hash_a_minute(
        self, kit: Kit, gateway: Gateway, counted: list[Any]
    ) -> None:
        for _ in range(5):
            assert gateway.opens(PASSWORD, main=True)
        assert len(counted) == 1
        kit.move(minutes=1)
        assert gateway.opens(PASSWORD, main=True)
        assert len(counted) == 2

    def test_whatever_is_wrong_costs_the_same(
        self, kit: Kit, gateway: Gateway, counted: list[Any]
    ) -> None:
        wrong = "wrong words"
        assert not gateway.opens(wrong, main=True)
        assert not gateway.opens(wrong, login="nobody", main=True)
        kit.set_app(gateway.uid)
        assert not gateway.opens(PASSWORD, main=True)
        gateway.members("suspend")
        assert not gateway.opens(wrong, main=True)
        assert len(counted) == 4
        assert counted[1:3] == [None, None]


class TestLimits:
    def test_ten_failures_lock_an_account_whoever_has_it(self, kit: Kit, gateway: Gateway) -> None:
        for login in (kit.login, f"nobody{kit.number}"):
            for _ in range(10):
                assert not gateway.opens("wrong", login=login, main=True)
            with pytest.raises(TooMany):
                gateway.opens(PASSWORD, login=login, main=True)
        kit.move(minutes=15, seconds=1)
        assert gateway.opens(PASSWORD, main=True)

    def test_a_name_of_nobody_is_counted_as_often_as_one_of_somebody(
        self, kit: Kit, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hits: list[str] = []
        hit = Limits.hit
        monkeypatch.setattr(Limits, "hit", lambda *args: hits.append(args[1]) or hit(*args))
        counts = []
        for login in (kit.login, f"nobody{kit.number}"):
            assert not gateway.opens("wrong", login=login)
            counts.append(hits.copy())
            hits.clear()
        assert counts[0] == counts[1]

    def test_its_address_is_locked_too_and_nobody_is_told(
        self, kit: Kit, gateway: Gateway
    ) -> None:
        for _ in range(10):
            gateway.opens("wrong", main=True)
        assert not gateway.opens(PASSWORD, login=f"{kit.login}@example.org", main=True)

    def test_who_guesses_keeps_no_program_outside(self, kit: Kit, gateway: Gateway) -> None:
        secret = gateway.make("mail.read")
        for _ in range(10):
            gateway.opens("wrong")
        assert gateway.opens(secret)
        assert gateway.opens(secret, main=True)

    def test_thirty_failures_lock_a_network_address(
        self, kit: Kit, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = kit.house.registry.settings
        monkeypatch.setitem(settings, "communicate.limits.gateway_address", "3/hour")
        secret = gateway.make("mail.read")
        for number in range(3):
            assert not gateway.opens(secret, login=f"nobody{number}")
        with pytest.raises(TooMany):
            gateway.opens(secret)

    def test_what_succeeds_does_not_count(self, gateway: Gateway) -> None:
        secret = gateway.make("mail.read")
        assert all(gateway.opens(secret) for _ in range(40))

    def test_signing_in_on_the_page_is_counted_apart(self, kit: Kit, gateway: Gateway) -> None:
        for _ in range(10):
            gateway.opens("wrong", main=True)
        assert kit.password(kit.browser()).status_int == 303


class TestPage:
    @pytest.fixture
    def browser(self, kit: Kit, claire: int) -> Any:
        browser = kit.browser()
        kit.password(browser)
        return browser

    def make(self, browser: Any, password: str = PASSWORD, *scopes: str) -> Any:
        form = browser.get(PAGE).forms["app-password"]
        form["title"], form["present"] = "Courrier du <b>téléphone</b>", password
        for scope in scopes:
            form[f"scope-{scope}"] = True
        return form.submit(status="*")

    def test_it_is_shown_until_kept_and_listed(
        self, kit: Kit, browser: Any, gateway: Gateway
    ) -> None:
        page = self.make(browser, PASSWORD, "mail.read").follow()
        (secret,) = shown(page, "code.secret")
        assert gateway.opens(secret)
        assert not gateway.opens(secret, "disk.files")
        row = page.html.select_one(".rows li")
        assert "Courrier du <b>téléphone</b>" in row.text
        assert "Read mail" in row.text
        assert "Open files" not in row.text
        form = next(form for form in page.forms.values() if "kept" in form.fields)
        assert not shown(form.submit("kept").follow(), "code.secret")
        assert len(kit.letters("A new app password")) == 1

    def test_another_session_does_not_see_it(self, kit: Kit, browser: Any) -> None:
        self.make(browser, PASSWORD, "mail.read")
        other = kit.browser()
        kit.password(other)
        assert not shown(other.get(PAGE), "code.secret")

    def test_after_ten_minutes_nobody_does(self, kit: Kit, browser: Any) -> None:
        self.make(browser, PASSWORD, "mail.read")
        kit.move(minutes=10)
        assert not shown(browser.get(PAGE), "code.secret")

    def test_it_needs_the_password_and_something_to_open(self, browser: Any) -> None:
        assert self.make(browser, "wrong words", "mail.read").status_int == 400
        assert self.make(browser, PASSWORD).status_int == 400
        assert not browser.get(PAGE).html.select(".rows")

    def test_a_scope_that_nobody_declares_is_none(self, browser: Any) -> None:
        form = browser.get(PAGE).forms["app-password"]
        fields = [*form.submit_fields(), ("scope-all", "yes")]
        fields = [(n, {"title": "x", "present": PASSWORD}.get(n, v)) for n, v in fields]
        assert browser.post(PAGE, fields, status=400)

    def test_a_double_click_makes_one(self, browser: Any) -> None:
        form = browser.get(PAGE).forms["app-password"]
        form["title"], form["present"], form["scope-mail.read"] = "Courrier", PASSWORD, True
        first, second = form.submit(), form.submit()
        assert first.location == second.location == PAGE
        assert len(browser.get(PAGE).html.select(".rows li")) == 1

    def test_revoking_asks_for_ones_own(self, kit: Kit, browser: Any, gateway: Gateway) -> None:
        secret = gateway.make("mail.read")
        page = browser.get(PAGE)
        form = next(form for form in page.forms.values() if "revoke" in form.fields)
        assert "works no more" in form.submit("revoke").follow().text
        assert not gateway.opens(secret)
        for value in ("", "x", "zzzzzzzzzzzzz", "0000000000000"):
            fields = {"csrf_token": form["csrf_token"].value, "revoke": value}
            assert browser.post(PAGE, fields).location == PAGE

    def test_where_no_service_asks_for_one_it_says_so(
        self, browser: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.undo()
        declare(monkeypatch, [])
        page = browser.get(PAGE)
        assert "No service of this site needs an app password" in page.text
        assert "app-password" not in page.forms

"""Passkeys in a real browser, with an authenticator that it makes believe: added, and used."""

from collections.abc import Iterator
from typing import Any

import pytest

from communicate.testing.house import PASSWORD, House
from communicate.testing.server import Server

HOME = "/account/second-factor"
PEOPLE = {"fr": "chloe", "en": "denis", "without": "elsa"}


@pytest.fixture(scope="module")
def named(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a site that is reached by a name: browsers make passkeys for names."""
    folder = tmp_path_factory.mktemp("passkeys")
    server = Server(folder, "")
    url = server.url.replace("127.0.0.1", "localhost")
    server.configure("", url=url, name="Rue du Canal")
    house = House(folder, [], {"communicate.mode": "testing", "url": url})
    for login in PEOPLE.values():
        house.member(login)
    house.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMUNICATE_URL", url)  # else --listen says it
        server.start()
    yield url
    server.stop()


@pytest.fixture
def window(named: str, windows: Any) -> Any:
    """Return what opens a window in a language, with an authenticator of its own."""

    def open_window(language: str, **look: Any) -> Any:
        page = windows.open(named, language, **look)
        page.context.add_cookies([{"name": "lang", "value": language, "url": named}])
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.keys = session, made["authenticatorId"]
        return page

    return open_window


def press(page: Any, selector: str) -> None:
    with page.expect_navigation():
        page.click(selector)


def sign_in(page: Any, login: str) -> None:
    page.goto("/login")
    page.fill("#sign-in [name=login]", login)
    page.fill("#sign-in [name=password]", PASSWORD)
    press(page, "#sign-in button[type=submit]")


def sign_out(page: Any) -> None:
    page.click("summary.tool")
    press(page, "form[action='/logout'] button")


def add(page: Any, name: str) -> None:
    """Add a passkey by the pages."""
    page.goto(f"{HOME}/passkey")
    page.fill("#passkey [name=name]", name)
    page.fill("#passkey [name=present]", PASSWORD)
    press(page, "#passkey button[type=submit]")
    press(page, "#passkey button[type=submit]")


class TestPasskey:
    @pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.slow)])
    def test_it_is_added_and_then_opens_the_account_in_both_ways(
        self, window: Any, judged: Any, language: str
    ) -> None:
        login = PEOPLE[language]
        page = window(language, reduced_motion="reduce")
        sign_in(page, login)
        add(page, "Ordinateur")
        assert page.locator(".codes code").count() == 10
        assert judged(page) == []
        press(page, "button[name=kept]")
        assert page.locator(".rows strong", has_text="Ordinateur").is_visible()
        assert judged(page) == []

        sign_out(page)
        page.goto("/login")
        assert judged(page) == []
        press(page, "#passkey button[type=submit]")
        assert login in page.locator("summary.tool").inner_text()

        sign_out(page)
        sign_in(page, login)
        assert page.url.endswith("/login/second")
        assert judged(page) == []
        press(page, "#second button[type=submit]")
        assert login in page.locator("summary.tool").inner_text()

        session, key = page.keys  # the member sends the browser's question away
        sign_out(page)
        page.goto("/login")
        session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
        page.click("#passkey button[type=submit]")
        page.wait_for_selector("[data-passkey-failed]:visible")
        assert judged(page) == []

    def test_the_picture_for_an_app_is_shown_under_the_policy(
        self, window: Any, judged: Any
    ) -> None:
        page = window("fr", width=390)
        sign_in(page, "elsa")
        page.goto(f"{HOME}/app")
        page.fill("#app [name=present]", PASSWORD)
        press(page, "#app button[type=submit]")
        assert page.eval_on_selector("img.qr", "image => image.complete && image.naturalWidth") > 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert judged(page) == []

    def test_without_a_script_other_ways_are_offered(self, window: Any) -> None:
        page = window("en", java_script_enabled=False)
        page.goto("/login")
        assert not page.locator("#passkey").is_visible()
        assert page.locator("#sign-in").is_visible()

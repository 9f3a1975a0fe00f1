"""A code by text message in a real browser: allowed in the account, sent by a real site, typed."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest

from communicate.interfaces import IFactors, IMembers
from communicate.testing.house import PASSWORD, House
from communicate.testing.server import Server
from communicate_sms.interfaces import INumbers
from communicate_sms.queue import Queue

SECRET = pyotp.random_base32()
NUMBERS = {"agathe": "+33612345678", "bruno": "+33698765432"}
PATIENCE = 60  # seconds for the site to send


class Telephones:
    """What the operator at the other end was given, a message in each line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def code(self, number: str, after: int) -> str:
        """Return the code that comes to *number* after that many messages."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self.texts(number)
            if len(found) > after:
                return re.findall(r"\b\d{6}\b", found[-1])[0]
            time.sleep(0.05)
        raise AssertionError("no code came")

    def texts(self, number: str) -> list[str]:
        """Return what came to *number*, the oldest first."""
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        each = [json.loads(line) for line in lines if line.endswith("\n")]
        return [one["text"] for one in each if one["number"] == number]


def prepare(house: House, login: str, number: str) -> None:
    """Make a member with an authenticator app and a number that is proven."""
    uid = house.member(login)

    def prove(request: Any) -> None:
        member = request.find_service(IMembers).by_uid(uid)
        request.find_service(IFactors).set_totp(member, SECRET, 0)
        service, queue = request.find_service(INumbers), Queue(request)
        service.begin(member, number)
        (message,) = queue.tree.messages.values()
        code = re.findall(r"\b\d{6}\b", service.seals.text(message.text))[0]
        assert service.prove(member, code)
        queue.forget(message)
        exchange = queue.tree
        exchange.spent.clear()  # codes of the last minute count, too

    house.work(prove)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Telephones]]:
    """Yield the address of a site that sends, and the telephones that it reaches."""
    folder = tmp_path_factory.mktemp("codes")
    path = folder / "sent.jsonl"
    settings = {"sms.ways": f"un file path={path} sender=38000"}
    server = Server(folder, "sms", **settings)
    house = House(folder, ["sms"], {"communicate.mode": "testing", **settings})
    for login, number in NUMBERS.items():
        prepare(house, login, number)
    house.close()
    server.start()
    yield server.url, Telephones(path)
    server.stop()


def press(page: Any, selector: str) -> None:
    with page.expect_navigation():
        page.click(selector)


def give_password(page: Any, login: str) -> None:
    page.goto("/login")
    page.fill("#sign-in [name=login]", login)
    page.fill("#sign-in [name=password]", PASSWORD)
    press(page, "#sign-in button[type=submit]")


class TestACodeByTextMessage:
    @pytest.mark.parametrize(
        ("login", "look"),
        [
            ("agathe", {"language": "fr", "width": 390}),
            pytest.param(
                "bruno",
                {"language": "en", "java_script_enabled": False},
                marks=pytest.mark.slow,
            ),
        ],
    )
    def test_it_is_allowed_with_the_password_and_then_opens_the_account(
        self, served: Any, windows: Any, judged: Any, login: str, look: dict[str, Any]
    ) -> None:
        url, telephones = served
        page = windows.open(url, **look)
        page.context.add_cookies([{"name": "lang", "value": look["language"], "url": url}])
        judge = judged if look.get("java_script_enabled", True) else lambda _page: []

        give_password(page, login)
        page.fill("[name=code]", pyotp.TOTP(SECRET).now())
        press(page, "#second button[type=submit]")
        page.goto("/account/second-factor")
        assert judge(page) == []
        press(page, "main a[href*=further]")
        assert judge(page) == []
        page.fill("#further [name=present]", PASSWORD)
        press(page, "#further button[name=on]")
        assert page.url.endswith("/account/second-factor")

        page.context.clear_cookies()
        page.context.add_cookies([{"name": "lang", "value": look["language"], "url": url}])
        give_password(page, login)
        assert page.locator("#second [name=code]").is_visible()  # the app comes first
        press(page, ".ways a[href*=sms]")
        assert page.locator("#second").count() == 0
        assert judge(page) == []
        before = len(telephones.texts(NUMBERS[login]))
        press(page, "#send button")
        assert page.locator("#second [name=sent]").is_visible()
        assert judge(page) == []
        if "width" in look:
            assert page.evaluate("document.documentElement.scrollWidth") <= look["width"]
        page.fill("#second [name=sent]", telephones.code(NUMBERS[login], before))
        press(page, "#second button[type=submit]")
        assert page.locator("form[action='/logout']").count() == 1

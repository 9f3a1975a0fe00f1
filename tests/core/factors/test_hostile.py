"""What nobody sends by accident, in every field that a member with a second step is shown."""

from typing import Any
from urllib.parse import quote_plus

import pytest

from communicate.testing.hostile import FAST, NEVER, ODD, dangers

from .conftest import Kit
from .softkey import SoftKey

HOME = "/account/second-factor"
UNTOUCHED = ("csrf_token", "once", "unrepeated")
SIGNED_IN = (f"{HOME}/codes", f"{HOME}/remove?key=app", f"{HOME}/off", f"{HOME}/passkey")
SECOND = tuple(f"/login/second?with={way}" for way in ("code", "passkey", "recovery"))


def attempts(form: Any, value: bytes) -> Any:
    """Yield the body of *form* with *value*, percent-encoded already, in each field in turn."""
    filled = [
        (name, "wrong words" if name == "present" else old) for name, old in form.submit_fields()
    ]
    for tried, _old in filled:
        if tried not in UNTOUCHED:
            pairs = [
                f"{name}=".encode() + (value if name == tried else quote_plus(old).encode())
                for name, old in filled
                if name != "enter"
            ]
            yield tried, b"&".join(pairs)


@pytest.fixture(scope="module")
def pages(house: Any) -> list[tuple[Any, str]]:
    """Return browsers and pages: of a member inside, and of one who waits for the second step."""
    kit = Kit(house, 240)
    uid = kit.member(kit.login)
    inside, outside = kit.browser(), kit.browser()
    kit.password(inside)
    kit.set_app(uid)
    kit.set_key(uid, SoftKey())
    kit.password(outside)
    return [*((inside, path) for path in SIGNED_IN), *((outside, path) for path in SECOND)]


class TestFields:
    @pytest.mark.parametrize("name", FAST)
    def test_nothing_breaks_and_nothing_opens(
        self, kit: Kit, pages: Any, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = kit.house.registry.settings
        for limit in ("second_account", "second_day", "sign_in_address", "sign_in_account"):
            monkeypatch.setitem(settings, f"communicate.limits.{limit}", "1000/minute")
        value, tried = {**NEVER, **ODD}[name], []
        for browser, path in pages:
            page = browser.get(path, status=200)
            form = next(form for form in page.forms.values() if "once" in form.fields)
            for field, body in attempts(form, value):
                kind = "application/x-www-form-urlencoded"
                answer = browser.post(path, body, {"Content-Type": kind}, status="*")
                assert answer.status_int == 400, (path, field)
                assert dangers(answer.text) == []
                tried.append(field)
        assert {"present", "name", "code", "credential", "recovery"} <= set(tried)

    @pytest.mark.parametrize("path", [*SECOND, "/login/second?with=%00", "/login/second?with=x"])
    def test_a_stranger_is_led_back(self, kit: Kit, path: str) -> None:
        answer = kit.browser().get(path, status="*")
        assert (answer.status_int, answer.headers.get("Location")) in (
            (303, "/login"),
            (400, None),
        )

"""A site with a member who takes a second step, and ways to take it."""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_string, policy
from typing import Any

import pyotp
import pytest

from communicate.factors.services import FactorService
from communicate.interfaces import IClock, IFactors, IMembers
from communicate.testing.house import PASSWORD, House

from .softkey import SoftKey

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Yield a site that speaks English; each test has a member and a network of its own."""
    house = House(tmp_path_factory.mktemp("factors"), [], {"language": "en"})
    yield house
    house.close()


@pytest.fixture
def kit(house: House) -> "Kit":
    return Kit(house, next(NUMBERS))


@pytest.fixture
def claire(kit: "Kit") -> int:
    return kit.member(kit.login)


@dataclass
class Kit:
    """What the tests of one member do to a house all the time."""

    house: House
    number: int

    @property
    def login(self) -> str:
        """The login of this test's member."""
        return f"claire{self.number}"

    @property
    def peer(self) -> str:
        """The network address of this test's browsers."""
        return f"10.0.{self.number // 250}.{self.number % 250 + 1}"

    def member(self, login: str, *groups: str) -> int:
        """Make a member, and return the uid."""
        return self.house.member(login, *groups)

    def move(self, **delta: float) -> None:
        """Move the clock forward."""
        self.clock.offset += timedelta(**delta)

    @property
    def clock(self) -> Any:
        return self.house.registry.getUtility(IClock)

    def now(self) -> Any:
        return self.clock.now()

    def letters(self, subject: str) -> list[str]:
        """Do the work that is due; return the member's mails whose subject begins so."""
        self.house.run_jobs()
        to = f"To: {self.login}@example.org"
        mails = [message_from_string(text, policy=policy.default) for text in self.letters_to(to)]
        return [mail.get_content() for mail in mails if mail["Subject"].startswith(subject)]

    def letters_to(self, line: str) -> list[str]:
        """Return every mail with *line* in its head, the newest first."""
        return [mail for mail in self.house.letters() if line in mail]

    def factors(self, func: Callable[[FactorService, Any], Any], uid: int) -> Any:
        """Return what *func* does with the service and the member, in a transaction."""

        def act(request: Any) -> Any:
            member = request.find_service(IMembers).by_uid(uid)
            return func(request.find_service(IFactors), member)

        return self.house.work(act)

    def set_app(self, uid: int) -> "App":
        """Give the member an authenticator app."""
        app = App(self, pyotp.random_base32())
        codes = self.factors(lambda service, member: service.set_totp(member, app.secret, 0), uid)
        app.recovery = codes
        return app

    def set_key(self, uid: int, key: SoftKey) -> list[str]:
        """Give the member the passkey *key*, without a browser."""
        from communicate.factors.passkeys import Credential

        def add(service: FactorService, member: Any) -> list[str]:
            key.handle = service.handle(uid)
            credential = Credential(key.id, key.cose(), ("internal",))
            return service.add_passkey(member, "Téléphone", credential, key.counter)

        codes: list[str] = self.factors(add, uid)
        return codes

    def browser(self, agent: str = FIREFOX) -> Any:
        browser = self.house.browser()
        browser.extra_environ |= {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": self.peer}
        return browser

    def password(self, browser: Any, login: str = "", **fields: Any) -> Any:
        """Give the right password; return the answer."""
        form = browser.get("/login?came_from=/account/sessions").forms["sign-in"]
        form["login"], form["password"] = login or self.login, PASSWORD
        for name, value in fields.items():
            form[name] = value
        return form.submit(status="*")

    def step(self, browser: Any, way: str, given: str) -> Any:
        """Take the second step; return the answer."""
        form = browser.get(f"/login/second?with={way}").forms["second"]
        form[{"passkey": "credential"}.get(way, way)] = given
        return form.submit(status="*")

    def answer(self, browser: Any, key: SoftKey) -> Any:
        """Take the second step by a passkey."""
        page = browser.get("/login/second?with=passkey")
        question = page.html.select_one("[data-question]")["data-question"]
        return self.step(browser, "passkey", key.get(question))

    def alone(self, browser: Any, key: SoftKey, **fields: str) -> Any:
        """Sign in by a passkey alone; return the answer."""
        form = browser.get("/login").forms["passkey"]
        asked = browser.post("/login/passkey", form.submit_fields(), status=200)
        assert asked.content_type == "application/json"
        for name, value in fields.items():
            form[name] = value
        form["credential"] = key.get(json.dumps(asked.json))
        return form.submit(status="*")


@dataclass
class App:
    """An authenticator app, on a phone whose clock may be off by *drift* seconds."""

    kit: Kit
    secret: str
    recovery: Any = ()

    def code(self, drift: float = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.kit.now() + timedelta(seconds=drift))

    def wrong(self) -> str:
        """Return a code that is wrong now, whatever the secret."""
        right = {self.code(drift) for drift in (-60, -30, 0, 30, 60)}
        return next(code for code in map("{:06}".format, range(9)) if code not in right)


def is_in(browser: Any) -> bool:
    """Tell whether *browser* is signed in, by what its page shows."""
    return "/logout" in browser.get("/help").text


def shown(page: Any, selector: str = "code") -> list[str]:
    """Return the texts of the elements that *selector* names."""
    return [re.sub(r"\s", "", one.text) for one in page.html.select(selector)]

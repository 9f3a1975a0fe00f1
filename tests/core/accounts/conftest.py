"""A site whose clock can be moved, and the mails that it has written."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from communicate.interfaces import IClock
from communicate.outbox.mail.file import FileTransport
from communicate.outbox.runner import run_due
from communicate.testing.house import House

PASSWORD = "le tilleul penche vers le canal"


@dataclass
class Time:
    """The clock of a house."""

    house: House

    def move(self, **delta: float) -> None:
        """Move the clock forward."""
        self.house.registry.getUtility(IClock).offset += timedelta(**delta)


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    """Return a site that speaks English."""
    return make_house([], language="en")


@pytest.fixture
def time(house: House) -> Time:
    return Time(house)


@pytest.fixture
def post(house: House) -> "Post":
    return Post(house)


@dataclass
class Post:
    """What the outbox writes."""

    house: House

    def run(self) -> None:
        """Do all work that is due."""
        run_due(self.house.registry)

    def all(self) -> list[EmailMessage]:
        """Do the work that is due, and return every mail, the oldest first."""
        self.run()
        transport = FileTransport(self.house.registry.settings["communicate.outbox"])
        return self.house.work(lambda request: [mail for _, mail in transport.readable(request)])[
            ::-1
        ]

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to *address*."""
        return [mail for mail in self.all() if mail["To"] == address]

    def link(self, address: str) -> str:
        """Return the path of the link in the newest mail to *address*."""
        found = re.search(r"http://localhost(/\S+)", self.to(address)[-1].get_content())
        assert found is not None
        return found[1]


@pytest.fixture
def claire(house: House) -> int:
    return house.member("claire")


@pytest.fixture
def sign_in(house: House) -> Callable[..., Any]:
    """Return what signs a member in by the form and returns the browser."""

    def sign_in(login: str, *, remember: bool = False, browser: Any = None) -> Any:
        browser = browser or house.browser()
        form = browser.get("/login").forms["sign-in"]
        form["login"], form["password"] = login, PASSWORD
        form["remember"] = remember
        answer = form.submit()
        assert answer.status_int == 303, answer.text
        return browser

    return sign_in


def is_in(browser: Any) -> bool:
    """Tell whether *browser* is signed in, by what its page shows."""
    return "/logout" in browser.get("/help").text


def reopen(browser: Any) -> Any:
    """Close *browser* and open it again: cookies without an expiry are gone."""
    browser.cookiejar.clear_session_cookies()
    return browser

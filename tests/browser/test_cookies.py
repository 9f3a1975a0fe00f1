"""A real browser goes over the site: each cookie that it then holds is declared, and true."""

import time
from datetime import timedelta

import pytest

from communicate import duties
from communicate.declarations import Cookie
from communicate.plugins import Plugins
from communicate.testing.cookies import cookie_faults
from communicate.testing.house import PASSWORD

MOST = 15  # pages of one walk
LINKS = "() => [...document.querySelectorAll('a[href]')].map(a => a.pathname + a.search)"


@pytest.fixture(scope="module")
def declared():
    """Return the cookies that core and the plugins of the site declare."""
    plugins = Plugins(duties)
    plugins.add("forums")
    return plugins.gather("communicate_cookies")


class Walk:
    """A window that goes over the site, and all cookies that it was ever given."""

    def __init__(self, page, declared):
        self.page, self.declared = page, declared
        self.seen: set[str] = set()
        self.faults: set[str] = set()

    def look(self):
        """Look at the cookies that the browser holds now."""
        held = self.page.context.cookies()
        self.seen |= {cookie["name"] for cookie in held}
        self.faults |= set(cookie_faults(held, self.declared, time.time()))

    def go(self, start):
        """Open *start* and what it leads to, up to MOST pages."""
        waiting, known = [start], {start}
        while waiting and len(known) < MOST + len(waiting):
            self.page.goto(waiting.pop(0))
            self.look()
            for link in self.page.evaluate(LINKS):
                if link not in known and "image" not in link and "feed" not in link:
                    known.add(link)
                    waiting.append(link)

    def press(self, selector):
        """Press the button that *selector* names."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look()


@pytest.fixture
def walk(windows, site, declared):
    """Return a walk by a browser that has never been here."""
    page = windows.open(site.server.url)
    page.watch.allowed = {400, 403, 404}
    return Walk(page, declared)


class TestWalk:
    def test_a_strangers_cookies_are_declared(self, walk):
        walk.go("/")
        walk.press(".foot button[name=lang]")
        assert walk.faults == set()
        assert {"csrf", "lang"} <= walk.seen

    def test_a_members_are_too(self, walk):
        page = walk.page
        page.goto("/login")
        page.fill("[name=login]", "elsa")
        page.fill("[name=password]", PASSWORD)
        page.check("[name=remember]")
        walk.press("main form button[type=submit]")
        walk.go("/")
        page.goto("/account")
        walk.press("main form button[type=submit]")
        assert walk.faults == set()
        assert {"communicate_session", "communicate_remember"} <= walk.seen
        assert page.evaluate("document.cookie") == ""

    def test_one_that_nobody_declares_is_found(self, walk, site):
        walk.page.context.add_cookies([{"name": "_ga", "value": "1", "url": site.server.url}])
        walk.page.goto("/")
        walk.look()
        assert walk.faults == {"_ga is declared nowhere", "_ga can be read by scripts"}


class TestFaults:
    """What the browser says of a cookie, against what is declared of it."""

    DECLARED = (Cookie("short", ""), Cookie("long", "", timedelta(days=30)))
    MONTH = timedelta(days=30).total_seconds()

    @pytest.mark.parametrize(
        ("name", "expires", "fault"),
        [
            ("short", -1, None),
            ("long", 1000 + MONTH, None),
            ("short", 2000, "outlives the browser"),
            ("long", -1, "goes with the browser"),
            ("long", 1000 + 13 * MONTH, "lives 390 days"),
            ("long", 1000 + MONTH / 2, "lives 15 days"),
            ("other", -1, "is declared nowhere"),
        ],
    )
    def test_are_told(self, name, expires, fault):
        held = [{"name": name, "expires": expires, "httpOnly": True}]
        found = cookie_faults(held, self.DECLARED, 1000.0)
        assert len(found) == bool(fault)
        assert not fault or f"{name} {fault}" in found[0]

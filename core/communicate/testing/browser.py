"""A real browser for tests: the machine's Chromium, driven by Playwright.

It reports what a reader may not notice: errors in the console, what the Content-Security-Policy
blocked, requests that failed, requests to another host. Playwright is a package of the
development extra; the browser is never downloaded.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from communicate.testing.programs import BROWSER, needed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Playwright, Response

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The console repeats what `Watch.answered` judges by the status.
REPEATED = "Failed to load resource: the server responded with a status of"
PATIENCE = 15_000  # ms until a step that does not come fails
PHONE = 600  # CSS pixels
LEFT = "net::ERR_ABORTED"
BLOCKED = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`the policy ${event.violatedDirective} blocked ${event.blockedURI}`))"""
# What a page says of itself in ``window.shifts``: everything that moved after it was seen.
SHIFTS = """window.shifts = [];
new PerformanceObserver(list => {
    for (const one of list.getEntries()) {
        const moved = one.sources.map(source => source.node?.className);
        if (!one.hadRecentInput) window.shifts.push([one.value, moved]);
    }
}).observe({type: "layout-shift", buffered: true});"""


def launch(playwright: "Playwright", path: str) -> "Browser":
    """Return the browser at *path*, started without a window."""
    # Chromium refuses to run as root inside its own sandbox.
    options = [*OPTIONS, *(["--no-sandbox"] if os.getuid() == 0 else [])]
    return playwright.chromium.launch(executable_path=path, args=options)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Yield the browser; skip the test where there is none, fail where one is required."""
    path = needed(*NAMES, variable=BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        yield browser
        browser.close()


class Watch:
    """What goes wrong on the pages of one browser context, as sentences in `faults`.

    A page may be answered with an error where that status is in `allowed`; nothing else may.
    `status` is that of the page asked for last.
    """

    def __init__(self, context: "BrowserContext", origin: str) -> None:
        self.origin = origin
        self.faults: list[str] = []
        self.allowed: set[int] = set()
        self.status = 0
        context.add_init_script(BLOCKED)
        context.on("console", self.said)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self.asked)
        context.on("requestfailed", self.failed)
        context.on("response", self.answered)

    def said(self, message: Any) -> None:
        """Note an error in the console."""
        if message.type == "error" and not message.text.startswith(REPEATED):
            self.faults.append(f"console: {message.text}")

    def asked(self, request: Any) -> None:
        """Note a request that leaves the site."""
        if not request.url.startswith((self.origin, "data:")):
            self.faults.append(f"another host: {request.url}")

    def failed(self, request: Any) -> None:
        """Note a request that got no answer, unless the reader went on before it came."""
        if request.failure != LEFT:
            self.faults.append(f"failed: {request.method} {request.url}: {request.failure}")

    def answered(self, response: "Response") -> None:
        """Note an answer that is an error, unless it is a page and its status is allowed."""
        page = response.request.is_navigation_request()
        if page:
            self.status = response.status
        if response.status >= 400 and not (page and response.status in self.allowed):
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")


class Windows:
    """The windows of one test, each with cookies of its own."""

    def __init__(self, browser: "Browser") -> None:
        self.browser = browser
        self.opened: list[tuple[BrowserContext, Watch]] = []

    def open(
        self, url: str, language: str = "fr", width: int = 1440, scheme: str = "light", **more: Any
    ) -> Any:
        """Return a page of a new window at the site *url*; its `Watch` is ``page.watch``.

        A *width* below 600 pixels is a phone's; *more* goes to Playwright's ``new_context``.
        """
        context = self.browser.new_context(
            base_url=url,
            locale=language,
            viewport={"width": width, "height": 900 if width > PHONE else 844},
            has_touch=width < PHONE,
            **{"color_scheme": scheme, **more},
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch(context, url)
        page: Any = context.new_page()
        page.watch = watch
        self.opened.append((context, watch))
        return page

    def close(self) -> None:
        """Close every window; raise AssertionError where something went wrong in one."""
        faults = [fault for _context, watch in self.opened for fault in watch.faults]
        for context, _watch in self.opened:
            context.close()
        if faults:
            raise AssertionError("\n".join(faults))


@pytest.fixture
def windows(chromium: Any) -> Iterator[Windows]:
    """Yield what opens windows at any site; what goes wrong in one of them fails the test."""
    windows = Windows(chromium)
    yield windows
    windows.close()

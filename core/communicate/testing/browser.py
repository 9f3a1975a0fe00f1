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
# In a frame that runs nothing: what is stopped there is the script by which we watch.
STOPPED = "Blocked script execution in"
PATIENCE = 15_000  # ms until a step that does not come fails
PHONE = 600  # CSS pixels
LEFT = "net::ERR_ABORTED"
MOST_LEFT = 8  # windows that wait for another test
NOTHING_KEPT = ("Network.setCacheDisabled", {"cacheDisabled": True})
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

    def forget(self) -> None:
        """Begin anew, for another test."""
        self.faults.clear()
        self.allowed.clear()
        self.status = 0

    def said(self, message: Any) -> None:
        """Note an error in the console."""
        if message.type == "error" and not message.text.startswith((REPEATED, STOPPED)):
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


class Shelf:
    """Windows that tests have left, ready for tests that want one just like it: a few of them."""

    def __init__(self) -> None:
        self.left: dict[Any, Any] = {}

    def take(self, key: Any) -> Any:
        """Return the page of a window that was left under *key*, None where there is none."""
        return self.left.pop(key, None)

    def put(self, key: Any, page: Any) -> None:
        """Leave the window of *page* under *key*; the one left longest ago makes room for it."""
        page.goto("about:blank")  # a page that asks again and again would ask on without cookies
        page.watch.forget()
        self.left[key] = page
        if len(self.left) > MOST_LEFT:
            self.left.pop(next(iter(self.left))).context.close()


class Windows:
    """The windows of one test, each with cookies of its own."""

    def __init__(self, browser: "Browser", shelf: Shelf | None = None) -> None:
        self.browser = browser
        self.shelf = shelf or Shelf()
        self.opened: list[tuple[BrowserContext, Watch]] = []
        self.taken: list[tuple[Any, Any]] = []

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

    def take(
        self,
        url: str,
        language: str = "fr",
        width: int = 1440,
        scheme: str = "light",
        *,
        script: str = "",
        **more: Any,
    ) -> Any:
        """Return what `open` does, but a window that an earlier test has left where there is one.

        It has no cookies, and asks for every file anew; it takes a fifth of the time.  It is for
        tests that look at pages: what a test adds to a window would stay there.  *script* runs on
        each page before the page's own.
        """
        key = (url, language, width, scheme, script, *sorted(more.items()))
        page = self.shelf.take(key)
        if page is None:
            page = self.open(url, language, width, scheme, **more)
            self.opened.pop()
            page.context.new_cdp_session(page).send(*NOTHING_KEPT)
            if script:
                page.context.add_init_script(script)
            page.first_size = page.viewport_size
        page.context.clear_cookies()
        page.set_viewport_size(page.first_size)
        page.emulate_media(color_scheme=scheme)
        self.taken.append((key, page))
        return page

    def close(self) -> None:
        """Close or leave every window; raise AssertionError where something went wrong in one."""
        watches = [watch for _context, watch in self.opened]
        watches += [page.watch for _key, page in self.taken]
        faults = [fault for watch in watches for fault in watch.faults]
        for context, _watch in self.opened:
            context.close()
        for key, page in self.taken:
            self.shelf.put(key, page)
        if faults:
            raise AssertionError("\n".join(faults))


@pytest.fixture(scope="session")
def shelf(chromium: Any) -> Shelf:
    """Return where tests leave windows for each other while the browser runs."""
    return Shelf()


@pytest.fixture
def windows(chromium: Any, shelf: Shelf) -> Iterator[Windows]:
    """Yield what opens windows at any site; what goes wrong in one of them fails the test."""
    windows = Windows(chromium, shelf)
    yield windows
    windows.close()

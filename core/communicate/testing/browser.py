"""A real browser for tests: the machine's Chromium, driven by Playwright.

It reports what a reader may not notice: errors in the console, what the Content-Security-Policy
blocked, requests that failed, requests to another host. Playwright is a package of the
development extra; the browser is never downloaded.
"""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Playwright, Response

NAMES = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = "COMMUNICATE_REQUIRE_BROWSER"
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
LEFT = "net::ERR_ABORTED"
BLOCKED = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`the policy ${event.violatedDirective} blocked ${event.blockedURI}`))"""


def executable() -> str | None:
    """Return the path of a Chromium of this machine, or None where it has none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def launch(playwright: "Playwright", path: str) -> "Browser":
    """Return the browser at *path*, started without a window."""
    # Chromium refuses to run as root inside its own sandbox.
    options = [*OPTIONS, *(["--no-sandbox"] if os.getuid() == 0 else [])]
    return playwright.chromium.launch(executable_path=path, args=options)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Yield the browser; skip the test where there is none, fail where one is required."""
    path = executable()
    if path is None:
        missing = f"no {', '.join(NAMES)} was found: install one of them"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(missing)
        pytest.skip(missing)
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

"""A page that arrives in pieces, as over a slow line: nothing that was seen moves."""

import http.client
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from communicate.testing.browser import SHIFTS

# Within the member menu: its avatar is there, the name is not.
CUT = b'<span class="tool-name">'
PAUSE = 1.5  # seconds


class Relay(BaseHTTPRequestHandler):
    """Passes requests on to the site, and its pages back in two pieces."""

    origin = ""

    def do_GET(self) -> None:
        """Answer as the site does, with a pause in the middle of the bar on top."""
        site = http.client.HTTPConnection(urlsplit(self.origin).netloc)
        site.request("GET", self.path, headers={"Cookie": self.headers.get("Cookie", "")})
        answer = site.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name in ("Content-Type", "Content-Length", "Cache-Control"):
            self.send_header(name, answer.getheader(name) or "no-store")
        self.end_headers()
        head, cut, rest = body.partition(CUT)
        self.wfile.write(head)
        if cut:
            self.wfile.flush()
            time.sleep(PAUSE)
            self.wfile.write(cut + rest)
        site.close()

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def relay(site: Any) -> Iterator[str]:
    """Return the address of a relay of the site, in a thread of its own."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("OfSite", (Relay,), {"origin": site.server.url})
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class TestTopBar:
    def test_what_was_seen_does_not_move_when_the_rest_arrives(self, windows, site, relay):
        page = windows.open(relay, "fr", width=1440)
        page.context.add_cookies([{**one, "url": relay} for one in site.sessions.of("chloe")])
        page.context.add_init_script(SHIFTS)
        page.goto(f"{relay}/forums")
        assert page.locator(".tool .tool-name").inner_text() == "chloe"
        page.wait_for_timeout(50)
        assert page.evaluate("window.shifts") == []

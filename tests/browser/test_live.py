"""What is new appears on an open page without a reload; where nobody listens, by one."""

import time

import pytest

from communicate.testing.house import PASSWORD, House
from communicate.testing.server import Server, free_port

SOON = 10_000  # ms
BELL = ".tool-notices .count"


def served(folder, **settings):
    """Return a site that is not started yet, with two members."""
    house = House(folder, ["forums"], {})
    for login in ("chloe", "denis"):
        house.member(login)
    house.close()
    return Server(folder, **settings)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A served site whose open pages wait for news."""
    with served(tmp_path_factory.mktemp("live"), live_listen=f"127.0.0.1:{free_port()}") as server:
        yield server


@pytest.fixture(scope="module")
def deaf(tmp_path_factory):
    """A served site where nobody listens."""
    with served(tmp_path_factory.mktemp("deaf")) as server:
        yield server


def calm(windows, server, login="chloe"):
    """Return a page of *login*, signed in, with nothing unread."""
    page = windows.open(server.url)
    page.context.site = server.url
    page.goto("/login")
    page.fill("main [name=login]", login)
    page.fill("main [name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main form button[type=submit] >> nth=0")
    page.goto("/notices")  # one tells of the new browser
    if page.locator(BELL).count():
        with page.expect_navigation():
            page.click("main form button[type=submit] >> nth=0")
    page.goto("/forums")
    assert page.locator(BELL).count() == 0
    return page


def begin(page):
    """Write a topic in a tab of its own, which is closed again; return its address."""
    tab = page.context.new_page()
    tab.goto("/forums/general/new")
    tab.fill("main [name=title]", "Le tilleul")
    tab.fill("main [name=body]", "Il penche.")
    with tab.expect_navigation():
        tab.click("main button[type=submit]:not([name=preview])")
    address = tab.url.removeprefix(page.context.site)
    tab.close()
    return address


def answer(server, topic):
    """Have Denis answer in *topic*, which its author is told of."""
    assert server.client("denis", PASSWORD).submit(topic, body="Oui.").status == 303


class TestBell:
    def test_it_counts_along(self, site, windows):
        page = calm(windows, site)
        topic = begin(page)
        answer(site, topic)
        page.wait_for_selector(BELL, timeout=SOON)
        assert page.locator(BELL).text_content() == "1"
        assert page.locator(".tool-notices .bi-bell-fill").count() == 1
        page.context.new_page().goto(topic)  # where what was told of is seen
        page.wait_for_selector(BELL, state="detached", timeout=SOON)
        assert page.locator(".tool-notices .bi-bell").count() == 1

    @pytest.mark.slow
    def test_tabs_share_one_connection(self, site, windows):
        first = calm(windows, site)
        topic = begin(first)
        sockets = []

        def note(socket):
            sockets.append(socket)

        first.on("websocket", note)
        first.goto("/")
        first.wait_for_timeout(1500)
        assert len(sockets) == 1
        others = [first.context.new_page() for _each in range(2)]
        for other in others:
            other.on("websocket", note)
            other.goto("/forums")
            other.wait_for_timeout(1500)
        answer(site, topic)
        for page in (first, *others):
            page.wait_for_selector(BELL, timeout=SOON)
        assert len(sockets) == 1
        first.close()  # another takes over
        others[1].wait_for_timeout(2500)
        assert len(sockets) == 2
        others[0].goto(topic)
        others[1].wait_for_selector(BELL, state="detached", timeout=SOON)

    @pytest.mark.slow
    def test_what_came_while_the_server_was_away_is_not_missed(self, site, windows):
        page = calm(windows, site)
        topic = begin(page)
        page.wait_for_timeout(1500)
        site.stop()
        site.start()
        answer(site, topic)
        page.wait_for_selector(BELL, timeout=3 * SOON)
        page.watch.faults.clear()  # that it was away is said in the console


class TestDeaf:
    def test_a_page_works_and_asks_for_nothing(self, deaf, windows):
        page = calm(windows, deaf)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        answer(deaf, begin(page))
        page.goto("/")
        page.wait_for_timeout(1500)
        assert asked
        assert not any("/live" in url for url in asked)
        until = time.monotonic() + 10
        while not page.locator(BELL).count():
            assert time.monotonic() < until
            page.reload()

    def test_nothing_more_is_allowed_to_connect(self, deaf):
        policy = deaf.client().ask("GET", "/").headers["content-security-policy"]
        assert "connect-src" not in policy

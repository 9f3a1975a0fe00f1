"""What is new appears on an open page without a reload; where nobody listens, by one."""

import time

import pytest

SOON = 10_000  # ms
BELL = ".tool-notices .count"


@pytest.fixture
def chloe(lively, windows):
    """Return a window of hers, where she is told of what is new, with nothing unread."""
    page = windows.open(lively.server.url)
    page.context.add_cookies(lively.sessions.brought("fr", "chloe"))
    return calm(page)


def calm(page):
    """Return *page*, whose reader has seen all that was told of until now."""
    page.goto("/notices")  # of an earlier test
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
    address = tab.evaluate("location.pathname")
    tab.close()
    return address


def answer(sessions, topic):
    """Have Denis answer in *topic*, which its author is told of."""
    assert sessions.client("denis").submit(topic, body="Oui.").status == 303


class TestMail:
    def test_it_comes_into_an_open_list_and_is_counted(self, lively, chloe):
        page = chloe
        page.goto("/mail")
        send = lively.sessions.client("denis").submit
        for number, subject in enumerate(("La haie", "Les tuteurs"), 1):
            sent = send(
                "/members/denis/mail/write",
                to="chloe@localhost",
                subject=subject,
                body="Elle penche.",
                send="send",
            )
            assert sent.status == 303
            page.wait_for_selector(f".mail-list li:has-text('{subject}')", timeout=3 * SOON)
            count = page.locator(".services a[href='/mail'] .count")
            assert count.text_content().startswith(str(number))


class TestBell:
    def test_it_counts_along(self, lively, chloe):
        page = chloe
        topic = begin(page)
        answer(lively.sessions, topic)
        page.wait_for_selector(BELL, timeout=SOON)
        assert page.locator(BELL).text_content() == "1"
        assert page.locator(".tool-notices .bi-bell-fill").count() == 1
        page.context.new_page().goto(topic)  # where what was told of is seen
        page.wait_for_selector(BELL, state="detached", timeout=SOON)
        assert page.locator(".tool-notices .bi-bell").count() == 1

    @pytest.mark.slow
    def test_tabs_share_one_connection(self, lively, chloe):
        first = chloe
        topic = begin(first)
        sockets = []

        def note(socket):
            sockets.append(socket)

        first.goto("/", wait_until="commit")  # the page before opens no more
        first.on("websocket", note)
        first.wait_for_timeout(1500)
        assert len(sockets) == 1
        others = [first.context.new_page() for _each in range(2)]
        for other in others:
            other.on("websocket", note)
            other.goto("/forums")
            other.wait_for_timeout(1500)
        answer(lively.sessions, topic)
        for page in (first, *others):
            page.wait_for_selector(BELL, timeout=SOON)
        assert len(sockets) == 1
        first.close()  # another takes over
        others[1].wait_for_timeout(2500)
        assert len(sockets) == 2
        others[0].goto(topic)
        others[1].wait_for_selector(BELL, state="detached", timeout=SOON)

    @pytest.mark.slow
    def test_what_came_while_the_server_was_away_is_not_missed(self, lively, chloe):
        page = chloe
        topic = begin(page)
        page.wait_for_timeout(1500)
        lively.server.stop()
        lively.server.start()
        answer(lively.sessions, topic)
        page.wait_for_selector(BELL, timeout=3 * SOON)
        page.watch.faults.clear()  # that it was away is said in the console


class TestDeaf:
    @pytest.mark.slow
    def test_a_page_works_and_asks_for_nothing(self, site, visit):
        page = calm(visit(login="mona"))
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        answer(site.sessions, begin(page))
        page.goto("/")
        page.wait_for_timeout(1500)
        assert asked
        assert not any("/live" in url for url in asked)
        until = time.monotonic() + 10
        while not page.locator(BELL).count():
            assert time.monotonic() < until
            page.reload()

    def test_nothing_more_is_allowed_to_connect(self, site):
        policy = site.server.client().ask("GET", "/").headers["content-security-policy"]
        assert "connect-src" not in policy

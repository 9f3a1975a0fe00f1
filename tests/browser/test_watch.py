"""The net under all these tests holds: what goes wrong on a page is noticed."""

import pytest

from communicate.testing.browser import MOST_LEFT, Shelf, Windows


class TestWatch:
    def test_a_quiet_page_has_no_faults(self, visit):
        page = visit()
        page.goto("/login")
        assert page.watch.faults == []

    def test_everything_else_is_noticed(self, visit):
        page = visit()
        page.goto("/login")
        faults = page.watch.faults
        for script, word in {
            "console.error('oh')": "oh",
            "setTimeout(() => { throw new Error('ah') })": "ah",
            "fetch('/nowhere').then(() => 0)": "404: GET",
            "fetch('https://elsewhere.invalid/').catch(() => 0)": "connect-src",
            "document.body.innerHTML += '<p style=\"color: red\">'": "style-src",
        }.items():
            page.evaluate(script)
            page.wait_for_timeout(50)
            assert any(word in fault for fault in faults), (script, faults)
            faults.clear()

    def test_a_page_that_is_an_error_is_noticed_unless_it_is_expected(self, visit):
        page = visit()
        page.watch.allowed.add(404)
        page.goto("/nowhere")
        assert page.watch.faults == []
        page.watch.allowed.clear()
        page.goto("/nowhere")
        assert page.watch.faults == [f"404: GET {page.url}"]
        page.watch.faults.clear()


class TestLeft:
    """A window that a test has left for others."""

    def test_what_went_wrong_in_it_fails_the_test_and_is_forgotten_with_the_cookies(
        self, chromium, site
    ):
        shelf, url = Shelf(), site.server.url
        first, second = Windows(chromium, shelf), Windows(chromium, shelf)
        page = first.take(url)
        page.context.add_cookies(site.sessions.brought("en", "chloe"))
        page.watch.allowed.add(404)
        page.goto("/nowhere")
        page.evaluate("console.error('oh')")
        page.wait_for_timeout(50)
        with pytest.raises(AssertionError, match="oh"):
            first.close()
        again = second.take(url)
        assert again is page
        assert again.context.cookies() == []
        assert (again.watch.faults, again.watch.allowed, again.watch.status) == ([], set(), 0)
        assert second.take(url) is not page
        second.close()
        for left in list(shelf.left.values()):
            left.context.close()

    @pytest.mark.slow
    def test_there_are_a_few(self, chromium, site):
        shelf = Shelf()
        windows = Windows(chromium, shelf)
        pages = [windows.take(site.server.url, width=400 + n) for n in range(MOST_LEFT + 1)]
        windows.close()
        assert list(shelf.left.values()) == pages[1:]
        assert pages[0].is_closed()
        for left in pages[1:]:
            left.context.close()

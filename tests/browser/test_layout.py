"""How pages lie in the window: at a desk, on a phone, light, dark, with and without motion."""

import gzip
from typing import Any
from urllib.request import urlopen

import pytest

from communicate.testing.browser import SHIFTS

OUTSIDE = """() => [...document.querySelectorAll("body *")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.right > innerWidth + 1 && box.width && !one.closest(".side, .services, .skip");
}).map(one => one.outerHTML.slice(0, 120))"""
CONTROLS = """.btn, .tool, .brand, .bottombar a, .bottombar summary, .form-control, .form-select,
    .menu-list a, .menu-list button, .foot a, .foot button, .side a, .snack button"""
SMALL = """selector => [...document.querySelectorAll(selector)]
    .filter(one => one.checkVisibility())
    .map(one => [one.getBoundingClientRect(), one.outerHTML.slice(0, 120)])
    .filter(([box]) => box.height < 43.5 || box.width < 43.5)
    .map(([box, html]) => `${box.width} x ${box.height}: ${html}`)"""
OURS = """() => performance.getEntriesByType("resource").map(one => one.name)
    .filter(name => /\\.(js|css)$/.test(name) && !name.includes("/static/deform/"))"""
LIMIT = 60_000  # bytes of our own JavaScript and CSS on a page, compressed


@pytest.fixture(scope="session")
def weigh() -> Any:
    """Return what says how many bytes the file at an address has, compressed."""
    known: dict[str, int] = {}

    def size(address: str) -> int:
        if address not in known:
            with urlopen(address) as answer:  # noqa: S310  # the site's own
                known[address] = len(gzip.compress(answer.read()))
        return known[address]

    return size


class TestEveryPage:
    @pytest.mark.parametrize("width", [1440, 390])
    def test_lies_still_within_the_window_and_is_light(self, see, shown, weigh, width):
        page = see(shown, width=width, script=SHIFTS)
        page.wait_for_timeout(50)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate("window.shifts") == []
        assert sum(map(weigh, page.evaluate(OURS))) < LIMIT
        if width == 390:
            assert page.evaluate(SMALL, CONTROLS) == []
        if shown.login:
            self.check_sign_out(page)

    def check_sign_out(self, page: Any) -> None:
        """Look for it behind the login, top right, at the end of the menu."""
        summary = page.locator(".topbar summary.tool")
        box = summary.bounding_box()
        bar = page.locator(".topbar-in").bounding_box()
        assert box["y"] < 60
        assert box["x"] + box["width"] > bar["x"] + bar["width"] - 30
        summary.click()
        last = page.locator(".tools .menu-list :is(a, button)").last
        assert last.inner_text() == "Se déconnecter"
        assert last.is_visible()


class TestPhone:
    def test_the_services_move_to_the_bottom(self, visit):
        page = visit("fr", "chloe", width=390)
        page.goto("/forums")
        assert not page.locator(".services").is_visible()
        bar = page.locator(".bottombar")
        box = bar.bounding_box()
        assert box["y"] + box["height"] == 844
        assert bar.locator("[aria-current=page]").inner_text() == "Forums"

    def test_at_a_desk_they_are_on_top(self, visit):
        page = visit("fr", "chloe")
        page.goto("/forums")
        assert page.locator(".services").is_visible()
        assert not page.locator(".bottombar").is_visible()

    def test_the_current_page_of_the_settings_is_in_view(self, visit):
        page = visit("fr", "chloe", width=390)
        page.goto("/account/erase")
        box = page.locator(".side [aria-current=page]").bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390

    def test_the_menu_fits_beside_the_thumb(self, visit):
        page = visit("fr", "agathe", width=390)
        page.goto("/")
        page.click("summary.tool")
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(SMALL, CONTROLS) == []


def lightness(page: Any) -> float:
    """Return how light the ground of *page* is, from 0 to 255."""
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    parts = [float(part) for part in color.strip("rgb()").split(",")[:3]]
    return sum(parts) / 3


class TestAppearance:
    def test_it_follows_the_system(self, visit):
        page = visit("fr")
        page.goto("/")
        assert lightness(page) > 200
        page.emulate_media(color_scheme="dark")
        assert lightness(page) < 60

    def test_a_member_may_choose_against_it(self, visit):
        page = visit("fr", "elsa")
        page.goto("/forums")
        for choice, dark in (("dark", True), ("light", False), ("auto", False)):
            page.click("summary.tool")
            with page.expect_navigation():
                page.click(f"button[value={choice}]")
            assert page.url.endswith("/forums")
            assert (lightness(page) < 60) is dark
            assert page.get_attribute("html", "data-bs-theme") == (
                None if choice == "auto" else choice
            )


LONGEST = """() => Math.max(...[...document.querySelectorAll("*")].flatMap(one => {
    const style = getComputedStyle(one);
    return [...style.transitionDuration.split(","), ...style.animationDuration.split(",")];
}).map(parseFloat))"""


class TestMotion:
    def test_nothing_takes_longer_than_150_ms(self, visit, site):
        page = visit("fr", "chloe")
        page.goto(site.paths["topic"])
        assert 0 < page.evaluate(LONGEST) <= 0.15

    def test_nothing_moves_for_those_who_ask_for_it(self, visit, site):
        page = visit("fr", "chloe", reduced_motion="reduce")
        page.goto(site.paths["topic"])
        assert page.evaluate(LONGEST) == 0

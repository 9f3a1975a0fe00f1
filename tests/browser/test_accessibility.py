"""Every page, judged by axe-core in both languages, both widths, light and dark; the keyboard."""

from typing import Any

import pytest

# Each width and each scheme in each language, and all four of them in the two together.
LOOKS = {
    "fr": [(1440, "light"), (390, "dark")],
    "en": [(1440, "dark"), (390, "light")],
}


class TestAxe:
    @pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.slow)])
    def test_a_page_breaks_no_rule(self, see, shown, judged, language):
        # A colour that is still on its way to the other scheme has no contrast to speak of.
        page = see(shown, language, reduced_motion="reduce")
        assert page.get_attribute("html", "lang") == language
        for width, scheme in LOOKS[language]:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.evaluate("scrollTo(0, 0)")  # what is half behind the bar on top is not small
            assert judged(page) == [], (width, scheme)

    def test_an_open_menu_breaks_none(self, visit, judged):
        page = visit("fr", "agathe")
        page.goto("/")
        page.click("summary.tool")
        assert judged(page) == []

    def test_what_is_broken_is_found(self, visit, judged):
        page = visit()
        page.goto("/login")
        page.eval_on_selector("main label", "label => label.remove()")
        assert any(found.startswith("label (critical)") for found in judged(page))


def focused(page: Any) -> Any:
    """Return the tag, the text and the ring of what has the focus; an editor has it as a whole."""
    return page.evaluate(
        """() => {
            const one = document.activeElement;
            const ringed = one.matches("textarea") ? one.closest(".editor") ?? one : one;
            const style = getComputedStyle(ringed);
            const box = one.getBoundingClientRect();
            return {tag: one.tagName, css: one.className, id: one.id, name: one.name,
                    text: one.textContent.trim(), shown: box.width > 0 && box.top >= 0,
                    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2};
        }"""
    )


FOCUSABLE = """() => [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary")]
    .filter(one => one.type !== "hidden" && one.tabIndex >= 0)
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .map(one => one.name || one.textContent.trim())"""


class TestKeyboard:
    def test_the_first_stop_leads_to_the_content(self, visit):
        page = visit("fr", "chloe")
        page.goto("/forums")
        page.keyboard.press("Tab")
        first = focused(page)
        assert (first["text"], first["shown"], first["ring"]) == ("Aller au contenu", True, True)
        page.keyboard.press("Enter")
        assert focused(page)["id"] == "content"

    @pytest.mark.parametrize("path", ["/login", "/forums", "topic"])
    def test_tab_stops_at_everything_in_the_order_of_the_page_and_shows_where(
        self, visit, site, path
    ):
        page = visit("fr", None if path == "/login" else "chloe")
        page.goto(site.paths.get(path, path))
        if path == "topic":
            page.wait_for_selector("[role=toolbar]")  # the editor comes when the page is there
        expected = page.evaluate(FOCUSABLE)
        stops = []
        for _stop in expected:
            page.keyboard.press("Tab")
            stop = focused(page)
            stops.append(stop["name"] or stop["text"])
            assert stop["ring"], stop
        assert stops == expected

    def test_a_menu_opens_by_enter_and_closes_by_escape(self, visit):
        page = visit("fr", "chloe")
        page.goto("/")
        page.focus("summary.tool")
        page.keyboard.press("Enter")
        assert page.locator(".tools .menu-list").is_visible()
        page.keyboard.press("Tab")
        assert focused(page)["text"] == "Mon espace"
        page.keyboard.press("Escape")
        assert not page.locator(".tools .menu-list").is_visible()
        assert focused(page)["tag"] == "SUMMARY"

    def test_leaving_a_menu_closes_it(self, visit):
        page = visit("fr", "chloe")
        page.goto("/")
        page.focus("summary.tool")
        page.keyboard.press("Enter")
        page.keyboard.press("Shift+Tab")
        assert not page.locator(".tools .menu-list").is_visible()

    def test_errors_are_told_first_and_lead_to_their_fields(self, visit):
        page = visit("fr")
        page.watch.allowed.add(400)
        page.goto("/join")
        page.focus("main [name=login]")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert]")
        assert focused(page)["css"].startswith("alert")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        stop = focused(page)
        assert stop["name"] == "login"
        field = page.locator("main [name=login]")
        assert field.get_attribute("aria-invalid") == "true"
        said = [f"#{one}" for one in field.get_attribute("aria-describedby").split()]
        assert any("faut" in page.inner_text(one) for one in said)

"""The editor at work: its toolbar, its preview."""

from typing import Any

import pytest

NEW = "/forums/general/new"
BODY = "main [name=body]"


def choose(page: Any, start: int, end: int) -> None:
    """Select the characters from *start* to *end* of what is being written."""
    page.eval_on_selector(
        BODY, "(area, [start, end]) => area.setSelectionRange(start, end)", [start, end]
    )


class TestToolbar:
    @pytest.mark.parametrize(
        ("mark", "made"),
        [
            ("bold", "le **volet** grince"),
            ("italic", "le *volet* grince"),
            ("code", "le `volet` grince"),
            ("heading", "# le volet grince"),
            ("quote", "> le volet grince"),
            ("list", "- le volet grince"),
            ("link", "le [volet](https://) grince"),
        ],
    )
    def test_each_button_puts_its_sign_and_undo_takes_it_back(self, writing, mark, made):
        page = writing
        page.fill(BODY, "le volet grince")
        choose(page, 3, 8)
        page.click(f"[data-mark={mark}]")
        assert page.input_value(BODY) == made
        page.press(BODY, "Control+z")
        assert page.input_value(BODY) == "le volet grince"

    @pytest.mark.parametrize("mark", ["bold", "italic", "code", "heading", "quote", "list"])
    def test_pressed_again_it_takes_the_sign_away(self, writing, mark):
        page = writing
        page.fill(BODY, "un\ndeux")
        choose(page, 3, 7)
        page.click(f"[data-mark={mark}]")
        page.click(f"[data-mark={mark}]")
        assert page.input_value(BODY) == "un\ndeux"

    def test_several_lines_become_a_list_or_a_block_of_code(self, writing):
        page = writing
        page.fill(BODY, "un\ndeux")
        choose(page, 0, 7)
        page.click("[data-mark=list]")
        assert page.input_value(BODY) == "- un\n- deux"
        page.fill(BODY, "un\ndeux")
        choose(page, 0, 7)
        page.click("[data-mark=code]")
        assert page.input_value(BODY) == "```\nun\ndeux\n```"

    def test_an_address_becomes_where_a_link_leads(self, writing):
        page = writing
        page.fill(BODY, "https://jardin.example")
        choose(page, 0, 22)
        page.click("[data-mark=link]")
        page.keyboard.type("le jardin")
        assert page.input_value(BODY) == "[le jardin](https://jardin.example)"

    def test_works_by_the_keyboard_alone(self, writing):
        page = writing
        page.fill(BODY, "mot")
        page.press(BODY, "Control+a")
        page.press(BODY, "Control+b")
        assert page.input_value(BODY) == "**mot**"
        page.press(BODY, "Shift+Tab")
        named = "document.activeElement.dataset.mark"
        assert page.evaluate(named) == "bold"
        page.keyboard.press("ArrowRight")
        assert page.evaluate(named) == "italic"
        page.keyboard.press("End")
        assert page.evaluate(named) == page.locator("[data-mark]").last.get_attribute("data-mark")


class TestWithoutScripts:
    def test_no_dead_button_is_shown_and_the_preview_works(self, visit):
        page = visit("fr", "elsa", java_script_enabled=False)
        page.goto(NEW)
        assert page.locator("[data-mark]").count() == 0
        page.fill("main [name=title]", "Sans script")
        page.fill(BODY, "**vu**")
        with page.expect_navigation():
            page.click("main [name=preview]")
        assert page.inner_text("#preview strong") == "vu"
        assert page.input_value(BODY).strip() == "**vu**"
        page.click(".marks-help summary")
        assert page.locator(".marks-help dl").is_visible()


@pytest.fixture
def writing(visit):
    """Return a window with an empty form for a topic."""
    page = visit("fr", "elsa")
    page.goto(NEW)
    page.wait_for_selector(".editor-bar")
    return page

"""The search box: the key that leads to it, on wide screens and on phones, and what it finds."""


def test_slash_leads_to_the_box_and_words_are_found(visit):
    page = visit(width=1440)
    page.goto("/forums")
    page.keyboard.press("/")
    page.keyboard.type("composteur")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".finds mark").first.inner_text().lower() == "composteur"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "words"


def test_slash_is_a_letter_where_something_is_typed(visit):
    page = visit(width=1440)
    page.goto("/search")
    page.fill("#words", "")
    page.focus("#words")
    page.keyboard.type("a/b")
    assert page.input_value("#words") == "a/b"


def test_on_a_phone_there_is_a_button(visit):
    page = visit(width=390)
    page.goto("/forums")
    with page.expect_navigation():
        page.locator(".tool-search").click()
    page.fill("#words", "composteur")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".finds li").count() > 0
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390

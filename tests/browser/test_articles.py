"""An article in a real browser, in both languages: from a draft to everybody, with comments."""

import pytest

from .articles import WASHED as TEXT

WORDS = {
    "fr": {
        "title": "Le pont tournant",
        "draft": "Un brouillon",
        "later": "Programmé pour",
        "undo": "Annuler",
        "comment": "Et le dimanche ?",
    },
    "en": {
        "title": "The swing bridge",
        "draft": "A draft",
        "later": "Scheduled for",
        "undo": "Undo",
        "comment": "And on Sundays?",
    },
}
LOOKS = [{"width": 1440, "scheme": "light"}, {"width": 390, "scheme": "dark"}]


def press(page, selector):
    """Press what *selector* names, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.parametrize("lang", ["fr", pytest.param("en", marks=pytest.mark.slow)])
def test_from_a_draft_to_everybody_with_comments(visit, lang):
    said = WORDS[lang]
    author = visit(lang, "anouk")
    author.goto("/articles")
    press(author, "main a[href='/articles/write']")
    author.fill("main [name=title]", said["title"])
    author.fill("main [name=text]", TEXT)
    author.wait_for_selector("#preview .long h2 >> nth=2")  # it follows what is typed
    press(author, "main [name=go_on]")
    author.goto(author.url.removesuffix("/publish"))
    path = author.evaluate("location.pathname")
    assert said["draft"] in author.inner_text("main")
    press(author, "main a[href$='/publish']")
    author.check("main [name=visible][value=public]")
    author.check("main [name='visible.sure']")
    press(author, "main [name=publish]")
    assert author.evaluate("location.pathname") == path

    stranger = visit(lang)
    stranger.goto(path)
    assert stranger.inner_text("h1") == said["title"]
    assert stranger.locator(".long .c-k").count() > 0
    press(stranger, f"nav a[href$='/articles'], main a[href='{path.rpartition('/')[0]}']")

    reader = visit(lang, "basile", width=390)
    reader.goto(path)
    reader.fill("main textarea", said["comment"])
    press(reader, "main form:has(textarea) button[type=submit] >> nth=0")
    assert said["comment"] in reader.inner_text("main")

    author.goto(path)
    assert said["comment"] in author.inner_text("main")
    author.click("article header details summary")
    press(author, "form[action$='/delete'] button")
    stranger.watch.allowed |= {403, 404}
    stranger.goto(path)
    assert said["title"] not in stranger.inner_text("main")
    press(author, f"button:has-text('{said['undo']}')")
    assert author.inner_text("h1") == said["title"]


def test_without_scripts_it_is_written_previewed_and_scheduled(visit):
    author = visit("fr", "anouk", java_script_enabled=False)
    author.goto("/articles/write")
    author.fill("main [name=title]", "Demain")
    author.fill("main [name=text]", TEXT)
    press(author, "main [name=preview]")
    assert author.locator("#preview .long h2").count() == 3
    press(author, "main [name=go_on]")
    author.fill("main [name=day]", "2030-01-02")
    author.fill("main [name=hour]", "08:30")
    press(author, "main [name=publish]")
    assert WORDS["fr"]["later"] in author.inner_text("main")
    assert "Demain" not in visit("fr", "basile").inner_text("body")


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("", "basile"),
        *(
            pytest.param(name, "anouk", marks=pytest.mark.slow)
            for name in ("", "/edit", "/draft", "/versions", "/translations")
        ),
    ],
)
@pytest.mark.parametrize("look", LOOKS, ids=["wide", "phone"])
def test_a_page_breaks_no_rule_and_fits(visit, site, judged, name, login, look):
    page = visit("fr", login, **look, reduced_motion="reduce")
    page.goto(f"{site.paths['lavoir']}{name}")
    assert page.locator("h1").count() == 1
    if name == "/versions":
        press(page, "main li a.btn")
    assert judged(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/articles/write",
        "/articles/drafts",
        "/articles",
        "/account/articles",
        "/account/articles/upload",
    ],
)
def test_a_page_of_ones_own_breaks_no_rule(visit, judged, path):
    page = visit("en", "anouk", reduced_motion="reduce")
    page.goto(path)
    assert judged(page) == []

"""The editor at work: its toolbar, its preview, and the draft that outlives the browser."""

import re
import subprocess
from contextlib import contextmanager
from typing import Any

import pytest

from communicate.testing.browser import NAMES, OPTIONS, Windows
from communicate.testing.programs import BROWSER, needed

NEW = "/forums/general/new"
BODY = "main [name=body]"


def choose(page: Any, start: int, end: int) -> None:
    """Select the characters from *start* to *end* of what is being written."""
    page.eval_on_selector(
        BODY, "(area, [start, end]) => area.setSelectionRange(start, end)", [start, end]
    )


@contextmanager
def mortal(chromium: Any, folder: Any) -> Any:
    """Yield the process of a browser that may be killed, and its browser."""
    program = needed(*NAMES, variable=BROWSER)
    options = [*OPTIONS, "--headless", "--no-sandbox", "--remote-debugging-port=0"]
    process = subprocess.Popen(
        [program, *options, f"--user-data-dir={folder}", "about:blank"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for line in process.stderr:
            found = re.search(r"ws://\S+", line)
            if found:
                break
        yield process, chromium.browser_type.connect_over_cdp(found[0])
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def signed_in(browser: Any, site: Any, login: str, language: str) -> Any:
    """Return a window of *browser* in which *login* is signed in."""
    context = browser.new_context(base_url=site.server.url, locale=language)
    context.add_cookies([{"name": "lang", "value": language, "url": site.server.url}])
    context.add_cookies(site.sessions.of(login))
    return context.new_page()


def saved(page: Any) -> None:
    """Wait until the form says that the draft is saved."""
    page.wait_for_function(
        "() => /\\d\\d:\\d\\d/.test(document.querySelector('.draft [data-said]').textContent)"
    )


class TestDraft:
    @pytest.mark.slow
    @pytest.mark.parametrize(("language", "login"), [("fr", "gaelle"), ("en", "hugo")])
    def test_kill_the_browser_while_writing_and_the_words_are_there(
        self, chromium, visit, site, tmp_path, language, login
    ):
        words = "Le tilleul penche **vers le canal**.\n\n- un\n- deux"
        with mortal(chromium, tmp_path / "profile") as (process, browser):
            page = signed_in(browser, site, login, language)
            page.goto(NEW)
            page.wait_for_selector(".editor-bar")
            page.fill("main [name=title]", "Le tilleul")
            page.fill(BODY, words)
            saved(page)
            process.kill()  # SIGKILL: nothing is said on the way out
            process.wait()
        page = visit(language, login)
        page.goto(NEW)
        assert page.input_value("main [name=title]") == "Le tilleul"
        assert page.input_value(BODY).strip() == words
        line = page.inner_text(".draft [data-said]")
        assert ("Brouillon enregistré" if language == "fr" else "Draft saved") in line
        with page.expect_navigation():
            page.click(".draft button")
        assert page.input_value(BODY).strip() == ""

    def test_what_is_sent_leaves_no_draft_even_at_once(self, visit):
        page = visit("fr", "elsa")
        page.goto(NEW)
        page.wait_for_selector(".editor-bar")
        page.fill("main [name=title]", "Vite")
        page.fill(BODY, "écrit")
        with page.expect_navigation():
            page.click("main [name=post]")
        page.goto("/account/drafts")
        assert page.locator("main .rows .row-title").all_inner_texts() == []

    def test_leaving_the_page_keeps_what_was_typed_just_before(self, visit):
        page = visit("fr", "farid")
        page.goto(NEW)
        page.wait_for_selector(".editor-bar")
        page.fill(BODY, "juste avant")
        page.goto("/help")
        page.goto("/account/drafts")
        for _try in range(20):  # it may still be on its way
            if page.locator("main .rows").count():
                break
            page.wait_for_timeout(250)
            page.reload()
        assert page.inner_text("main .rows .row-title") == "juste avant"

    @pytest.mark.slow
    def test_two_windows_on_one_form_the_last_words_win_whole(self, visit):
        pages = [visit("fr", "ines"), visit("fr", "ines")]
        for page in pages:
            page.goto(NEW)
            page.wait_for_selector(".editor-bar")
        for number, page in enumerate(pages):
            page.fill(BODY, f"fenêtre {number} " * 50)
            saved(page)
        third = visit("fr", "ines")
        third.goto(NEW)
        assert third.input_value(BODY).strip() == ("fenêtre 1 " * 50).strip()

    @pytest.mark.slow
    def test_a_session_that_ended_is_told_of_and_the_words_stay(self, chromium, site):
        page = signed_in(chromium, site, "bruno", "fr")
        page.goto(NEW)
        page.wait_for_selector(".editor-bar")
        page.context.clear_cookies()
        page.fill(BODY, "rien ne se perd")
        page.wait_for_selector(".draft[data-lost]")
        assert page.input_value(BODY) == "rien ne se perd"
        page.context.close()


PASTE = """async (area) => {
    const canvas = document.createElement("canvas");
    canvas.width = 60; canvas.height = 40;
    canvas.getContext("2d").fillRect(0, 0, 60, 40);
    const picture = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const data = new DataTransfer();
    data.items.add(new File([picture], "serre.png", { type: "image/png" }));
    area.focus();
    const given = { clipboardData: data, bubbles: true, cancelable: true };
    area.dispatchEvent(new ClipboardEvent("paste", given));
}"""


class TestAttaching:
    def test_a_picture_is_pasted_previewed_and_sent(self, visit, judged):
        page = visit("fr", "elsa")
        page.goto(NEW)
        page.wait_for_selector(".editor-bar")
        page.fill("main [name=title]", "La serre")
        page.fill(BODY, "La voici :")
        page.eval_on_selector(BODY, PASTE)
        page.wait_for_selector(".attached-files li")
        assert "![serre.webp](attachment:" in page.input_value(BODY)
        page.click("main [name=preview]")
        shown = page.wait_for_selector("#preview img")
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 60
        assert judged(page) == []
        with page.expect_navigation():
            page.click("main [name=post]")
        shown = page.wait_for_selector(".post-body img")
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 60
        assert judged(page) == []

    def test_files_by_the_button_and_what_cannot_be_taken_is_said(self, visit):
        page = visit("en", "elsa")
        page.goto(NEW)
        page.wait_for_selector(".editor-bar")
        assert not page.locator(".attach-plain").is_visible()
        with page.expect_file_chooser() as chosen:
            page.click("[data-attach]")
        files = [("plan.pdf", b"%PDF-1.4 x"), ("notes.txt", b"bonjour")]
        chosen.value.set_files(
            [{"name": name, "mimeType": "", "buffer": data} for name, data in files]
        )
        page.wait_for_selector(".attached-files li >> nth=1")
        assert "[notes.txt](attachment:" in page.input_value(BODY)


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

    def test_works_by_the_keyboard_alone(self, visit):
        page = visit("fr", "elsa")  # where no button has been used yet: Tab goes to the first
        page.goto(NEW)
        page.wait_for_selector(".editor-bar")
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
        last = page.locator(".editor-bar button").last
        assert last.evaluate("button => button === document.activeElement")


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


@pytest.fixture(scope="module")
def form(chromium, site):
    """Yield a window with a form for a topic, for all tests of the toolbar."""
    windows = Windows(chromium)
    page = windows.open(site.server.url, "fr")
    page.context.add_cookies(site.sessions.brought("fr", "elsa"))
    page.goto(NEW)
    page.wait_for_selector(".editor-bar")
    yield page
    windows.close()


@pytest.fixture
def writing(form):
    """Yield that window, the form empty again."""
    form.fill(BODY, "")
    yield form
    assert form.watch.faults == []

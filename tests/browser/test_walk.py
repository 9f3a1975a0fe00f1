"""People at work in a browser: joining, writing, moderating, looking after their account."""

import re
import time
from typing import Any

import pytest

from communicate.testing.house import PASSWORD
from communicate.testing.server import Server

OTHER = "un vélo bleu sous la halle"  # a password
BODY = "Qui a **la clé** ?\n\n<script>document.title = 'pris'</script>"


def link_to(server: Server, address: str, path: str) -> str:
    """Return the link in the newest mail to *address*, once it has come."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        shown = server.run("outbox", "show", "--to", address)
        found = re.search(rf"{re.escape(server.url)}({path}\S+)", shown)
        if found:
            return found[1]
        time.sleep(0.2)
    raise AssertionError(f"no mail to {address}: {server.log()}")


def press(page: Any, selector: str) -> None:
    """Press what *selector* names, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def write(page: Any, button: str = "post", **typed: str) -> None:
    """Fill in the fields of the page's form and press *button*."""
    for name, words in typed.items():
        page.fill(f"main [name={name}]", words)
    press(page, f"main button[name={button}]")


def sign_in(page: Any, login: str, password: str = PASSWORD, *, remember: bool = False) -> None:
    """Open a session by hand."""
    page.goto("/login")
    if remember:
        page.check("main [name=remember]")
    write(page, "enter", login=login, password=password)
    assert page.inner_text(".tool-name") == login


def sign_out(page: Any) -> None:
    """Press the last entry of the menu behind the login."""
    page.click("summary.tool")
    press(page, ".tools .menu-list form:last-child button")
    assert page.locator(".tools a[href='/login']").is_visible()


class Newcomer:
    """Somebody who joins and writes, with or without scripts."""

    def __init__(self, page: Any, server: Server, login: str, *, scripts: bool) -> None:
        self.page, self.server, self.scripts = page, server, scripts
        self.login, self.address = login, f"{login}@example.org"

    def join(self) -> None:
        """Ask for an account; the browser works for it where it can."""
        page = self.page
        page.goto("/join")
        page.check("main [name=terms]")
        if self.scripts:
            page.wait_for_selector("[data-proof=done]", timeout=60_000)
        with page.expect_request(lambda asked: asked.method == "POST") as sent:
            write(page, "join", login=self.login, email=self.address, password=PASSWORD)
        assert ("proof=" in sent.value.post_data) is self.scripts
        assert page.url.endswith("/join?sent=1")
        assert page.locator("[role=status]").is_visible()

    def confirm(self) -> None:
        """Open the link of the mail, press its button, and sign in."""
        page = self.page
        page.goto(link_to(self.server, self.address, "/confirm"))
        assert self.login in page.inner_text("main")
        press(page, "main button")
        assert page.input_value("main [name=login]") == self.login
        write(page, "enter", password=PASSWORD)
        assert page.inner_text(".tool-name") == self.login

    def open_topic(self) -> None:
        """Look at a preview first."""
        page = self.page
        page.goto("/forums/general")
        press(page, ".head a[href$='/new']")
        page.fill("main [name=title]", "Le composteur")
        page.fill("main [name=body]", BODY)
        page.click("main button[name=preview]")
        page.wait_for_selector("#preview strong")
        assert page.input_value("main [name=body]").split() == BODY.split()
        press(page, "main button[name=post]")
        assert page.inner_text("h1") == "Le composteur"
        assert page.inner_text("article strong") == "la clé"
        assert page.title().startswith("Le composteur")

    def reply(self) -> None:
        """Add a post, and change it."""
        page = self.page
        write(page, body="Moi, le mercredi.")
        assert (
            page.locator("article").last.locator(".post-body").inner_text() == "Moi, le mercredi."
        )
        before = page.locator(".post-head span.when").count()
        with page.expect_navigation():
            page.locator("article").last.locator("a[href$='/edit']").click()
        write(page, body="Moi, le samedi.")
        last = page.locator("article").last
        assert last.locator(".post-body").inner_text() == "Moi, le samedi."
        assert page.locator(".post-head span.when").count() == before + 1

    def delete(self, *, undo: bool) -> None:
        """Delete the last post; take it back once."""
        page = self.page
        with page.expect_navigation():
            page.locator("article").last.locator("button[name=delete]").click()
        assert page.locator("article.post-gone").count() == 1
        assert "samedi" not in page.inner_text("main")
        assert page.locator(".snack[role=status]").is_visible()
        if undo:
            press(page, ".snack button")
            assert page.locator("article.post-gone").count() == 0
            assert "samedi" in page.inner_text("main")

    def walk(self) -> None:
        """Do all of it, in the order of a first visit."""
        self.join()
        self.confirm()
        self.open_topic()
        self.reply()
        self.delete(undo=True)
        self.delete(undo=False)
        sign_out(self.page)
        self.page.goto("/forums/general")
        assert "Le composteur" in self.page.inner_text("main")


class TestNewcomer:
    @pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.slow)])
    def test_from_joining_to_signing_out(self, visit, site, language):
        page = visit(language)
        Newcomer(page, site.server, f"mona.{language}", scripts=True).walk()
        assert page.get_attribute("html", "lang") == language

    @pytest.mark.slow
    def test_without_scripts_all_of_it_works_too(self, visit, site):
        page = visit("fr", width=390, java_script_enabled=False)
        Newcomer(page, site.server, "nolwenn", scripts=False).walk()


class TestFirstOperator:
    def test_the_printed_link_makes_one_who_makes_a_forum(self, windows, tmp_path):
        with Server(tmp_path / "site", mode="development") as server:
            page = windows.open(server.url)
            link = re.search(r"\S+/first-operator\S+", server.log())
            page.goto(link[0])
            write(page, "make", login="odile", email="odile@example.org", password=PASSWORD)
            write(page, "enter", password=PASSWORD)
            page.click("summary.tool")
            press(page, ".tools a[href='/operate']")
            assert page.inner_text("h1") == "Exploitation"
            page.goto("/forums/manage")
            write(page, "add", name="velos", title="Vélos")
            assert page.inner_text("h1") == "Vélos"
            assert page.locator(".alert-good").is_visible()
            page.watch.allowed.add(404)
            page.goto(link[0])
            assert page.locator(".alert-warn").is_visible()


def act(page: Any, selector: str, *, where: str = ".head") -> None:
    """Open the menu in *where*, and press what *selector* names in it."""
    page.locator(f"{where} details.menu > summary").first.click()
    press(page, f"{where} .menu-list {selector}")


def select(page: Any, words: str, post: int) -> None:
    """Select *words* in the body of the post with that index."""
    page.locator(".post-body").nth(post).evaluate(
        """(body, words) => {
            const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                const start = texts.currentNode.data.indexOf(words);
                if (start < 0) continue;
                getSelection().setBaseAndExtent(
                    texts.currentNode, start, texts.currentNode, start + words.length);
                return;
            }
        }""",
        words,
    )


class TestQuoting:
    def test_what_is_selected_is_quoted_even_behind_a_quote(self, visit, site):
        author = site.server.client("denis", PASSWORD)
        made = author.submit("/forums/general/new", title="À citer", body="Un **été** 🌻 doux.")
        path = made.headers["location"].partition("#")[0]
        page = visit("fr", "elsa")
        page.goto(path)
        select(page, "🌻 doux", 0)
        page.click("[data-quote]")
        page.keyboard.type("Oui, le jasmin fleurit.")
        press(page, "#reply button[name=post]")
        assert page.inner_text(".quoted p") == "🌻 doux"
        select(page, "jasmin", 1)
        page.locator("[data-quote]").last.click()
        press(page, "#reply button[name=post]")
        assert page.locator(".quoted p").last.inner_text() == "jasmin"


class TestModerator:
    @pytest.mark.slow
    def test_pins_locks_and_hides(self, visit, site):
        author = site.server.client("denis", PASSWORD)
        made = author.submit("/forums/general/new", title="À vérifier", body="Une rumeur.")
        path = made.headers["location"].partition("#")[0]
        page, stranger = visit("fr", "bruno"), visit("fr")
        page.goto(path)
        act(page, "button[value=pin]")
        act(page, "button[value=lock]")
        stranger.goto("/forums/general")
        row = stranger.locator(".rows li", has_text="À vérifier")
        assert row.locator(".tag").all_inner_texts() == ["épinglé", "verrouillé"]
        act(page, "a[href$='/hide']", where="article")
        write(page, "hide", reason="À vérifier d’abord")
        stranger.goto(path)
        assert "rumeur" not in stranger.inner_text("main")
        act(page, "a[href$='/hide']")
        write(page, "hide", reason="Rien de sûr")
        stranger.watch.allowed.add(404)
        assert stranger.goto(path).status == 404
        act(page, "button[value=show]")
        assert stranger.goto(path).status == 200


class TestMember:
    @pytest.mark.slow
    def test_changes_the_password(self, visit):
        page, elsewhere = visit("en"), visit("en")
        sign_in(page, "karine")
        sign_in(elsewhere, "karine")
        page.goto("/account/password")
        page.fill("main [name=present]", PASSWORD)
        write(page, "save", password=OTHER)
        assert page.locator(".alert-good").is_visible()
        elsewhere.watch.allowed.add(403)
        assert elsewhere.goto("/account").status == 403
        sign_out(page)
        sign_in(page, "karine", OTHER)

    @pytest.mark.slow
    def test_lists_sessions_and_ends_another(self, visit):
        page, elsewhere = visit("fr"), visit("fr")
        sign_in(elsewhere, "lou")
        sign_in(page, "lou")
        page.goto("/account/sessions")
        rows = page.locator("main .rows li")
        assert rows.count() == 2
        assert rows.first.locator(".tag").inner_text() == "celle-ci"
        assert "Chrom" in rows.first.locator("strong").inner_text()
        press(page, "main button[name=end]")
        assert rows.count() == 1
        elsewhere.goto("/")
        assert elsewhere.locator(".tools a[href='/login']").is_visible()

    @pytest.mark.parametrize("remember", [True, False])
    def test_is_known_again_after_the_browser_was_closed_only_if_asked(self, visit, remember):
        page, reopened = visit("fr"), visit("fr")
        sign_in(page, "ines", remember=remember)
        kept = [cookie for cookie in page.context.cookies() if cookie["expires"] > 0]
        reopened.context.add_cookies(kept)
        reopened.goto("/forums")
        assert reopened.locator(".tool-name", has_text="ines").count() == int(remember)
        assert reopened.locator(".tools a[href='/login']").count() == int(not remember)

    def test_erases_the_account(self, visit, site):
        page = visit("fr")
        sign_in(page, "jules")
        page.goto("/forums/general/new")
        write(page, title="Au revoir", body="Je pars.")
        path = page.url
        page.goto("/account/erase")
        write(page, "erase", present=PASSWORD)
        assert page.locator(".tools a[href='/login']").is_visible()
        page.watch.allowed |= {400, 404}
        assert page.goto("/members/jules").status == 404
        until = time.monotonic() + 30
        while "Je pars" in (page.goto(path) and page.inner_text("main")):
            assert time.monotonic() < until
        page.goto("/login")
        write(page, "enter", login="jules", password=PASSWORD)
        assert page.locator("main .alert-bad").is_visible()

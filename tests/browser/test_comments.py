"""A space with approval: its owner reads what is said there before others do."""

from typing import Any

import pytest

WORDS = {
    "fr": {
        "waits": "Votre commentaire attend",
        "home": "1 commentaire attend votre accord",
        "shown": "Le commentaire est visible",
        "blocked": "est bloqué",
        "none": "Personne n’a encore commenté",
    },
    "en": {
        "waits": "Your comment waits",
        "home": "1 comment waits for your approval",
        "shown": "The comment is shown",
        "blocked": "is blocked",
        "none": "Nobody has commented yet",
    },
}
WALKS = [
    pytest.param("fr", "farid", "hugo", "gaelle", True, id="fr"),
    pytest.param("en", "gaelle", "elsa", "farid", True, id="en", marks=pytest.mark.slow),
    pytest.param("fr", "elsa", "farid", "denis", False, id="plain", marks=pytest.mark.slow),
]


def press(page: Any, selector: str) -> None:
    """Press what *selector* names, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def write(page: Any, words: str) -> None:
    """Send *words* by the form of comments."""
    page.fill("#comment [name=body]", words)
    press(page, "#comment button[name=post]")


class TestSpaceWithApproval:
    @pytest.mark.slow
    @pytest.mark.parametrize(("language", "owner", "guest", "third", "scripts"), WALKS)
    def test_walk(
        self, visit: Any, language: str, owner: str, guest: str, third: str, scripts: bool
    ) -> None:
        said, space = WORDS[language], f"/members/{owner}"
        look = {"java_script_enabled": scripts}
        host, writer, reader = (visit(language, who, **look) for who in (owner, guest, third))
        self.open(host)
        writer.goto(space)
        write(writer, "Quel **beau** jardin")
        assert said["waits"] in writer.inner_text("main")
        assert "Quel beau jardin" in writer.inner_text("main")
        reader.goto(space)
        assert "jardin" not in reader.inner_text("#comments")
        host.goto("/")
        assert said["home"] in host.inner_text("main")
        press(host, "main a[href$='/waiting']")
        assert "Quel beau jardin" in host.inner_text("main")
        press(host, "main button[value=approve]")
        assert said["shown"] in host.inner_text("body")
        reader.goto(space)
        assert "Quel beau jardin" in reader.inner_text("#comments")
        self.delete_and_undo(host, space)
        self.block(host, space, said["blocked"])
        reader.goto(space)
        assert "Quel beau jardin" not in reader.inner_text("#comments")
        assert said["none"] in reader.inner_text("#comments")
        writer.watch.allowed.add(404)
        assert writer.goto(f"{space}/comments").status == 404

    def open(self, page: Any) -> None:
        """Let members read and comment, after approval."""
        page.goto("/account/comments")
        form = page.locator("form:has([name=readers])")
        form.locator("[name=readers][value=members]").check()
        form.locator("[name=who][value=members]").check()
        form.locator("[name=approval]").check()
        press(page, "form:has([name=readers]) button[name=save]")

    def delete_and_undo(self, page: Any, space: str) -> None:
        """Delete the comment, and think again within ten seconds."""
        page.goto(space)
        press(page, "#comments form[action$='/delete'] button")
        assert "Quel beau jardin" not in page.inner_text("main")
        press(page, ".snack button")
        assert "Quel beau jardin" in page.inner_text("main")

    def block(self, page: Any, space: str, said: str) -> None:
        """Block who wrote it, from the comment."""
        page.goto(space)
        page.locator("#comments .post .menu summary").first.click()
        press(page, "#comments form[action='/contacts'] button[value=block]")
        assert said in page.inner_text("body")

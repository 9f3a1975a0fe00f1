"""A member fills a space, says who sees what, and looks at it as others do."""

from typing import Any

import pytest

from .conftest import drawn


def press(page: Any, selector: str) -> None:
    """Press what *selector* names, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def add(page: Any, kind: str, **typed: str) -> None:
    """Add an element of *kind*, for nobody else as yet."""
    page.select_option("#kind", kind)
    press(page, "form[action$='/add'] button")
    for name, value in typed.items():
        page.fill(f"#element [name={name}]", value)
    press(page, "#element button[name=save]")


class TestSpace:
    @pytest.mark.parametrize("scripts", [True, False])
    def test_from_empty_to_seen_as_a_stranger(self, visit: Any, scripts: bool) -> None:
        login = "elsa" if scripts else "hugo"
        page = visit("fr", login, java_script_enabled=scripts)
        page.goto(f"/members/{login}")
        assert "Votre espace est vide" in page.inner_text("main")
        add(page, "name", value="Elsa Martin")
        assert page.inner_text("h1") == "Elsa Martin"
        self.send_picture(page)
        self.show_to_everyone(page, scripts=scripts)
        self.correct(page, scripts=scripts)
        press(page, f"a[href='/members/{login}?as=stranger']")
        assert "une personne sans compte" in page.inner_text("main [role=status]")
        assert page.inner_text("h1") == "Elsa Martin-Duval"
        assert page.locator("main .head img").count() == 0
        press(page, "main [role=status] a")
        assert page.locator("main .head img").count() == 1

    def send_picture(self, page: Any) -> None:
        page.select_option("#kind", "picture")
        press(page, "form[action$='/add'] button")
        file = {"name": "moi.jpg", "mimeType": "image/jpeg", "buffer": drawn(600, 400).read()}
        page.set_input_files("#element [name=picture]", file)
        page.check("#element [name=beside]")
        press(page, "#element button[name=save]")
        width = page.eval_on_selector("main .head img", "image => image.naturalWidth")
        assert width == 512
        assert page.locator(".tools img.av").count() == 1  # one sees one's own everywhere

    def show_to_everyone(self, page: Any, *, scripts: bool) -> None:
        badge = page.locator("#elements").locator("xpath=../..").locator("button.aud").first
        if scripts:
            badge.click()
            page.wait_for_selector("dialog.picker")
        else:
            with page.expect_navigation():
                badge.click()
        page.check("form.form [name=visible][value=public]")
        page.check("form.form [name='visible.sure']")
        press(page, "form.form button[name=save]")
        assert "Tout le monde" in page.inner_text(".fields li >> nth=0")

    def correct(self, page: Any, *, scripts: bool) -> None:
        if scripts:
            page.locator("a[data-edit]").first.click()
            page.wait_for_selector(".editing #element")
        else:
            press(page, "a[data-edit]")
        page.fill("#element [name=value]", "Elsa Martin-Duval")
        press(page, "#element button[name=save]")
        assert page.inner_text("h1") == "Elsa Martin-Duval"

"""From a request to a shared thing and back, in the browser: two people, two windows."""

import re

import pytest

RADIO = "dialog.picker input[value={}]"


@pytest.fixture
def elsa(visit):
    return visit("en", "elsa")


@pytest.fixture
def farid(visit):
    return visit("fr", "farid")


class TestWalk:
    def test_ask_accept_sort_show_remove(self, visit, site, elsa, farid):
        elsa.goto("/members/farid")
        elsa.click("text=Add to my contacts")
        elsa.fill("[name=note]", "Du cours de greffe")
        elsa.click("text=Send the request")
        elsa.wait_for_selector("text=Request sent")

        farid.goto("/")
        farid.click("summary.tool")
        farid.click("a[href='/contacts']")
        assert "Du cours de greffe" in farid.inner_text("main")
        farid.click("main button:has-text('Accepter')")
        farid.wait_for_selector("text=elsa fait maintenant partie de vos contacts.")

        farid.fill("#new-circle", "Greffe")
        farid.click("text=Créer")
        row = farid.locator(".rows > li", has_text="elsa")
        row.locator("summary").click()
        row.get_by_label("Greffe").check()
        row.get_by_role("button", name="Enregistrer").click()
        farid.wait_for_selector(".tag:has-text('Greffe')")

        self.say(farid, "place", "Kerbihan")
        elsa.goto("/members/farid")
        assert "Kerbihan" not in elsa.inner_text("main")
        self.show_to_circle(farid)
        elsa.reload()
        assert "Kerbihan" in elsa.inner_text("main")
        assert "Greffe" not in elsa.content()

        farid.goto("/contacts")
        row = farid.locator(".rows > li", has_text="elsa")
        row.locator("summary").click()
        row.get_by_role("button", name="Retirer de vos contacts").click()
        farid.wait_for_selector(".snack")
        elsa.reload()
        assert "Kerbihan" not in elsa.inner_text("main")

        farid.click(".snack button")
        farid.wait_for_selector("text=Tout est comme avant.")
        elsa.reload()
        assert "Kerbihan" in elsa.inner_text("main")

    def say(self, page, kind, words):
        """Put something into one's space; it is private at first."""
        page.goto(f"/members/farid/add?kind={kind}")
        page.fill("main [name=value]", words)
        page.click("main form.form button[type=submit] >> nth=0")
        page.wait_for_url(re.compile("/members/farid"))

    def show_to_circle(self, page):
        """Choose the circle in the picker, in place, by the keyboard alone."""
        page.goto("/members/farid")
        badge = page.locator("button.aud.is-private").first
        badge.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog.picker[open]")
        assert page.evaluate("document.activeElement.value") == "private"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.focus("dialog [role=combobox]")
        page.keyboard.type("gref")
        page.wait_for_selector("[role=option]")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.is_checked("dialog input[type=checkbox][name$=circles]")
        page.click("dialog button:has-text('Enregistrer')")
        page.wait_for_selector("button.aud.is-chosen:has-text('Greffe')")


class TestPicker:
    def open(self, page):
        """Open the picker of the number of Chloé's contacts, in place."""
        page.goto("/members/chloe")
        page.click("button.aud.is-chosen")
        page.wait_for_selector("dialog.picker[open]")

    def test_names_are_completed_and_are_tokens(self, visit):
        page = visit("fr", "chloe")
        self.open(page)
        assert page.inner_text("dialog .token").strip() == "elsa"
        entry = page.locator("dialog [role=combobox]")
        entry.press_sequentially("far")
        page.wait_for_selector("[role=option]:has-text('farid')")
        page.click("[role=option]:has-text('farid')")
        entry.press_sequentially("bruno,")
        assert [one.strip() for one in page.locator("dialog .token").all_inner_texts()] == [
            "elsa",
            "farid",
            "bruno",
        ]
        page.get_by_role("button", name="Retirer farid").click()
        value = page.locator("dialog [name='visible.people']").input_value()
        assert value == "elsa, bruno"

    def test_escape_closes_it_and_gives_the_focus_back(self, visit, judged_here):
        page = visit("fr", "chloe")
        self.open(page)
        assert judged_here(page) == []
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog.picker", state="detached")
        assert "is-chosen" in page.evaluate("document.activeElement.className")

    def test_without_scripts_the_badge_leads_to_the_page(self, visit, site):
        page = visit("fr", "chloe", java_script_enabled=False)
        page.goto("/members/chloe")
        page.click("button.aud.is-chosen")
        assert page.url.partition("?")[0].endswith("/audience")
        assert page.locator("[name='visible.people']").input_value() == "elsa"
        assert page.is_checked("input[name=visible][value=chosen]")
        page.click("main form.form button[type=submit]")
        assert page.url.endswith("/members/chloe")


@pytest.fixture
def judged_here():
    """Return what says which rules of axe a page breaks."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    return lambda page: [rule["id"] for rule in axe.run(page).response["violations"]]

"""The page of sharing, and that of links, in a dialog over the list of a folder or a file."""

import pytest

from . import test_disk
from .test_disk import HOME, row, ticked

site, page = test_disk.site, test_disk.page  # a site of its own, and Chloé on the folder


def share_of(page, name):
    """Open the menu of a row, and return its "Share"."""
    menu = row(page, name).locator("details.menu")
    menu.locator("summary").click()
    return menu.locator("a[data-share]")


def opened(page):
    """Return the dialog once it shows something."""
    page.wait_for_selector("dialog[open] [data-sharing]")
    return page.locator("dialog[open]")


def choose(dialog, who, level):
    dialog.locator(f"[name={who}][value={level}]").check()


def gone(page):
    page.wait_for_selector("dialog", state="detached")


def badge(page, name):
    return row(page, name).locator(".aud")


def says(shown):
    """Return the words of a badge, without those for who hears it."""
    return shown.inner_text().splitlines()[-1]


HAS_FOCUS = "one => one === document.activeElement"


class TestDialog:
    @pytest.mark.parametrize("width", [1440, 390])
    def test_says_what_counts_and_the_list_behind_follows(self, page, site, judged, width):
        page.set_viewport_size({"width": width, "height": 844})
        name, address = f"Serre {0 if width == 390 else 1}.jpg", page.url
        assert says(badge(page, name)) == "Moi seul"
        share_of(page, name).click()
        dialog = opened(page)
        assert name in dialog.locator("h2").inner_text()
        assert dialog.locator("h2").evaluate(HAS_FOCUS)
        assert dialog.locator(".breadcrumb, h1").count() == 0
        page.emulate_media(reduced_motion="reduce")
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            assert judged(page) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = dialog.bounding_box()
        if width == 390:  # a sheet at the bottom
            assert (box["x"], box["width"]) == (0, 390)
            assert box["y"] + box["height"] == pytest.approx(844, abs=1)
            assert box["y"] > 50
        else:
            assert box["x"] + box["width"] / 2 == pytest.approx(width / 2, abs=10)

        choose(dialog, "see", "chosen")
        with page.expect_response(lambda answer: answer.status == 400):
            dialog.locator("[name=share]").click()
        error = dialog.locator(".alert-bad")
        error.wait_for()
        assert error.evaluate(HAS_FOCUS)
        assert dialog.locator("[name=see][value=chosen]").is_checked()
        error.locator("a").first.click()  # leads to the field, in the dialog
        assert page.evaluate("document.activeElement.name").startswith("see")
        assert page.url == address
        page.watch.faults.clear()  # the answer that says so is a 400

        choose(dialog, "see", "members")
        choose(dialog, "change", "chosen")
        people = dialog.locator(".picker-more:has([name='change.people']) [role=combobox]")
        people.fill("denis")
        people.press("Enter")
        assert dialog.locator(".token").inner_text() == "denis"
        dialog.locator("[name=share]").click()
        dialog.locator(".alert-good").wait_for()
        change = dialog.locator(".picker-more:has([name='change.people'])")
        assert change.locator(".token").inner_text() == "denis"
        assert says(dialog.locator("aside .aud")) == "Membres"
        dialog.locator("[data-close]").click()
        gone(page)
        badge(page, name).filter(has_text="Membres").wait_for()
        assert says(badge(page, "Serre 2.jpg")) == "Moi seul"
        assert row(page, name).locator("summary").evaluate(HAS_FOCUS)
        assert page.url == address

    def test_by_the_keyboard_down_to_a_link(self, page, site):
        page.context.grant_permissions(["clipboard-write"])
        address = page.url
        row(page, "Serre 2.jpg").locator("summary").focus()
        page.keyboard.press("Enter")
        share = row(page, "Serre 2.jpg").locator("a[data-share]")
        share.focus()
        page.keyboard.press("Enter")
        dialog = opened(page)
        dialog.locator("aside a[data-share]").focus()
        page.keyboard.press("Enter")
        make = dialog.locator("[name=make]")
        make.focus()
        page.keyboard.press("Enter")
        made = dialog.locator("#new-link")
        made.wait_for()
        assert made.evaluate(HAS_FOCUS)
        assert made.input_value().startswith(f"{site.server.url}/disk/link?key=")
        copy = dialog.locator("[data-copy]")
        copy.click()
        copy.filter(has_text="Copié").wait_for()
        dialog.locator("form[action$=end-link] button").click()
        dialog.locator(".empty").wait_for()
        assert dialog.locator(".alert-good").evaluate(HAS_FOCUS)
        page.keyboard.press("Escape")
        gone(page)
        assert row(page, "Serre 2.jpg").locator("summary").evaluate(HAS_FOCUS)
        assert page.url == address
        assert ticked(page) == []

    def test_of_the_folder_and_of_a_file_closes_by_a_click_outside(self, page):
        page.locator(".head details.menu summary").click()
        page.locator(".head a[data-share]").click()
        dialog = opened(page)
        choose(dialog, "see", "contacts")
        dialog.locator("[name=share]").click()
        dialog.locator(".alert-good").wait_for()
        page.mouse.click(5, 5)
        gone(page)
        page.locator(".head .aud", has_text="Mes contacts").wait_for()
        assert page.locator("[data-new-files]").inner_text().endswith("les voit.")
        page.get_by_role("link", name="Serre 2.jpg", exact=True).click()
        page.wait_for_selector(".disk-preview img")
        address, share = page.url, page.locator(".head a[data-share]")
        share.click()
        dialog = opened(page)
        choose(dialog, "see", "private")
        dialog.locator("[name=share]").click()
        dialog.locator("form[action$=inherit] button").click()
        dialog.locator("form[action$=inherit]").wait_for(state="detached")
        page.keyboard.press("Escape")  # of the dialog: it does not lead to the folder
        gone(page)
        assert share.evaluate(HAS_FOCUS)
        assert page.url == address
        assert says(page.locator(".head .aud")) == "Mes contacts"

    def test_where_it_fails_the_page_itself_comes(self, page, site):
        share = share_of(page, "Devis")
        address = share.evaluate("link => link.href")
        page.route("**/share", lambda route: route.abort(), times=1)
        with page.expect_navigation(url=address):
            share.click()
        assert page.locator("main h1").is_visible()
        page.goto(f"{HOME}/{site.folder}")
        share_of(page, "Devis").click()
        dialog = opened(page)
        choose(dialog, "see", "members")
        page.route("**/share", lambda route: route.fulfill(status=503), times=1)
        with page.expect_navigation():  # what was chosen is sent as the page sends it
            dialog.locator("[name=share]").click()
        assert says(page.locator(".head .aud")) == "Membres"
        page.watch.faults.clear()  # what was made to fail

    def test_where_a_session_has_ended_the_page_says_so(self, page):
        share = share_of(page, "Devis")
        page.context.clear_cookies()
        with page.expect_navigation(url="**/share"):
            share.click()
        assert page.watch.status == 403  # the page that asks for a sign-in
        assert page.locator("dialog").count() == 0
        page.watch.faults.clear()

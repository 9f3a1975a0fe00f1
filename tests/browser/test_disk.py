"""The page of a folder under the hands: ticks, moving by dragging, renaming, looking through."""

import io

import pytest

from communicate.interfaces import IMembers
from communicate.testing.house import PASSWORD, House
from communicate.testing.server import Server
from communicate_vdisk.interfaces import IDisk, ILinks

from .conftest import drawn

HOME = "/members/chloe/disk"
FILES = {"Consignes d’hiver.txt": "Couvrir les semis.", "Inventaire.md": "- bêche\n- râteau"}


class Site:
    """A served site with the disk of Chloé."""

    def __init__(self, folder):
        house = House(folder, ["vdisk"], {})
        self.uid = house.member("chloe")
        house.member("denis")
        self.secret, self.locked = house.work(self.furnish)
        house.run_jobs()
        house.close()
        self.server = Server(folder, "vdisk").start()

    def furnish(self, request):
        service = request.find_service(IDisk)
        uid = request.find_service(IMembers).by_login("chloe").uid
        disk = service.disk(uid)
        self.folder = service.make_folder(disk, "Jardin", uid).__name__
        garden = service.find(service.child(disk, "Jardin").id)
        for name in ("Devis", "Photos"):
            service.make_folder(garden, name, uid)
        for name, text in FILES.items():
            service.add_file(garden, name, io.BytesIO(text.encode()), uid)
        for number in range(3):
            picture = drawn(900, 600 + number)
            service.add_file(garden, f"Serre {number}.jpg", picture, uid)
        links = request.find_service(ILinks)
        return links.make(garden), links.make(garden, most=3, password="sept choux verts à midi")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    served = Site(tmp_path_factory.mktemp("disk"))
    yield served
    served.server.stop()


@pytest.fixture
def page(windows, site):
    """Return a page of Chloé, signed in, on the folder."""
    page = windows.open(site.server.url)
    page.goto("/login")
    page.fill("main [name=login]", "chloe")
    page.fill("main [name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main form button[type=submit] >> nth=0")
    page.goto(f"{HOME}/{site.folder}")
    return page


def row(page, name):
    return page.locator("[data-item]", has=page.get_by_role("link", name=name, exact=True))


def ticked(page):
    return page.locator("[data-item]:has([name=item]:checked) a[data-open]").all_inner_texts()


class TestTicks:
    def test_with_the_mouse_and_with_the_keyboard(self, page):
        row(page, "Serre 0.jpg").locator("td").nth(1).click()
        assert ticked(page) == ["Serre 0.jpg"]
        row(page, "Serre 2.jpg").locator("td").nth(1).click(modifiers=["Shift"])
        assert ticked(page) == ["Serre 0.jpg", "Serre 1.jpg", "Serre 2.jpg"]
        row(page, "Devis").locator("td").nth(1).click(modifiers=["Control"])
        assert ticked(page)[0] == "Devis"
        assert page.locator("[data-acts] [role=status]").inner_text().endswith("4")
        page.locator("a[data-open]").first.focus()
        page.keyboard.press("Escape")
        assert ticked(page) == []
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.keyboard.press("Shift+ArrowDown")
        assert ticked(page) == ["Photos", "Consignes d’hiver.txt"]
        page.keyboard.press("Control+a")
        assert len(ticked(page)) == 7


class TestMoving:
    def test_what_is_dragged_onto_a_folder_is_in_it_and_back_by_the_way_up(self, page, site):
        source, target = row(page, "Inventaire.md"), row(page, "Devis")
        with page.expect_navigation():
            source.drag_to(target)
        assert row(page, "Inventaire.md").count() == 0
        page.get_by_role("link", name="Devis", exact=True).click()
        page.wait_for_selector("[data-item]")
        with page.expect_navigation():
            row(page, "Inventaire.md").drag_to(page.locator(".breadcrumb a").last)
        page.goto(f"{HOME}/{site.folder}")
        assert row(page, "Inventaire.md").count() == 1

    def test_several_are_thrown_away_by_a_key_and_come_back_by_undo(self, page):
        row(page, "Serre 0.jpg").locator("td").nth(1).click()
        row(page, "Serre 1.jpg").locator("td").nth(1).click(modifiers=["Control"])
        page.locator("a[data-open]").first.focus()
        with page.expect_navigation():
            page.keyboard.press("Delete")
        assert row(page, "Serre 0.jpg").count() == row(page, "Serre 1.jpg").count() == 0
        with page.expect_navigation():
            page.locator("[data-undo] button").click()
        assert row(page, "Serre 0.jpg").count() == row(page, "Serre 1.jpg").count() == 1


class TestRenaming:
    def test_where_it_stands(self, page):
        row(page, "Photos").locator("a[data-open]").focus()
        page.keyboard.press("F2")
        field = page.locator("[data-item] input.form-control")
        field.fill("Devis")
        field.press("Enter")
        page.wait_for_selector("[data-item] [role=alert]:not(:empty)")
        assert "Devis" in page.locator("[data-item] [role=alert]").inner_text()
        page.watch.faults.clear()  # the answer that says so is a 400
        field.fill("Images")
        with page.expect_navigation():
            field.press("Enter")
        assert row(page, "Images").count() == 1


class TestLooking:
    def test_through_a_folder_by_the_arrows(self, page):
        page.get_by_role("link", name="Serre 0.jpg", exact=True).click()
        page.wait_for_selector(".disk-preview img")
        width = page.locator(".disk-preview img").evaluate("image => image.naturalWidth")
        assert width == 900
        with page.expect_navigation():
            page.keyboard.press("ArrowRight")
        assert page.locator("h1").inner_text() == "Serre 1.jpg"
        with page.expect_navigation():
            page.keyboard.press("ArrowLeft")
        with page.expect_navigation():
            page.keyboard.press("Escape")
        assert page.locator("h1").inner_text() == "Jardin"

    def test_pictures_are_small_in_the_grid(self, page, site):
        page.goto(f"{HOME}/{site.folder}?view=grid")
        images = page.locator(".disk-grid img")
        images.first.scroll_into_view_if_needed()
        page.wait_for_function("[...document.images].every(one => one.complete)")
        assert images.count() == 3
        assert images.first.evaluate("image => image.naturalWidth") == 320
        assert images.first.get_attribute("src").endswith("/small")

    def test_what_one_keeps_is_found_from_the_disk(self, page):
        page.fill(".disk-search [name=q]", "semis")
        with page.expect_navigation():
            page.press(".disk-search [name=q]", "Enter")
        assert "Consignes d’hiver.txt" in page.locator("main").inner_text()


def furnished(site):
    """Return the addresses of the pages about folders, files and links."""
    base = f"{HOME}/{site.folder}"
    return [
        *(base, f"{base}?view=grid", f"{base}/links", f"{HOME}/links", f"{base}/share"),
        *(f"/disk/link?key={site.secret}", f"/disk/link?key={site.locked}"),
    ]


class TestPages:
    @pytest.mark.parametrize("width", [1440, 390])
    def test_break_no_rule(self, page, site, judged, width):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(reduced_motion="reduce")
        for address in furnished(site):
            page.goto(address)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert judged(page) == [], (address, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


class TestLink:
    def test_shows_a_stranger_the_folder_on_a_phone(self, windows, site):
        page = windows.open(site.server.url, width=390)
        page.goto(f"/disk/link?key={site.secret}")
        page.get_by_role("link", name="Serre 2.jpg", exact=True).click()
        page.wait_for_selector(".disk-preview img")
        assert page.locator(".disk-preview img").evaluate("image => image.naturalWidth") > 300
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        # That of the forms at the foot of every page is the only one.
        assert {cookie["name"] for cookie in page.context.cookies()} <= {"csrf"}

"""Files that are sent with progress, held, and go on after a reload and a dead server."""

import os
import time

import pytest

from communicate.testing.house import PASSWORD, House
from communicate.testing.server import Server

HOME = "/members/ines/disk"
MIB = 2**20
# What a drop of files from outside brings; the browser gives no entries for it.
DROP = """(names) => {
    const data = new DataTransfer();
    for (const name of names) data.items.add(new File([`Bonjour ${name}`], name));
    const target = document.querySelector("main");
    for (const type of ["dragover", "drop"]) {
        const given = {dataTransfer: data, bubbles: true, cancelable: true};
        target.dispatchEvent(new DragEvent(type, given));
    }
}"""
# A folder as the browser's own entries give it: files and folders within.
FOLDER = """() => {
    const read = (name) => (done) => done(new File(["Bonjour"], name));
    const file = (name) => ({isFile: true, name, file: read(name)});
    const folder = (name, entries) => ({isFile: false, name, createReader: () => {
        const parts = [entries, []];
        return {readEntries: (done) => done(parts.shift())};
    }});
    const inner = [folder("Semis", [file("liste.txt")]), folder("Vide", [])];
    const entry = folder("Jardin", [file("plan.txt"), ...inner]);
    const data = {types: ["Files"], items: [{webkitGetAsEntry: () => entry}], files: []};
    const drop = new Event("drop", {bubbles: true, cancelable: true});
    drop.dataTransfer = data;
    document.querySelector("main").dispatchEvent(drop);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("uploads")
    house = House(folder, ["vdisk"], {})
    house.member("ines")
    house.close()
    with Server(folder, "vdisk", **{"vdisk.part": "8 MB", "threads": 4}) as server:
        yield server


@pytest.fixture
def page(windows, site):
    """Return the page of the disk of ines, signed in, in French."""
    page = windows.open(site.url)
    page.goto("/login")
    page.fill("[name=login]", "ines")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    page.goto("/disk")
    if page.query_selector("form[action='/disk/begin']"):
        with page.expect_navigation():
            page.click("form[action='/disk/begin'] button")
    page.goto(HOME)
    return page


def listed(page):
    return page.locator("[data-listing] .row-title").all_inner_texts()


def slow(page, rate):
    """Let the browser send *rate* bytes a second."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    said = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": rate}
    session.send("Network.emulateNetworkConditions", said)
    return session


def choose(page, *paths):
    """Choose files by the button of the page."""
    with page.expect_file_chooser() as chooser:
        page.click("[data-choose=files]")
    chooser.value.set_files([str(path) for path in paths])


def download(page, name):
    address = page.locator("[data-listing] .row-title", has_text=name).get_attribute("href")
    return page.context.request.get(f"{address}/download").body()


def offsets(page):
    """Return the list to which the place of each part is added that the browser sends."""
    found = []

    def asked(request):
        if request.method == "PATCH":
            found.append(int(request.headers["upload-offset"]))

    page.on("request", asked)
    return found


class TestDropping:
    def test_files_and_folders_that_are_dropped_are_there(self, page):
        page.evaluate(DROP, ["a.txt", "b.txt"])
        page.wait_for_selector("[data-listing] .row-title >> text=b.txt")
        assert page.locator(".tray .text-good").all_inner_texts() == ["Envoyé", "Envoyé"]
        assert "Envoyés" in page.inner_text(".tray header")
        assert "Envoyé" in page.inner_text(".tray [role=status]")
        assert download(page, "a.txt") == b"Bonjour a.txt"
        page.evaluate(FOLDER)
        page.locator("[data-listing] .row-title", has_text="Jardin").click()
        page.wait_for_selector("[data-listing] .row-title >> text=plan.txt")
        assert listed(page) == ["Semis", "Vide", "plan.txt"]
        page.locator("[data-listing] .row-title", has_text="Semis").click()
        page.wait_for_selector("[data-listing] .row-title >> text=liste.txt")

    def test_the_button_chooses_files_and_the_keyboard_reaches_the_tray(self, page, tmp_path):
        (tmp_path / "choisi.txt").write_text("Bonjour")
        choose(page, tmp_path / "choisi.txt")
        page.wait_for_selector("[data-listing] .row-title >> text=choisi.txt")
        button = page.locator(".tray [data-stop]")
        assert button.get_attribute("aria-label") == "Retirer «\xa0choisi.txt\xa0» de la liste"
        button.focus()
        page.keyboard.press("Enter")
        assert page.locator(".tray li").count() == 0
        assert page.evaluate("document.activeElement.id") == "tray-title"
        row = page.locator("[data-item]", has_text="choisi.txt")
        row.locator("[name=item]").check()  # the list that came meanwhile is under the hands, too
        assert row.get_attribute("draggable") == "true"

    def test_what_is_refused_says_why(self, page):
        page.evaluate(DROP, ["a\u202eb.txt"])
        page.wait_for_selector(".tray .text-bad")
        assert "caractère" in page.inner_text(".tray .text-bad")
        assert "caractère" in page.inner_text(".tray [role=status]")
        page.watch.faults = [fault for fault in page.watch.faults if "400: POST" not in fault]


class TestGoingOn:
    def test_after_a_pause_a_dead_server_and_a_reload(self, page, site, tmp_path):
        data = os.urandom(30 * MIB + 12345)
        (tmp_path / "film.mkv").write_bytes(data)
        sent = offsets(page)
        network = slow(page, 12 * MIB)
        choose(page, tmp_path / "film.mkv")
        self.wait_for(lambda: len(sent) > 1)
        assert 0 < page.evaluate("document.querySelector('.tray progress').value") < len(data)
        assert " sur " in page.inner_text(".tray [data-state]")
        assert "film.mkv" not in listed(page)

        page.click(".tray [data-hold]")
        assert page.inner_text(".tray [data-state]") == "Suspendu"
        held = len(sent)
        page.wait_for_timeout(500)
        assert len(sent) == held
        page.click(".tray [data-on]")
        self.wait_for(lambda: len(sent) > held)

        site.kill()
        page.wait_for_selector(".tray [data-state] >> text=ne répond pas")
        site.start()
        killed = len(sent)
        self.wait_for(lambda: len(sent) > killed)
        assert sent[killed] >= 8 * MIB  # what was confirmed is not sent again

        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        item = page.locator(".tray [data-upload]")
        assert item.get_attribute("data-name") == "film.mkv"
        assert "film.mkv" not in listed(page)
        with page.expect_file_chooser() as chooser:
            item.locator("button").first.click()
        (tmp_path / "autre.mkv").write_bytes(b"x")
        chooser.value.set_files(str(tmp_path / "autre.mkv"))
        page.wait_for_selector(".tray >> text=C’est un autre fichier")
        network = slow(page, -1)
        reloaded = len(sent)
        choose(page, tmp_path / "film.mkv")
        page.wait_for_selector("[data-listing] .row-title >> text=film.mkv")
        assert min(sent[reloaded:]) >= 8 * MIB
        assert page.locator(".tray li").count() == 1
        assert download(page, "film.mkv") == data
        # Of a server that is killed each request fails in the words of the moment.
        page.watch.faults = [fault for fault in page.watch.faults if "net::ERR_" not in fault]
        network.detach()

    def wait_for(self, condition):
        until = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < until
            self.page.wait_for_timeout(50)

    @pytest.fixture(autouse=True)
    def _page(self, page):
        self.page = page

    def test_what_is_cancelled_is_gone(self, page, tmp_path):
        (tmp_path / "trop.mkv").write_bytes(bytes(20 * MIB))
        sent = offsets(page)
        slow(page, 6 * MIB)
        choose(page, tmp_path / "trop.mkv")
        self.wait_for(lambda: len(sent) > 0)
        with page.expect_response(lambda answer: answer.request.method == "DELETE"):
            page.click(".tray [data-stop]")
        page.goto("/disk/uploads")
        assert "est arrivé" in page.inner_text("main")

"""The third-party plugin: every hook is heard, and switching it off or uninstalling it is safe."""

import pytest

from communicate import hookspecs
from communicate.catalog.reindex import reindex
from communicate.cli.tree import build
from communicate.demo import running
from communicate.erasure.plugins import BatchReceipt, ErasedMember
from communicate.interfaces import IAppPasswords, IAuthored, IPlugins
from communicate.mydata.importing import bring_back
from communicate.testing import kit
from communicate.testing.archives import exported
from communicate.testing.house import PASSWORD

WORDS = "Le tilleul fleurit"
LINES = ("Une belle maison.", "Merci de l’accueil.", "We will be back.")
PROVISIONAL = {
    "communicate_purposes": {},
    "communicate_help": {},
    "communicate_space_blocks": {"member": None, "request": None},
}


@pytest.fixture
def house(sample, make_house):
    """Return a site in whose guest book Inès left a line; Ada looks after it."""
    house = make_house(["forums", "sample"])
    house.member("ada", "operators")
    house.ines = house.member("ines")
    form = kit.form_with(house.browser("ines").get("/guestbook"), "words")
    form["words"] = WORDS
    form.submit("sign").follow()
    return house


def plugins(house):
    """Return the plugins of *house*."""
    return house.registry.getUtility(IPlugins)


def row(house, name):
    """Return the words of the plugin's line on the operators' page."""
    page = house.browser("ada").get("/operate/plugins").html
    return next(tr.get_text(" ", strip=True) for tr in page.select("tr") if name in tr.get_text())


class TestHooks:
    def test_the_sample_answers_every_one(self, house):
        module = plugins(house).manager.get_plugin("sample")
        named = {name for name in vars(hookspecs) if name.startswith("communicate_")}
        assert {name for name in named if hasattr(module, name)} == named

    @pytest.mark.parametrize("hook", PROVISIONAL)
    def test_core_collects_what_is_provisional(self, house, hook):
        answers = dict(plugins(house).duty(hook, **PROVISIONAL[hook]))
        module = plugins(house).manager.get_plugin("sample")
        asked = getattr(module, hook)(**PROVISIONAL[hook])
        # Some hold functions that are made anew for each answer: compare what they are called.
        assert list(map(named, answers["sample"])) == list(map(named, asked))

    def test_storage_is_counted(self, house):
        def ask(request):
            member = ErasedMember(house.ines, request)
            return plugins(house).call("sample", "communicate_storage_use", member=member)

        assert house.work(ask) == 0

    def test_an_archive_that_was_read_signs_the_book_again(self, house, tmp_path):
        first = exported(house, "ines")
        (tmp_path / "ines.zip").write_bytes(first.data)
        house.member("copy")
        assert (
            bring_back(house.registry, tmp_path / "ines.zip", "copy").restored["sample/note"] == 1
        )
        texts = [note["text"] for note in exported(house, "copy").records("sample", "note")]
        assert texts == [WORDS]

    def test_an_archive_has_what_its_member_left(self, house):
        assert [note["text"] for note in exported(house, "ines").records("sample", "note")] == [
            WORDS
        ]
        assert exported(house, "ada").records("sample", "note") == []

    def test_an_erasure_finds_what_its_member_left(self, house):
        def erase(request):
            member = ErasedMember(house.ines, request)
            plugins(house).call(
                "sample", "communicate_erase", member=member, receipt=BatchReceipt()
            )

        house.work(erase)
        assert house.work(lambda request: list(request.site["guestbook"])) == []
        assert house.work(lambda request: request.find_service(IAuthored).totals()) == {}

    def test_its_kind_is_indexed_anew(self, house):
        done = reindex(house.registry)
        assert (done.items["sample.note"], done.failed) == (1, {})

    def test_it_has_its_part_in_a_demo(self, house):
        running.make(house.registry, 4, 1, lambda _line: None)
        page = house.browser().get("/guestbook")
        assert sum(page.text.count(line) for line in LINES) == 3

    def test_its_command_is_there(self, house):
        assert "hello" in build(plugins(house)).commands["sample"].commands

    def test_members_make_app_passwords_for_its_scope(self, house):
        browser = house.browser("ines")
        form = browser.get("/account/app-passwords").forms["app-password"]
        form["title"], form["present"], form["scope-guestbook"] = "Un lecteur", PASSWORD, True
        page = form.submit().follow()
        secret = page.html.select_one("code.secret").text
        assert "Signer le livre d’or" in page.html.select_one(".rows .meta").text

        def ask(request, scope="guestbook"):
            found = request.find_service(IAppPasswords).verify_gateway("ines", secret, scope)
            return found and found.login

        assert house.work(ask) == "ines"
        assert house.work(lambda request: ask(request, "forums")) is None


def named(declared):
    """Return class and name of a declaration."""
    return type(declared), getattr(declared, "name", None) or declared.kind


class TestSwitching:
    def test_disabled_its_data_are_hidden_and_counted_and_come_back(self, house):
        house.reboot(["forums"])
        house.browser().get("/guestbook", status=404)
        assert row(house, "sample").split()[-2:] == ["/guestbook", "1"]
        house.reboot(["forums", "sample"])
        assert WORDS in house.browser().get("/guestbook")

    def test_uninstalled_too(self, house, sample):
        house.close()
        sample.uninstall()
        house.boot(["forums"])
        house.browser().get("/guestbook", status=404)
        house.browser().get("/forums", status=200)
        assert row(house, "sample").split()[-2:] == ["/guestbook", "1"]
        assert reindex(house.registry).failed == {}
        (kept,) = exported(house, "ines").records("sample", "kept")
        assert kept["sealed"] == {"words": WORDS}
        assert exported(house, "ada").records("sample", "kept") == []
        assert "Ce service est arrêté" in house.browser("ines").get("/account/privacy")
        house.close()
        sample.install()
        house.boot(["forums", "sample"])
        assert WORDS in house.browser().get("/guestbook")

    def test_its_settings_are_kept_unread(self, house):
        house.reboot(["forums"], **{"sample.notes": "not a number"})
        house.browser().get("/forums", status=200)

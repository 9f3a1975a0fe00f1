"""One door for every plugin, built-in or not: what goes through it, and what a failure costs."""

import logging
import shutil
from base64 import b64encode

import pytest

from communicate.cli.tree import build
from communicate.hookspecs import hookimpl
from communicate.interfaces import IPlugins
from communicate.plugins import PluginFailed
from communicate.settings import BadSettings
from communicate.testing import kit

WORDS = "Le tilleul fleurit"
#: What becomes of the guest book's views once its author has made a mistake.
LATE = {
    "cannot be imported": "raise RuntimeError('half done')",
    "end the process": "raise SystemExit(3)",
    "cannot be configured": (
        "from pyramid.view import view_config\n"
        "@view_config(name='x', nonsense=1)\n"
        "def x(context, request): return {}\n"
    ),
}


def sign(house, words=WORDS):
    """Leave a line in the guest book of *house* as Inès."""
    form = kit.form_with(house.browser("ines").get("/guestbook"), "words")
    form["words"] = words
    form.submit("sign", status=303)


@pytest.fixture
def house(sample, make_house):
    """Return a site with a built-in and a third-party plugin, both of them in use."""
    house = make_house(["forums", "sample"])
    house.member("ada", "operators")
    house.member("ines")
    sign(house)
    form = kit.form_with(house.browser("ines").get("/forums/general/new"), "title")
    form["title"], form["body"] = "Un sujet", "Son texte"
    form.submit("post", status=303)
    return house


class TestUse:
    @pytest.mark.parametrize("plugin", ["forums", "sample"])
    def test_what_is_stored_is_declared_and_core_holds_none_of_it(self, house, plugin):
        assert f"communicate_{plugin}" in {record.package for record in kit.records(house)}
        assert kit.undeclared_classes(house, plugin) == []
        assert kit.intruders(house) == []

    @pytest.mark.parametrize("hook", ["communicate_mounts", "communicate_jobs"])
    def test_core_hears_itself_and_then_each_as_the_ini_file_names_them(self, house, hook):
        names = [name for name, _answer in house.registry.getUtility(IPlugins).duty(hook)]
        assert names == ["communicate", "forums", "sample"]

    def test_both_are_in_the_menu_of_a_stranger(self, house):
        links = {a["href"] for a in house.browser().get("/").html.select(".services a")}
        assert {"/forums", "/guestbook"} <= links


class TestSettings:
    def test_one_of_a_plugin_counts(self, house):
        sign(house, "Une autre ligne")
        house.reboot(["forums", "sample"], **{"sample.notes": 1})
        page = house.browser().get("/guestbook")
        assert ("Une autre ligne" in page, WORDS in page) == (True, False)

    @pytest.mark.parametrize(("key", "value"), [("sample.notes", "many"), ("sample.hue", "red")])
    def test_a_wrong_one_of_an_enabled_plugin_stops_the_boot(self, sample, make_house, key, value):
        with pytest.raises(BadSettings, match=key):
            make_house(["sample"], **{key: value})

    def test_those_of_one_that_is_off_are_kept_unread(self, sample, make_house, caplog):
        caplog.set_level(logging.INFO)
        make_house(["forums"], **{"sample.notes": "many", "sample.hue": "red"})
        lines = [message for message in caplog.messages if "sample." in message]
        assert [line.partition(": ")[2] for line in lines] == ["sample.hue, sample.notes"]


class TestLate:
    """A plugin that is found, imported and asked, and fails when its views are looked for."""

    @pytest.fixture(params=LATE)
    def spoil(self, request, sample, tmp_path, monkeypatch):
        """Return what puts a broken version of the sample in the place of the sound one."""

        def spoil():
            broken = tmp_path / "broken"
            shutil.copytree(sample.folder, broken)
            (broken / "communicate_sample" / "views.py").write_text(LATE[request.param])
            shutil.rmtree(broken / "communicate_sample" / "__pycache__", ignore_errors=True)
            sample.forget()
            monkeypatch.syspath_prepend(str(broken))

        return spoil

    def test_development_stops_with_its_name(self, spoil, make_house):
        spoil()
        with pytest.raises(PluginFailed, match="plugin 'sample' failed while it was included"):
            make_house(["forums", "sample"])

    def test_production_goes_on_and_keeps_what_it_held(self, spoil, make_house, tmp_path):
        key = tmp_path / "production.key"
        key.write_bytes(b64encode(bytes(32)))
        key.chmod(0o600)
        secrets = {"master_key_file": key, "ledger_file": tmp_path / "erasures.log"}
        house = make_house(["forums", "sample"], mode="production", **secrets)
        house.member("ada", "operators")
        house.member("ines")
        sign(house)
        house.close()
        spoil()
        house.boot(["forums", "sample"])
        plugins = house.registry.getUtility(IPlugins)
        assert (plugins.enabled, list(plugins.failed)) == (["forums"], ["sample"])
        for path in ("/guestbook", "/x", "/guestbook/x"):
            house.browser().get(path, status=404)
        house.browser().get("/forums", status=200)
        page = house.browser("ada").get("/operate/plugins").html
        row = next(tr for tr in page.select("tr") if "sample" in tr.get_text())
        assert "failed while it was included" in row.get_text()
        assert row.get_text(" ", strip=True).split()[-1] == "1"  # its line is counted


class TestDuties:
    """A plugin that fails in a duty of its own keeps nobody else from theirs."""

    @pytest.fixture
    def fail(self, house, monkeypatch):
        """Return what makes the sample raise in a hook."""
        plugins = house.registry.getUtility(IPlugins)
        module = plugins.manager.get_plugin("sample")

        def fail(hook):
            @hookimpl
            def raising():
                raise RuntimeError("out of tune")

            monkeypatch.setattr(module, hook, raising)
            plugins.manager.unregister(name="sample")
            plugins.manager.register(module, "sample")

        return fail

    def test_the_home_page_shows_the_blocks_of_the_others(self, house, fail):
        before = house.browser().get("/")
        assert "Livre d’or" in before.html.main.get_text()
        fail("communicate_home")
        page = house.browser().get("/").html.main.get_text()
        assert "Un sujet" in page
        assert "Livre d’or" not in page

    def test_the_commands_of_the_others_are_there(self, house, fail):
        fail("communicate_commands")
        commands = build(house.registry.getUtility(IPlugins)).commands
        assert "forum" in commands
        assert "sample" not in commands

    @pytest.mark.parametrize("hook", ["communicate_cookies", "communicate_help"])
    def test_the_pages_with_what_all_declare_are_there(self, house, fail, hook):
        fail(hook)
        for path in ("/cookies", "/help", "/privacy"):
            house.browser().get(path, status=200)

    def test_the_jobs_of_the_others_run(self, house, fail):
        fail("communicate_jobs")
        form = kit.form_with(house.browser().get("/reset"), "login")
        form["login"] = "ines"
        form.submit(status=303)
        assert house.run_jobs() > 0
        assert any("/new-password?token=" in letter for letter in house.letters())

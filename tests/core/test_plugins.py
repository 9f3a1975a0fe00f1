"""Plugins: found by entry point, checked before they are used, called one at a time."""

import pytest

from communicate import plugins as door
from communicate.declarations import Mount
from communicate.hookspecs import hookimpl
from communicate.plugins import PluginError, Plugins


class Sound:
    """A plugin that answers."""

    communicate_api = 1

    @hookimpl
    def communicate_mounts(self):
        return [Mount("sound", dict, "Sound", "music-note")]

    @hookimpl
    def communicate_personal_data(self):
        return []


class Failing(Sound):
    """A plugin that raises in its duty."""

    @hookimpl
    def communicate_mounts(self):
        raise RuntimeError("out of tune")


class TestLoad:
    def test_the_installed_sample_is_found(self, sample):
        assert door.package_of(door.installed()["sample"]) == "communicate_sample"
        assert door.load("sample").communicate_api == 1

    def test_an_absent_one_is_named_with_the_cure(self):
        with pytest.raises(PluginError, match="'nowhere' is not installed: install it"):
            door.load("nowhere")

    def test_one_of_another_api_is_refused(self, sample, monkeypatch):
        monkeypatch.setattr(door.load("sample"), "communicate_api", 2)
        with pytest.raises(PluginError, match="communicate_api = 2; this version offers 1"):
            door.load("sample")

    def test_one_that_does_not_declare_personal_data_is_refused(self, sample, monkeypatch):
        monkeypatch.delattr(door.load("sample"), "communicate_personal_data")
        with pytest.raises(PluginError, match="communicate_personal_data, which is mandatory"):
            door.load("sample")

    def test_a_hook_that_does_not_exist_is_refused(self, sample, monkeypatch):
        @hookimpl
        def communicate_nonsense():
            pass

        monkeypatch.setattr(
            door.load("sample"), "communicate_nonsense", communicate_nonsense, raising=False
        )
        with pytest.raises(PluginError, match="communicate_nonsense"):
            Plugins().add("sample")

    def test_an_argument_that_does_not_exist_is_refused(self, sample, monkeypatch):
        @hookimpl
        def communicate_home(request, weather):
            pass

        monkeypatch.setattr(door.load("sample"), "communicate_home", communicate_home)
        with pytest.raises(PluginError, match="weather"):
            Plugins().add("sample")
        assert Plugins().enabled == []


class TestDuty:
    def test_one_that_fails_keeps_no_other_from_its_duty(self, plugins):
        answers = dict(plugins.duty("communicate_mounts"))
        assert isinstance(answers["failing"], RuntimeError)
        assert [mount.name for mount in answers["sound"]] == ["sound"]

    def test_what_the_others_declare_is_gathered(self, plugins):
        assert [mount.name for mount in plugins.gather("communicate_mounts")] == ["sound"]

    def test_it_can_be_asked_of_some_alone(self, plugins):
        assert [name for name, _answer in plugins.duty("communicate_mounts", ["sound"])] == [
            "sound"
        ]

    def test_a_dropped_plugin_is_neither_enabled_nor_asked(self, plugins):
        plugins.drop("failing", "it raised")
        assert plugins.enabled == ["sound"]
        assert plugins.failed == {"failing": "it raised"}


class TestDeclarations:
    def test_a_mount_hangs_under_the_site_or_a_member(self):
        with pytest.raises(ValueError, match="'site' or 'member'"):
            Mount("x", dict, "X", "x", where="everywhere")


@pytest.fixture
def plugins() -> Plugins:
    plugins = Plugins()
    plugins.manager.register(Failing(), "failing")
    plugins.manager.register(Sound(), "sound")
    return plugins

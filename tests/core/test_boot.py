"""A plugin that fails: development stops with its name, production goes on without it."""

import sys
from base64 import b64encode
from importlib import import_module
from inspect import getmembers
from pkgutil import walk_packages

import pytest
from venusian import ATTACH_ATTR

from communicate.boot import PLAIN
from communicate.interfaces import IPlugins
from communicate.plugins import PluginError, PluginFailed

HEAD = """
from pyramid.response import Response
from communicate.content import Folder
from communicate.declarations import Mount
from communicate.hookspecs import hookimpl

communicate_api = 1

@hookimpl
def communicate_personal_data():
    return []
"""
HALFWAY = """
@hookimpl
def communicate_configure(config):
    config.add_route("halfway", "/halfway")
    config.add_view(lambda request: Response("half"), route_name="halfway", permission="open")
    config.commit()
    raise RuntimeError("half done")
"""
STEP = """
from communicate.storage.evolve import evolve_step

@evolve_step("rickety", "late", after="never")
def late(request):
    pass
"""
FAULTS = {
    "import": ("raise RuntimeError('half done')", "cannot be imported: RuntimeError"),
    "exit": ("raise SystemExit(3)", "cannot be imported: SystemExit: 3"),
    "include": (HEAD + HALFWAY, "failed while it was included: RuntimeError: half done"),
    "settings": (
        HEAD + "@hookimpl\ndef communicate_settings():\n    raise RuntimeError('half done')",
        "failed while it was asked for its settings: RuntimeError: half done",
    ),
    "mounts": (
        HEAD + "@hookimpl\ndef communicate_mounts():\n    raise RuntimeError('half done')",
        "failed while its mounts were hung: RuntimeError: half done",
    ),
    "steps": (
        HEAD,
        "failed while its evolve steps were read: BadSteps: the step rickety.late follows",
    ),
    "name": (
        HEAD + "@hookimpl\ndef communicate_mounts():\n"
        "    return [Mount('ledge', Folder, 'Ledge', 'box'), Mount('a/b', Folder, 'B', 'box')]",
        "failed while its mounts were hung: NameTaken: 'a/b'",
    ),
}


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return what installs the plugin ``rickety``, made of *code*, and returns its folder."""

    def install(code):
        package = made(tmp_path, code)
        monkeypatch.syspath_prepend(str(package.parent))
        return package

    yield install
    for name in [name for name in sys.modules if name.startswith("communicate_rickety")]:
        del sys.modules[name]


@pytest.fixture(params=FAULTS)
def fault(request, install):
    """Install the plugin ``rickety`` with one of the faults; return what is said of it."""
    code, words = FAULTS[request.param]
    package = install(code)
    if request.param == "steps":
        (package / "evolve.py").write_text(STEP)
    return words


def made(tmp_path, code):
    """Return the folder of the plugin ``rickety``, made of *code*."""
    package = tmp_path / "packages" / "communicate_rickety"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "plugin.py").write_text(code)
    info = package.parent / "communicate_rickety-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: communicate-rickety\nVersion: 1\n"
    )
    (info / "entry_points.txt").write_text(
        "[communicate.plugins]\nrickety = communicate_rickety.plugin\n"
    )
    return package


class TestDevelopment:
    def test_stops_with_name_and_reason(self, fault, make_house):
        with pytest.raises((PluginError, PluginFailed)) as caught:
            make_house(["forums", "rickety"])
        assert str(caught.value).startswith(f"plugin 'rickety' {fault}")


class TestProduction:
    @pytest.fixture
    def house(self, fault, make_house, tmp_path):
        """Return a production site that has the plugin switched on."""
        key = tmp_path / "master.key"
        key.write_bytes(b64encode(bytes(32)))
        key.chmod(0o600)
        return make_house(
            ["forums", "rickety"],
            mode="production",
            url="http://localhost",
            master_key_file=key,
            ledger_file=tmp_path / "erasures.log",
        )

    def test_goes_on_without_it_and_tells_operators(self, house, fault):
        plugins = house.registry.getUtility(IPlugins)
        assert plugins.enabled == ["forums"]
        assert plugins.failed["rickety"].startswith(f"plugin 'rickety' {fault}")
        house.member("ada", "operators")
        assert fault.partition(":")[0] in house.browser("ada").get("/operate/plugins")

    def test_nothing_that_it_registered_answers(self, house):
        strangers = house.browser()
        strangers.get("/forums", status=200)
        strangers.get("/halfway", status=404)
        strangers.get("/ledge", status=404)
        assert "ledge" not in house.work(lambda request: list(request.site))


class TestApart:
    """What a plugin holds apart is loaded when it is wanted."""

    @pytest.mark.parametrize("apart", [True, False])
    def test_it_is_not_looked_through(self, apart, install, make_house):
        package = install(HEAD + ("communicate_apart = ('slow',)\n" if apart else ""))
        (package / "slow").mkdir()
        (package / "slow" / "__init__.py").touch()
        (package / "slow" / "inner.py").touch()
        make_house(["rickety"])
        assert ("communicate_rickety.slow.inner" in sys.modules) is not apart


class TestPlain:
    """Packages that are not scanned."""

    @pytest.mark.parametrize("package", PLAIN)
    def test_nothing_in_it_is_found_by_a_decorator(self, package):
        folders = getattr(import_module(package), "__path__", [])
        names = [package, *(found.name for found in walk_packages(folders, f"{package}."))]
        decorated = [
            f"{name}.{label}"
            for name in names
            for label, one in getmembers(import_module(name))
            if getattr(one, "__module__", None) == name and hasattr(one, ATTACH_ATTR)
        ]
        assert decorated == []

    def test_one_that_is_scanned_has_something(self):
        views = import_module("communicate.accounts.views.joining")
        assert [one for _name, one in getmembers(views) if hasattr(one, ATTACH_ATTR)]

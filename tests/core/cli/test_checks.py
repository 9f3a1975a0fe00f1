from types import SimpleNamespace

import pytest
from ZODB.blob import Blob

from communicate.cli import Console
from communicate.cli.checks import (
    CHECKS,
    batches,
    blobs,
    counters,
    failed_plugins,
    keys,
    permissions,
    plugin_checks,
)
from communicate.cli.doctor import doctor
from communicate.cli.run import execute
from communicate.declarations import HealthCheck
from communicate.sealing import SITE


@pytest.fixture
def console(house, tmp_path):
    return Console(None, tmp_path, house.registry)


class TestHealth:
    def test_a_new_site_has_no_fault(self, console, house):
        house.member("ada")
        house.folder.joinpath("var").chmod(0o700)
        (house.folder / "var" / "Data.fs").chmod(0o600)
        assert {title: list(check(console)) for title, check in CHECKS} == {
            title: [] for title, _check in CHECKS
        }


class TestCounters:
    def test_one_that_is_wrong_is_found(self, console, house):
        house.work(lambda request: request.site._count.change(2))
        (fault,) = counters(console)
        assert fault.startswith("A Site counts ")


class TestBlobs:
    @pytest.fixture
    def blob(self, house):
        def put(request):
            request.root_map["blob"] = Blob(b"bytes")

        house.work(put)
        return house.work(lambda request: request.root_map["blob"].committed())

    def test_one_that_is_there_is_well(self, console, blob):
        assert list(blobs(console)) == []

    def test_one_that_is_gone_is_found(self, console, house, blob, tmp_path):
        for path in (house.folder / "var" / "blobs").rglob("*.blob"):
            path.unlink()
        console.stores.database.cacheMinimize()
        (fault,) = blobs(console)
        assert "cannot be read" in fault


class TestKeys:
    def test_a_ring_without_the_sites_key_is_found(self, console, monkeypatch):
        monkeypatch.setattr(type(console.stores.keyring), "holds", lambda _ring, uid: uid != SITE)
        found = keys(console)
        assert "lacks the site's key" in next(found)


class TestPermissions:
    def test_a_file_that_others_may_read_is_found_with_its_cure(self, console, house):
        ring = house.folder / "var" / "keyring.sqlite"
        ring.chmod(0o644)
        assert any(f"chmod go= {ring}" in fault for fault in permissions(console))


class TestPlugins:
    def test_one_that_was_left_out_is_found(self, console):
        console.plugins.failed["sms"] = "no modem"
        assert list(failed_plugins(console)) == ["The plugin sms is left out: no modem"]

    def test_their_own_checks_run(self):
        well = HealthCheck("well", "Well", lambda registry: None)
        ill = HealthCheck("ill", "Ill", lambda registry: f"Mend {registry}.")
        plugins = SimpleNamespace(gather=lambda hook: [well, ill])
        console = SimpleNamespace(plugins=plugins, registry="it")
        found = {title: check(console) for title, check in plugin_checks(console)}
        assert found == {"Well": [], "Ill": ["Mend it."]}


class TestDoctor:
    def test_it_ends_with_one_where_something_ails(self, console, house, capsys):
        house.work(lambda request: request.site._count.change(1))
        assert execute(doctor, [], console) == 1
        shown = capsys.readouterr().out
        assert "ILL  counters\n       A Site counts" in shown
        assert "printed copy of the master key" in shown

    def test_a_check_that_fails_is_a_finding(self, console, house, capsys, monkeypatch):
        monkeypatch.setattr(type(console.stores.keyring), "holds", lambda *_: 1 / 0)
        assert execute(doctor, [], console) == 1
        assert "ZeroDivisionError" in capsys.readouterr().out


class TestBatches:
    def test_they_hold_all_in_order(self):
        assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
        assert list(batches([], 2)) == []

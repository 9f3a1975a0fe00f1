import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from zope.interface.verify import verifyObject

from communicate.interfaces import IKeyRing
from communicate.sealing import keyring
from communicate.sealing.errors import Destroyed, WrongMasterKey
from communicate.sealing.keys import SITE

OTHER_MASTER = bytes(range(100, 132))


class TestCreating:
    def test_it_is_what_the_interface_promises(self, ring):
        assert verifyObject(IKeyRing, ring)

    def test_a_key_is_there_for_other_processes_at_once(self, ring, open_ring):
        ring.create(7)
        assert open_ring().key(7) == ring.key(7)
        assert len(ring.key(7)) == 32

    def test_a_key_that_is_there_is_kept(self, ring):
        ring.create(7)
        before = ring.key(7)
        ring.create(7)
        assert ring.key(7) == before

    def test_every_member_has_another(self, ring):
        for uid in range(1, 20):
            ring.create(uid)
        assert len({ring.key(uid) for uid in range(20)}) == 20

    def test_a_key_made_after_it_was_missed_is_found(self, ring):
        with pytest.raises(Destroyed):
            ring.key(7)
        ring.create(7)
        assert ring.holds(7)
        assert len(ring.key(7)) == 32

    @pytest.mark.parametrize("uid", [-1, 2**63])
    def test_a_number_that_is_no_uid_is_refused(self, ring, uid):
        with pytest.raises(ValueError, match="a uid lies between"):
            ring.create(uid)

    def test_the_largest_uid_has_its_place(self, ring):
        ring.create(2**63 - 1)
        assert ring.holds(2**63 - 1)

    def test_no_key_lies_in_clear_in_the_files(self, ring, raw_bytes):
        ring.create(7)
        assert ring.key(7) not in raw_bytes()
        assert ring.key(SITE) not in raw_bytes()

    def test_the_files_are_for_their_owner_only(self, ring, tmp_path):
        ring.create(7)
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "ring").iterdir()}
        assert set(modes.values()) == {0o600}
        assert "keyring.sqlite-wal" in modes

    def test_its_repr_shows_the_place_only(self, ring):
        assert repr(ring).startswith("<KeyRing sqlite:///")


class TestDestroying:
    def test_the_key_is_gone_at_once(self, ring):
        ring.create(7)
        ring.key(7)
        ring.destroy(7)
        assert not ring.holds(7)
        with pytest.raises(Destroyed) as caught:
            ring.key(7)
        assert caught.value.uid == 7

    def test_others_keep_theirs(self, ring):
        ring.create(7)
        ring.create(8)
        before = ring.key(8)
        ring.destroy(7)
        assert ring.key(8) == before

    def test_done_again_it_changes_nothing(self, ring):
        ring.create(7)
        ring.destroy(7)
        ring.destroy(7)
        assert not ring.holds(7)

    def test_the_site_keeps_its_own(self, ring):
        with pytest.raises(ValueError, match="never destroyed"):
            ring.destroy(SITE)
        assert ring.holds(SITE)

    def test_another_process_notices_within_a_second(self, ring, open_ring, clock):
        ring.create(7)
        other = open_ring()
        other.key(7)
        ring.destroy(7)
        clock.pass_(keyring.LOOK)
        with pytest.raises(Destroyed):
            other.key(7)

    def test_no_byte_of_the_wrapped_key_stays_in_the_files(self, ring, raw_bytes):
        ring.create(7)
        wrapped = ring._store.wrapped(7)
        assert wrapped in raw_bytes()
        ring.destroy(7)
        self.check_absent(wrapped, raw_bytes())

    def test_nor_in_those_of_a_ring_of_thousands(self, ring, raw_bytes):
        draw = random.Random(1)
        uids = draw.sample(range(2**62), 3000)
        with ring._store.change() as change:
            for uid in uids:
                change.add(uid, uid.to_bytes(8, "big") + draw.randbytes(53))
        gone = {uid: ring._store.wrapped(uid) for uid in draw.sample(uids, 40)}
        for uid, wrapped in gone.items():
            ring.destroy(uid)
            self.check_absent(wrapped, raw_bytes())
        assert all(wrapped not in raw_bytes() for wrapped in gone.values())

    def test_an_interrupted_one_is_completed_when_done_again(self, ring_url, open_ring, raw_bytes):
        command = (
            "import os, signal, sys\n"
            "from communicate.sealing.keyring import open_keyring\n"
            "ring = open_keyring(sys.argv[1], bytes(range(32)))\n"
            "ring.create(7)\n"
            "print(ring._store.wrapped(7).hex(), flush=True)\n"
            "ring._store.clean = lambda: os.kill(os.getpid(), signal.SIGKILL)\n"
            "ring.destroy(7)"
        )
        killed = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", command, ring_url],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
        wrapped = bytes.fromhex(killed.stdout)
        assert wrapped in raw_bytes()
        open_ring().destroy(7)
        self.check_absent(wrapped, raw_bytes())

    def check_absent(self, wrapped, raw):
        """Check every piece of 8 bytes, past the version and within the random part."""
        assert not any(wrapped[at : at + 8] in raw for at in range(8, len(wrapped) - 8))


class TestCache:
    @pytest.fixture
    def asked(self, ring, monkeypatch):
        """Return the uids that the database was asked for."""
        asked, wrapped = [], ring._store.wrapped
        monkeypatch.setattr(ring._store, "wrapped", lambda uid: asked.append(uid) or wrapped(uid))
        return asked

    def test_a_key_in_use_is_unwrapped_once(self, ring, asked):
        ring.create(7)
        assert len({ring.key(7) for _ in range(100)}) == 1
        assert asked == [7]

    def test_it_is_kept_for_60_seconds_at_most(self, ring, asked, clock):
        ring.create(7)
        ring.key(7)
        clock.pass_(59.9)
        ring.key(7)
        assert asked == [7]
        clock.pass_(0.1)
        ring.key(7)
        assert asked == [7, 7]

    def test_use_does_not_prolong_it(self, ring, asked, clock):
        ring.create(7)
        for _ in range(13):
            ring.key(7)
            clock.pass_(5)
        assert asked == [7, 7]

    def test_keys_out_of_use_leave_the_memory(self, ring, clock):
        ring.create(7)
        ring.create(8)
        ring.key(7)
        clock.pass_(60)
        ring.key(8)
        assert list(ring._cache) == [8]

    def test_a_missing_key_is_asked_for_once_too(self, ring, asked):
        for _ in range(3):
            with pytest.raises(Destroyed):
                ring.key(7)
        assert asked == [7]

    def test_it_holds_a_bounded_number(self, ring, monkeypatch):
        monkeypatch.setattr(keyring, "MOST", 3)
        for uid in range(1, 6):
            ring.create(uid)
            ring.key(uid)
        assert list(ring._cache) == [3, 4, 5]

    def test_even_unnoticed_a_destroyed_key_goes_after_60_seconds(
        self, ring, open_ring, clock, monkeypatch
    ):
        ring.create(7)
        other = open_ring()
        other.key(7)
        monkeypatch.setattr(other._store, "generation", lambda: other._generation)
        ring.destroy(7)
        clock.pass_(keyring.LOOK)
        other.key(7)
        clock.pass_(60)
        with pytest.raises(Destroyed):
            other.key(7)


class TestSiteKey:
    def test_each_use_has_its_own(self, ring):
        assert ring.site_key("cookie") != ring.site_key("members.login") != ring.key(SITE)

    def test_it_stays_through_a_restart_and_a_new_master_key(self, ring, open_ring):
        before = ring.site_key("cookie")
        assert open_ring().site_key("cookie") == before
        ring.rotate_master(OTHER_MASTER)
        assert open_ring(OTHER_MASTER).site_key("cookie") == before


class TestMasterKey:
    def test_a_wrong_one_is_refused_with_the_cure(self, ring, open_ring):
        with pytest.raises(WrongMasterKey, match=r"Put back the key.*\.new"):
            open_ring(OTHER_MASTER)

    def test_a_new_one_wraps_every_key_anew(self, ring, open_ring):
        for uid in range(1, 50):
            ring.create(uid)
        before = [ring.key(uid) for uid in range(50)]
        ring.rotate_master(OTHER_MASTER)
        assert [ring.key(uid) for uid in range(50)] == before
        assert [open_ring(OTHER_MASTER).key(uid) for uid in range(50)] == before

    def test_the_old_one_opens_nothing_afterwards(self, ring, open_ring):
        ring.rotate_master(OTHER_MASTER)
        with pytest.raises(WrongMasterKey):
            open_ring()

    def test_what_the_old_one_wrapped_leaves_the_files(self, ring, raw_bytes):
        ring.create(7)
        wrapped = ring._store.wrapped(7)
        ring.rotate_master(OTHER_MASTER)
        assert wrapped[8:] not in raw_bytes()

    def test_a_process_with_the_old_one_can_neither_read_nor_write(self, ring, open_ring, clock):
        ring.create(7)
        other = open_ring()
        other.key(7)
        ring.rotate_master(OTHER_MASTER)
        clock.pass_(keyring.LOOK)
        with pytest.raises(WrongMasterKey):
            other.key(7)
        with pytest.raises(WrongMasterKey):
            other.create(8)
        with pytest.raises(WrongMasterKey):
            other.rotate_master(bytes(32))
        assert not ring.holds(8)

    def test_a_damaged_row_stops_it_and_nothing_has_changed(self, ring, open_ring):
        ring.create(7)
        before = ring.key(7)
        with ring._store.change() as change:
            change.add(8, b"\x01" + bytes(60))
        with pytest.raises(WrongMasterKey):
            ring.rotate_master(OTHER_MASTER)
        assert open_ring().key(7) == before

    def test_a_short_one_is_refused(self, ring):
        with pytest.raises(ValueError, match="32 bytes"):
            ring.rotate_master(b"short")


class TestManyAtOnce:
    def test_threads_that_create_one_key_agree(self, ring):
        start = threading.Barrier(8)

        def create(_number):
            start.wait()
            ring.create(7)
            return ring.key(7)

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(create, range(8)))) == 1

    def test_two_rings_on_one_file_write_side_by_side(self, ring, open_ring):
        rings = [ring, open_ring(), open_ring()]

        def create(number):
            rings[number % 3].create(number)
            return number

        with ThreadPoolExecutor(6) as pool:
            assert all(ring.holds(uid) for uid in pool.map(create, range(1, 61)))

    def test_reading_creating_destroying_and_rotating_together(self, ring, open_ring):
        for uid in range(1, 11):
            ring.create(uid)
        before = {uid: ring.key(uid) for uid in range(1, 11)}

        def read(turn):
            ring._cache.clear()
            return [(uid, ring.key(uid)) for uid in before]

        def disturb(turn):
            ring.create(100 + turn)
            ring.destroy(100 + turn)
            ring.rotate_master(bytes([turn]) * 32)
            return []

        with ThreadPoolExecutor(4) as pool:
            turns = [pool.submit(disturb if turn % 4 == 0 else read, turn) for turn in range(40)]
            for turn in turns:
                assert all(before[uid] == key for uid, key in turn.result())

    def test_a_key_destroyed_while_it_is_loaded_does_not_stay(self, ring, monkeypatch):
        ring.create(7)
        destroyer = threading.Thread(target=ring.destroy, args=(7,))
        wrapped = ring._store.wrapped

        def read_just_before(uid):
            found = wrapped(uid)
            destroyer.start()
            while wrapped(uid):
                time.sleep(0.001)
            destroyer.join(0.1)
            return found

        with monkeypatch.context() as patch:
            patch.setattr(ring._store, "wrapped", read_just_before)
            ring.key(7)
        destroyer.join(10)
        with pytest.raises(Destroyed):
            ring.key(7)

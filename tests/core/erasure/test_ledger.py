"""The ledger: what a line is, and what happens when it cannot be written."""

import os
import stat
import threading
from datetime import UTC, datetime

import pytest

from communicate.erasure.ledger import Ledger, LedgerUnusable, Line

WHEN = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "erasures.log")


class TestAdd:
    def test_a_line_is_number_and_date_and_nothing_else(self, ledger):
        ledger.add(4711, WHEN)
        assert ledger.path.read_text() == "4711 2031-03-04T09:30:00+00:00\n"
        assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600

    def test_lines_are_only_ever_added(self, ledger):
        for uid in (1, 2, 1):
            ledger.add(uid, WHEN)
        assert list(ledger.lines()) == [Line(1, WHEN), Line(2, WHEN), Line(1, WHEN)]

    def test_it_is_on_disk_when_add_returns(self, ledger, monkeypatch):
        synced = []
        real = os.fsync
        monkeypatch.setattr(
            os, "fsync", lambda fd: (synced.append(os.fstat(fd).st_mode), real(fd))
        )
        ledger.add(1, WHEN)
        assert [stat.S_ISREG(synced[0]), stat.S_ISDIR(synced[1])] == [True, True]

    def test_threads_do_not_mix_their_lines(self, ledger):
        threads = [threading.Thread(target=ledger.add, args=(uid, WHEN)) for uid in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(line.uid for line in ledger.lines()) == list(range(20))


class TestTorn:
    def test_half_a_line_is_left_out_and_does_not_swallow_the_next(self, ledger):
        ledger.add(1, WHEN)
        with ledger.path.open("a") as file:
            file.write("47")
        ledger.add(2, WHEN)
        assert [line.uid for line in ledger.lines()] == [1, 2]

    def test_whatever_else_is_in_it_is_left_out(self, ledger):
        ledger.path.write_bytes(
            b"\xff\x00\n\n4711 yesterday\n8 2031-03-04T09:30:00+00:00\n1 2 3\n"
        )
        assert [line.uid for line in ledger.lines()] == [8]


class TestUnusable:
    def test_no_folder_is_said_with_the_cure(self, tmp_path):
        ledger = Ledger(tmp_path / "gone" / "erasures.log")
        for action in (ledger.check, lambda: ledger.add(1, WHEN)):
            with pytest.raises(LedgerUnusable, match=r"communicate\.ledger_file"):
                action()

    def test_a_folder_in_its_place_is_neither_read_nor_written(self, tmp_path):
        ledger = Ledger(tmp_path)
        with pytest.raises(LedgerUnusable):
            ledger.check()
        with pytest.raises(LedgerUnusable):
            list(ledger.lines())

    def test_a_full_disk_is_said(self, ledger, monkeypatch):
        def full(_descriptor, _data):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(LedgerUnusable, match="No space left"):
            ledger.add(1, WHEN)

    def test_none_yet_is_an_empty_one(self, ledger):
        assert list(ledger.lines()) == []

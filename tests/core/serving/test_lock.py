import os
import signal
import subprocess
import sys
import threading

import pytest

from communicate.serving.lock import Busy, SiteLock

HOLD = """
import sys, time
from pathlib import Path
from communicate.serving.lock import SiteLock
lock = SiteLock(Path(sys.argv[1]))
assert lock.acquire(sys.argv[2])
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    held = []

    def start(kind):
        process = subprocess.Popen(  # our own interpreter
            [sys.executable, "-c", HOLD, str(tmp_path), kind], stdout=subprocess.PIPE, text=True
        )
        held.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in held:
        process.kill()
        process.wait()
        process.stdout.close()


class TestAcquire:
    def test_the_folder_is_made_for_us_alone(self, tmp_path):
        with SiteLock(tmp_path / "var" / "run") as lock:
            assert lock.acquire("command")
            assert (tmp_path / "var" / "run").stat().st_mode & 0o777 == 0o700

    def test_a_second_holder_is_refused_until_the_first_lets_go(self, tmp_path):
        with SiteLock(tmp_path) as second:
            with SiteLock(tmp_path) as first:
                assert first.acquire("command")
                assert not second.acquire("command")
                assert second.holder() == ("command", str(os.getpid()))
            assert second.acquire("command")
            assert not second.unclean

    def test_what_a_killed_server_left_is_taken_away(self, tmp_path, holder):
        for name in ("serve.pid", "control.sock"):
            (tmp_path / name).touch()
        process = holder("serve")
        with SiteLock(tmp_path) as lock:
            assert not lock.acquire("command")
            assert (tmp_path / "serve.pid").exists()
            process.kill()
            process.wait()
            assert lock.acquire("command")
            assert [path.name for path in tmp_path.iterdir()] == ["site.lock"]

    def test_a_holder_that_was_killed_left_things_unclean(self, tmp_path, holder):
        process = holder("serve")
        process.send_signal(signal.SIGKILL)
        process.wait()
        with SiteLock(tmp_path) as lock:
            assert lock.acquire("serve")
            assert lock.unclean
        with SiteLock(tmp_path) as lock:
            assert lock.acquire("serve")
            assert not lock.unclean


class TestTakeToServe:
    def test_a_second_server_is_refused_at_once_in_one_sentence(self, tmp_path, holder):
        process = holder("serve")
        sentence = f"^This site is served already, by process {process.pid}: stop it first\\.$"
        with SiteLock(tmp_path) as lock, pytest.raises(Busy, match=sentence):
            lock.take_to_serve()

    def test_a_command_is_waited_for(self, tmp_path, holder):
        process = holder("command")
        threading.Timer(0.3, process.kill).start()
        with SiteLock(tmp_path) as lock:
            lock.take_to_serve(patience=20)
            assert lock.holder() == ("serve", str(os.getpid()))

    def test_but_not_for_ever(self, tmp_path, holder):
        process = holder("command")
        with SiteLock(tmp_path) as lock, pytest.raises(Busy, match=f"Process {process.pid} works"):
            lock.take_to_serve(patience=0.1)

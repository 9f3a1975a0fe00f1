"""Real clients over FTPS, of a site that `communicate serve` serves: curl, lftp, rclone."""

import hashlib
import os
import random
import re
import subprocess
from pathlib import Path

import pytest

from communicate.interfaces import IAppPasswords
from communicate.testing.house import House
from communicate.testing.programs import needed
from communicate.testing.server import Server, free_port
from communicate_vdisk.content import SCOPE

from .ftps_site import free_range, making_files

NAMES = ("été.txt", "Привет.bin", "a b.txt", "hash#1.txt", "50%.txt", "quest?ion.txt", "it's.txt")


class Served:
    """A served site, and an account of ines there."""

    def __init__(self, folder):
        making_files(folder / "var" / "tls")
        self.secret = self.account(folder)
        self.port = free_port()
        self.server = Server(
            folder,
            "vdisk",
            **{
                "vdisk.ftps": f"127.0.0.1:{self.port}",
                "vdisk.ftps_ports": free_range(100),
                "vdisk.ftps_per_address": 30,
            },
        ).start()
        self.url = f"ftp://127.0.0.1:{self.port}"

    def account(self, folder):
        """Make ines; return an app password."""
        house = House(folder, ["vdisk"], {})
        uid = house.member("ines")
        secret = house.work(lambda r: r.find_service(IAppPasswords).make(uid, "laptop", [SCOPE]))
        house.close()
        return secret

    def peak(self):
        """Return the highest that the memory of the server was, in kB."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1))

    def run(self, *words, environ=None, code=0):
        """Run a client; return what it said."""
        done = subprocess.run(
            [str(word) for word in words],
            capture_output=True,
            text=True,
            timeout=240,
            env={**os.environ, **(environ or {})},
            check=False,
        )
        assert done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def curl(self, *words, code=0):
        """Run curl."""
        signed = ("--user", f"ines:{self.secret}")
        secure = ("--ssl-reqd", "--insecure")
        return self.run(needed("curl"), "-sS", *secure, *signed, *words, code=code)

    def lftp(self, commands):
        """Run lftp, signed in."""
        setup = (
            "set ssl:verify-certificate no; set ftp:ssl-force yes; set ftp:ssl-protect-data yes;"
            "set net:max-retries 2; set net:timeout 30; set cmd:fail-exit yes;"
        )
        opened = f"open -u ines,{self.secret} {self.url};"
        home = {"HOME": str(self.server.folder), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        return self.run(needed("lftp"), "-c", setup + opened + commands, environ=home)

    def rclone(self, *words):
        """Run rclone; the remote is ``disk:``."""
        program = needed("rclone")
        obscured = self.run(program, "obscure", self.secret).strip()
        given = {
            "TYPE": "ftp",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "USER": "ines",
            "PASS": obscured,
            "EXPLICIT_TLS": "true",
            "NO_CHECK_CERTIFICATE": "true",
            "CONCURRENCY": "10",
        }
        environ = {f"RCLONE_CONFIG_DISK_{key}": value for key, value in given.items()}
        environ["RCLONE_CONFIG"] = str(self.server.folder / "none.conf")
        return self.run(program, *words, "--transfers", "8", "--retries", "1", environ=environ)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Return the site that the clients of this module talk to."""
    made = Served(tmp_path_factory.mktemp("served"))
    yield made
    made.server.stop()


def tree(folder, count, largest=210_000):
    """Fill *folder* with *count* files of many sizes, two levels deep, with names of all kinds."""
    draw = random.Random(count)
    for number in range(count):
        name = NAMES[number] if number < len(NAMES) else f"{number:03}.bin"
        place = folder / f"d{number % 3}" / ("deep" if number % 2 else ".")
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(draw.randbytes(draw.choice((0, 1, 70_000, 114_688, largest))))
    return folder


def sums(folder):
    """Return the hash of every file in *folder*, by path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class TestCurl:
    def test_bytes_go_both_ways_and_go_on_both_ways(self, served, tmp_path):
        data = random.Random(7).randbytes(3_000_000)
        whole, part, back = (tmp_path / name for name in ("whole", "part", "back"))
        whole.write_bytes(data)
        part.write_bytes(data[:1_234_567])
        served.curl("-T", part, f"{served.url}/curl.bin")
        served.curl("-C", "-", "-T", whole, f"{served.url}/curl.bin")
        served.curl("-o", back, f"{served.url}/curl.bin")
        assert back.read_bytes() == data
        back.write_bytes(data[:2_000_001])
        served.curl("-C", "-", "-o", back, f"{served.url}/curl.bin")
        assert back.read_bytes() == data

    def test_folders_are_made_on_the_way(self, served, tmp_path):
        (tmp_path / "a.txt").write_text("Bonjour")
        served.curl("--ftp-create-dirs", "-T", tmp_path / "a.txt", f"{served.url}/x/y/a.txt")
        assert served.curl(f"{served.url}/x/y/a.txt") == "Bonjour"
        assert "a.txt" in served.curl(f"{served.url}/x/y/")
        served.curl(f"{served.url}/x/none.txt", code=78)

    def test_without_tls_nobody_comes_in(self, served):
        program = needed("curl")
        words = ("-sS", "--user", f"ines:{served.secret}", f"{served.url}/")
        assert "denied" in served.run(program, *words, code=67)

    @pytest.mark.slow
    def test_memory_does_not_grow_with_the_file(self, served, tmp_path):
        large, back = tmp_path / "large", tmp_path / "back"
        served.curl("-T", "/etc/hostname", f"{served.url}/first")
        before = served.peak()
        with large.open("wb") as file:
            file.truncate(150_000_000)
        served.curl("-T", large, f"{served.url}/large")
        served.curl("-o", back, f"{served.url}/large")
        assert back.stat().st_size == 150_000_000
        assert served.peak() - before < 40_000  # kB


class TestLftp:
    @pytest.mark.parametrize(
        "turns", [1, pytest.param(5, marks=pytest.mark.slow)], ids=["once", "five times"]
    )
    def test_what_is_mirrored_by_three_connections_is_the_same(self, served, tmp_path, turns):
        """The trap of truncated uploads showed with lftp alone, in one file of four."""
        source = tree(tmp_path / "source", 32)
        for turn in range(turns):
            there, back = f"lftp-{turns}-{turn}", tmp_path / f"back-{turn}"
            served.lftp(f"mirror -R --parallel=3 {source} {there}")
            served.lftp(f"mirror --parallel=3 {there} {back}")
            assert sums(back) == sums(source)


class TestRclone:
    def test_what_is_synced_by_eight_at_once_is_the_same_and_is_not_sent_again(
        self, served, tmp_path
    ):
        source = tree(tmp_path / "source", 32)
        served.rclone("sync", source, "disk:rclone")
        served.rclone("check", "--download", source, "disk:rclone")
        again = served.rclone("sync", source, "disk:rclone", "-v", "--stats-one-line", "--dry-run")
        assert not re.search(r"Skipped (copy|delete|update)", again), again
        (source / "d0" / "002.bin").unlink(missing_ok=True)
        (source / "d1" / "new.bin").write_bytes(b"new")
        served.rclone("sync", source, "disk:rclone")
        served.rclone("check", "--download", source, "disk:rclone")
        served.rclone("purge", "disk:rclone")
        assert "rclone" not in served.curl(f"{served.url}/")

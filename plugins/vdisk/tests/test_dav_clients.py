"""The disk over WebDAV with real clients: litmus, rclone, cadaver, curl, and many at once."""

import re
import secrets
import subprocess
import threading

import pytest
from plugins.vdisk.tests.davs import Dav, leftovers, place_at, together

from communicate.testing.programs import needed

#: What file systems elsewhere call things: each came to grief on some path, once.
ODD = [
    "Été à la plage.txt",
    "Отчёт за год.txt",
    "a#b.txt",
    "a?b.txt",
    "100 % coton.txt",
    "a+b&c=d.txt",
    "a;b,c.txt",
    'l\'été "long".txt',
    "日本語.txt",
    ".cache",
    "~tilde~",
    "espace à la fin ",
    "[crochets] {accolades}.txt",
    "a%20b.txt",
    "🌻.txt",
]


@pytest.fixture(scope="module")
def dav(place):
    dav = Dav(place_at(place))
    yield dav
    dav.gateway.stop()


@pytest.fixture
def run(dav, tmp_path):
    """Return what runs a program with a home of its own and returns what it says."""

    def run(*words, data=None, code=0, timeout=120, **more):
        home = {
            **more,
            "HOME": str(tmp_path),
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "LC_ALL": "C.UTF-8",
        }
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            input=data,
            env=home,
            cwd=tmp_path,
            timeout=timeout,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        return said

    return run


@pytest.fixture
def address(dav):
    """Return the address of a folder of ines that is made for one test."""
    name = secrets.token_hex(4)
    assert dav.status("MKCOL", f"/ines/{name}") == 201
    return f"http://127.0.0.1:{dav.gateway.port}/dav/ines/{name}"


class TestLitmus:
    def passed(self, dav, run, address, **chosen):
        said = run(needed("litmus"), f"{address}/", "ines", dav.secrets["ines"], **chosen)
        ran = re.findall(r"of (\d+) tests run: (\d+) passed, (\d+) failed", said)
        assert sum(int(one[2]) for one in ran) == 0
        assert "WARNING" not in said
        return sum(int(one[1]) for one in ran)

    def test_a_part_of_it_passes(self, dav, run, address):
        assert self.passed(dav, run, address, TESTS="basic copymove http") == 33

    @pytest.mark.slow
    def test_all_of_it_passes(self, dav, run, address):
        assert self.passed(dav, run, address) == 104


class Rclone:
    """rclone, whose configuration is in its words."""

    def __init__(self, run, dav, address):
        self.run, self.path = run, needed("rclone")
        secret = run(self.path, "obscure", dav.secrets["ines"]).strip()
        self.remote = f":webdav,url='{address}',user=ines,pass='{secret}',vendor=owncloud:"

    def __call__(self, *words):
        return self.run(self.path, *words, "--transfers", "8", "--stats-one-line", "-v")


@pytest.fixture
def rclone(run, dav, address):
    return Rclone(run, dav, address)


def plant(folder, count):
    """Make files of odd names and sizes in *folder*, some in folders; return how many."""
    names = [*ODD, *(f"Dossier {n % 7}/Fichier {n}.bin" for n in range(count - len(ODD)))]
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(secrets.token_bytes((number * 7919) % 200_000))
    return len(names)


class TestRclone:
    def check(self, rclone, folder, count):
        (folder := folder / "local").mkdir()
        assert plant(folder, count) == count
        rclone("sync", str(folder), rclone.remote)
        assert "0 differences found" in rclone("check", "--download", str(folder), rclone.remote)
        again = rclone("sync", str(folder), rclone.remote)
        assert "Copied" not in again
        assert "Deleted" not in again
        return folder

    def test_what_is_synchronised_is_the_same_and_stays(self, rclone, tmp_path):
        self.check(rclone, tmp_path, 24)

    @pytest.mark.slow
    def test_much_is(self, rclone, tmp_path):
        folder = self.check(rclone, tmp_path, 200)
        rclone("moveto", f"{rclone.remote}Dossier 1", f"{rclone.remote}Déplacé")
        (folder / "Dossier 1").rename(folder / "Déplacé")
        assert "0 differences found" in rclone("check", "--download", str(folder), rclone.remote)
        assert "Used:" in rclone("about", rclone.remote)
        rclone("purge", f"{rclone.remote}Déplacé")
        assert "Déplacé" not in rclone("lsf", rclone.remote)


class TestCadaver:
    def test_a_script_of_all_it_knows(self, dav, run, address, tmp_path):
        (tmp_path / "un.txt").write_bytes(b"Un")
        netrc = f"machine 127.0.0.1 login ines password {dav.secrets['ines']}\n"
        (tmp_path / ".netrc").write_text(netrc)
        (tmp_path / ".netrc").chmod(0o600)
        script = """
            mkcol dossier
            put un.txt
            lock un.txt
            discover un.txt
            put un.txt
            unlock un.txt
            copy un.txt dossier/deux.txt
            move un.txt dossier/trois.txt
            propset dossier/deux.txt couleur bleu
            propget dossier/deux.txt couleur
            get dossier/trois.txt rendu.txt
            ls dossier
            delete dossier/deux.txt
            rmcol dossier
            quit
        """
        lines = "".join(f"{line.strip()}\n" for line in script.strip().splitlines())
        said = run(needed("cadaver"), f"{address}/", data=lines)
        assert "failed" not in said.lower()
        assert said.count("succeeded") >= 10
        assert "Value of couleur is: bleu" in said
        assert (tmp_path / "rendu.txt").read_bytes() == b"Un"
        assert (
            dav.status("PROPFIND", f"/ines/{address.rpartition('/')[2]}/dossier", Depth="0") == 404
        )


class TestCurl:
    def test_it_waits_to_be_asked_for_a_body_and_resumes(self, dav, run, address, tmp_path):
        data = secrets.token_bytes(3_000_000)
        (tmp_path / "film.bin").write_bytes(data)
        curl = [needed("curl"), "-sS", "-u", f"ines:{dav.secrets['ines']}"]
        said = run(*curl, "-v", "-H", "Expect: 100-continue", "-T", "film.bin", f"{address}/")
        assert "100 Continue" in said
        assert "201 Created" in said
        (tmp_path / "moitié.bin").write_bytes(data[:1_500_000])
        run(*curl, "-C", "-", "-o", "moitié.bin", f"{address}/film.bin")
        assert (tmp_path / "moitié.bin").read_bytes() == data
        refused = run(*curl[:2], "-u", "ines:x", "-v", "-T", "film.bin", f"{address}/")
        assert "401" in refused


class TestMany:
    """Nothing is lost, and nobody is told that the server is at a loss."""

    def storm(self, dav, clients, files):
        name = secrets.token_hex(4)
        assert dav.status("MKCOL", f"/ines/{name}") == 201

        def put(client):
            found = []
            for number in range(files):
                data = f"{client} {number} ".encode() * 2000
                path = f"/ines/{name}/{client}-{number}.bin"
                found.append(dav.status("PUT", path, body=data))
                found.append(dav.status("PUT", f"/ines/{name}/une.bin", body=data))
            return found

        statuses = [status for each in together(put, clients) for status in each]
        assert set(statuses) <= {201, 204}
        assert statuses.count(201) == clients * files + 1
        for client in range(clients):
            for number in range(files):
                got = dav.ask("GET", f"/ines/{name}/{client}-{number}.bin").body
                assert got == f"{client} {number} ".encode() * 2000
        versions = dav.place.do(
            lambda _r, s: len(
                s.child(s.child(s.disk(dav.place.uids["ines"]), name), "une.bin").versions
            )
        )
        most = dav.place.house.registry.settings["vdisk.versions"]
        assert versions == min(most, clients * files - 1)
        assert leftovers(dav.place) == []

    def test_eight_clients(self, dav):
        self.storm(dav, 8, 3)

    @pytest.mark.slow
    def test_eight_clients_for_long(self, dav):
        self.storm(dav, 8, 25)

    def test_a_stop_answers_what_was_asked(self, make_place):
        dav = Dav(place_at(make_place()))
        found = []
        thread = threading.Thread(
            target=lambda: found.append(dav.status("PUT", "/ines/x.bin", body=b"x" * 2_000_000))
        )
        thread.start()
        thread.join(0.05)
        dav.gateway.stop()
        thread.join(20)
        assert found in ([201], [])
        names = dav.place.names()
        assert names == (["x.bin"] if found else [])

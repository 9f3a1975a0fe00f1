"""Viruses: clamd is asked by a job, and what holds one is out of everybody's reach."""

import io
import socket
import subprocess
import threading
import time
import zipfile

import pytest

from communicate import clamav
from communicate.audience import MEMBERS
from communicate.interfaces import INotifications
from communicate.settings import BadSettings
from communicate.testing.house import House
from communicate.testing.programs import needed
from communicate_vdisk import scanning
from communicate_vdisk.errors import Refused
from communicate_vdisk.ftps.acts import Failed
from communicate_vdisk.ftps.filesystem import readable
from communicate_vdisk.ftps.tree import Tree
from communicate_vdisk.interfaces import ILinks

from .conftest import Place
from .davs import Dav, place_at

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
DATABASE = f"Eicar-Test-Local:0:*:{EICAR.hex()}\n"
SMALL = 300_000  # bytes that this clamd takes


class Clamd:
    """A real clamd that knows one virus."""

    def __init__(self, folder):
        folder.chmod(0o755)
        (folder / "db").mkdir()
        (folder / "db/local.ndb").write_text(DATABASE)
        self.address, self.folder, self.process = str(folder / "clamd.sock"), folder, None
        (folder / "clamd.conf").write_text(
            f"DatabaseDirectory {folder}/db\nLocalSocket {self.address}\nForeground true\n"
            f"MaxThreads 2\nStreamMaxLength {SMALL}\nTemporaryDirectory {folder}\nUser root\n"
        )

    def start(self):
        program = needed("clamd", "/usr/sbin/clamd")
        command = [program, "-c", str(self.folder / "clamd.conf")]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + 30
        while not clamav.answers(self.address):
            assert time.monotonic() < until, (self.folder / "log").read_text()
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.05)

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    """Return a clamd that runs; a test that stops it starts it again."""
    daemon = Clamd(tmp_path_factory.mktemp("clamd"))
    daemon.start()
    yield daemon
    daemon.stop()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory, clamd):
    """Return a place whose files clamd looks at."""
    settings = {"language": "en", "vdisk.clamav": clamd.address, "vdisk.clamav_most": "1 MB"}
    house = House(tmp_path_factory.mktemp("guarded"), ["vdisk"], settings)
    yield Place(house)
    house.close()


def zipped(data):
    """Return a ZIP with *data* in a file of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("papers/letter.txt", data)
    return out.getvalue()


def over_ftps(place, path, login):
    """Return the id of the file that *login* would fetch over FTPS, or the code of the reply."""

    def found(request, _service):
        request.member = request.site["members"][login]
        try:
            return readable(Tree(request), path)[0]
        except Failed as error:
            return error.code

    return place.do(found)


def scan_of(place, number):
    return place.state(number, lambda file: file.scan)


class TestClient:
    def test_a_stream_is_read_and_judged(self, clamd):
        assert clamav.scan(clamd.address, [b"Bon", b"", b"jour"]) == ("clean", "")
        verdict = clamav.scan(clamd.address, [EICAR[:20], EICAR[20:]])
        assert verdict.state == "infected"
        assert verdict.found.startswith("Eicar-Test-Local")

    def test_more_than_clamd_takes_is_not_said_to_be_clean(self, clamd):
        pieces = (b"a" * 65536 for _ in range(200))
        assert clamav.scan(clamd.address, pieces) == ("unscanned", "")

    def test_over_tcp_too(self):
        with socket.create_server(("127.0.0.1", 0)) as server:

            def serve():
                channel, _peer = server.accept()
                with channel:
                    got = b""
                    while not got.endswith(b"\0\0\0\0"):
                        got += channel.recv(100)
                    assert got == b"zINSTREAM\0\0\0\0\3abc\0\0\0\0"
                    channel.sendall(b"stream: Nasty.Thing FOUND\0")

            thread = threading.Thread(target=serve)
            thread.start()
            address = f"127.0.0.1:{server.getsockname()[1]}"
            assert clamav.scan(address, [b"abc"]) == ("infected", "Nasty.Thing")
            thread.join()

    @pytest.mark.parametrize(
        ("said", "state"),
        [
            ("stream: OK", "clean"),
            ("stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND", "unscanned"),
            ("stream: Heuristics.Encrypted.Zip FOUND", "unscanned"),
            ("INSTREAM size limit exceeded. ERROR", "unscanned"),
        ],
    )
    def test_what_stopped_early_found_nothing_out(self, said, state):
        assert clamav.verdict(said).state == state

    def test_an_error_is_no_verdict(self, tmp_path):
        with pytest.raises(clamav.Unavailable):
            clamav.verdict("Can't allocate memory ERROR")
        with pytest.raises(clamav.Unavailable):
            clamav.scan(str(tmp_path / "nowhere"), [b"abc"])
        assert not clamav.answers(str(tmp_path / "nowhere"))


class TestSetting:
    @pytest.mark.parametrize("where", ["clamd.example.org:3310", "10.0.0.3:3310", "clamd"])
    def test_no_file_goes_to_another_machine(self, make_place, where):
        with pytest.raises(BadSettings):
            make_place(**{"vdisk.clamav": where})

    def test_off_is_off(self, make_place):
        place = make_place(**{"vdisk.clamav": "off"})
        number = place.file("a.txt", EICAR)
        assert scan_of(place, number) == ""
        assert scanning.check(place.house.registry) is None


class TestScanning:
    def test_a_clean_file_waits_and_then_says_so(self, guarded):
        number = guarded.file("letter.txt")
        assert scan_of(guarded, number) == "pending"
        assert "Being checked" in guarded.browser("ines").get(guarded.path(number))
        guarded.house.run_jobs()
        assert scan_of(guarded, number) == "clean"
        assert "no virus was found" in guarded.browser("ines").get(guarded.path(number))

    def test_until_it_is_checked_nobody_has_it_but_its_owner_and_who_sent_it(self, guarded):
        folder = guarded.folder("Waiting")
        guarded.share(folder, MEMBERS, add=guarded.only("paul"))
        number = guarded.file("film.txt", b"Bonjour", folder, by="paul")
        key = guarded.do(lambda r, s: r.find_service(ILinks).make(s.find(folder)))
        path, name = guarded.path(number), "/ines/Waiting/film.txt"
        link = f"/disk/link?key={key}&item={path.rpartition('/')[2]}"
        dav = Dav(place_at(guarded))

        def copied(login):
            to = {"Destination": f"/dav/{login}/copied.txt"}
            return dav.status("COPY", name, login, **to)

        try:
            for login in ("ines", "paul"):
                assert guarded.status(login, f"{path}/download") == 200
                assert dav.status("GET", name, login) == 200
                assert copied(login) == 201
            answer = guarded.browser("zoe").get(f"{path}/content", expect_errors=True)
            assert (answer.status_int, answer.headers["Retry-After"]) == (503, "20")
            assert "being checked" in answer
            shown = guarded.browser("zoe").get(path).text
            assert "it can be opened in a moment" in shown
            assert "/download" not in shown
            assert "Bonjour" not in shown
            answer = dav.ask("GET", name, "zoe")
            assert (answer.status, answer.headers["Retry-After"]) == (503, "20")
            assert dav.status("PROPFIND", name, "zoe", Depth="0") == 207
            assert copied("zoe") == 403
            assert over_ftps(guarded, name, "zoe") == 450
            assert over_ftps(guarded, name, "paul") == number
            archive = guarded.browser("zoe").get(f"{guarded.path(folder)}/zip").body
            assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == ["Waiting/"]
            stranger = guarded.browser()
            assert "it can be opened in a moment" in stranger.get(link)
            for view in ("link-download", "link-file"):
                address = link.replace("/link?", f"/{view}?")
                assert stranger.get(address, status="*").status_int == 503
            guarded.house.run_jobs()
            assert guarded.status("zoe", f"{path}/download") == 200
            assert (dav.status("GET", name, "zoe"), copied("zoe")) == (200, 201)
            assert "Bonjour" in stranger.get(link)
        finally:
            dav.gateway.stop()

    @pytest.mark.parametrize("data", [EICAR, zipped(EICAR)], ids=["plain", "in a zip"])
    def test_an_infected_file_is_fetched_and_shared_on_no_path(self, guarded, data):
        folder = guarded.folder(f"Open {len(data)}")
        guarded.share(folder, MEMBERS)
        number = guarded.file("game.zip", data, folder)
        path, ines = guarded.path(number), guarded.browser("ines")
        assert guarded.status("paul", path) == 200
        guarded.house.run_jobs()
        assert scan_of(guarded, number) == "infected"
        for who in ("paul", "moira", "oscar", None):
            assert guarded.status(who, path) in (403, 404)
            assert guarded.status(who, f"{path}/content") in (403, 404)
        page = ines.get(path)
        assert "Eicar-Test-Local" in page
        assert "game.zip" in page
        for act in ("content", "download"):
            assert guarded.status("ines", f"{path}/{act}") == 404
        assert guarded.found("paul", "game") == set()
        with zipfile.ZipFile(io.BytesIO(ines.get(guarded.path(folder) + "/zip").body)) as archive:
            assert not [name for name in archive.namelist() if name.endswith("game.zip")]
        with pytest.raises(Refused):
            guarded.share(number, MEMBERS)
        with pytest.raises(Refused):
            guarded.do(lambda _r, s: s.copy(s.find(number), s.disk(guarded.uids["ines"]), None))

    def test_a_link_that_led_to_it_leads_nowhere(self, guarded):
        number = guarded.file("linked.txt", EICAR)
        secret = guarded.do(lambda r, s: r.find_service(ILinks).make(s.find(number)))
        address = f"/disk/link?key={secret}"
        assert guarded.status(None, address) == 200
        guarded.house.run_jobs()
        assert guarded.status(None, address) in (404, 410)
        with pytest.raises(Refused):
            guarded.do(lambda r, s: r.find_service(ILinks).make(s.find(number)))

    def test_its_owner_is_told_without_its_name_and_throws_it_away(self, guarded):
        guarded.house.run_jobs()
        ines = guarded.uids["ines"]
        before = guarded.do(lambda r, _s: r.find_service(INotifications).unread(ines))
        used, number = guarded.used(), guarded.file("secret-name.txt", EICAR)
        guarded.house.run_jobs()
        unread = guarded.do(lambda r, _s: r.find_service(INotifications).unread(ines))
        assert unread == before + 1
        shown = guarded.browser("ines").get("/notices")
        assert "A virus was found in a file of yours" in shown
        assert "secret-name" not in shown
        guarded.browser("ines").get(guarded.path(number))  # who sees it has read of it
        unread = guarded.do(lambda r, _s: r.find_service(INotifications).unread(ines))
        assert unread == before
        guarded.later(hours=1)
        letters = "".join(guarded.house.letters())
        assert "virus" in letters
        assert "secret-name" not in letters
        guarded.trash(number)
        guarded.trash(number, "restore")
        assert guarded.status("ines", f"{guarded.path(number)}/content") == 404
        guarded.trash(number, "destroy")
        guarded.house.run_jobs()
        assert guarded.used() == used

    def test_what_takes_its_place_is_looked_at_and_open_again(self, guarded):
        used, number = guarded.used(), guarded.file("a.txt", EICAR)
        guarded.house.run_jobs()
        assert guarded.file("a.txt", b"Bonjour") == number
        guarded.house.run_jobs()
        assert scan_of(guarded, number) == "clean"
        assert guarded.data(number) == b"Bonjour"
        assert guarded.used() == used + 7  # nobody goes back to a virus

    def test_a_version_that_was_replaced_before_clamd_came_is_held_back_as_well(self, guarded):
        number = guarded.file("b.txt", EICAR)
        guarded.file("b.txt", b"Bonjour")
        guarded.house.run_jobs()
        assert scan_of(guarded, number) == "clean"
        version, state = guarded.state(
            number, lambda file: next((v.id, v.scan) for v in file.versions.values())
        )
        assert state == "infected"
        with pytest.raises(Refused):
            guarded.do(lambda _r, s: s.go_back(s.find(number), version))
        page = guarded.browser("ines").get(f"{guarded.path(number)}/versions")
        assert "Holds a virus" in page
        assert "version?id=" not in page

    def test_what_is_too_large_is_marked_as_not_scanned(self, guarded):
        number = guarded.file("large.bin", bytes(2**20 + 1))
        assert scan_of(guarded, number) == "unscanned"
        between = guarded.file("larger than clamd takes.bin", bytes(SMALL * 3))
        guarded.house.run_jobs()
        assert scan_of(guarded, between) == "unscanned"
        assert "Not checked for viruses" in guarded.browser("ines").get(guarded.path(number))


class TestAway:
    def test_while_clamd_is_away_it_is_tried_again(self, guarded, clamd):
        clamd.stop()
        number = guarded.file("c.txt", EICAR)
        guarded.house.run_jobs()
        assert scan_of(guarded, number) == "unscanned"
        assert scanning.check(guarded.house.registry) is not None
        clamd.start()
        assert scanning.check(guarded.house.registry) is None
        guarded.later(minutes=2)
        assert scan_of(guarded, number) == "infected"

    def test_after_some_hours_it_is_marked_and_operators_can_have_it_looked_at(
        self, guarded, clamd
    ):
        away = str(clamd.folder / "away.sock")
        guarded.house.registry.settings["vdisk.clamav"] = away
        number = guarded.file("d.txt", EICAR)
        guarded.share(number, MEMBERS)
        assert guarded.status("zoe", f"{guarded.path(number)}/download") == 503
        for _ in range(len(scanning.PAUSES) + 1):
            guarded.later(hours=5)
            assert scan_of(guarded, number) == "unscanned"
            assert guarded.status("zoe", f"{guarded.path(number)}/download") == 200
        assert guarded.data(number) == EICAR
        guarded.house.registry.settings["vdisk.clamav"] = clamd.address
        told = run(guarded, "scan")
        assert "files wait for clamd" in told
        guarded.later(minutes=1)
        told = run(guarded, "scans")
        assert scan_of(guarded, number) == "infected"
        infected = [each.scan for each in guarded.do(lambda r, _s: list(scanning.everything(r)))]
        assert f"infected: {infected.count('infected')}\n" in told
        assert "d.txt" not in told


def run(place, *words):
    """Return what ``communicate disk`` says to *words*."""
    from click.testing import CliRunner

    from communicate.cli import Console
    from communicate_vdisk.commands import disk

    console = Console(None, place.house.folder, place.house.registry)
    return CliRunner().invoke(disk, list(words), obj=console, catch_exceptions=False).output

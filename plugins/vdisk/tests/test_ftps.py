"""Disks over FTPS: lists, bytes both ways, names, rights, locks."""

import ftplib
import io
import os

import pytest

from communicate.accounts.content import SUSPENDED
from communicate.audience import MEMBERS, PRIVATE, Audience
from communicate.clamav import INFECTED, Verdict
from communicate.interfaces import IMembers
from communicate.permissions import VIEW
from communicate.principals import Viewer
from communicate.security import decide
from communicate_vdisk import scanning
from communicate_vdisk.ftps import filesystem
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.permissions import ADD, CHANGE

from .ftps_site import Site, does, got, put, refused

OTHERS = ("private", "potager", "members", "public")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the site that the tests of a module share."""
    made = Site(tmp_path_factory.mktemp("ftps"))
    yield made
    made.close()


@pytest.fixture
def ines(site):
    """Return a client of ines."""
    client = site.client()
    yield client
    client.close()


class TestSession:
    def test_a_member_comes_in_at_their_disk(self, ines):
        assert ines.pwd() == "/ines"
        assert "ines" in ines.nlst("/")

    def test_files_come_and_go(self, site, ines):
        data = os.urandom(300_000)
        assert put(ines, "été.bin", data).startswith("226")
        assert got(ines, "été.bin") == data
        assert site.data(site.at_root("été.bin")) == data
        assert ines.size("été.bin") == len(data)
        assert "été.bin" in ines.nlst()
        lines = []
        ines.retrlines("LIST", lines.append)
        assert any("été.bin" in line and "300000" in line for line in lines)
        facts = dict(ines.mlsd())["été.bin"]
        assert (facts["type"], facts["size"]) == ("file", "300000")

    def test_a_large_folder_is_listed_as_it_is_read(self, site, ines, monkeypatch):
        monkeypatch.setattr(filesystem, "LISTED", 3)
        folder, names = site.folder("Beaucoup"), {f"é {n}.txt" for n in range(10)}
        for name in names:
            site.file(name, b"x", folder)
        site.share(folder, site.only("paul"))
        site.share(site.do(lambda _r, s: s.child(s.find(folder), "é 7.txt").id), PRIVATE)
        lines = []
        ines.retrlines("LIST /ines/Beaucoup", lines.append)
        assert {line.partition("é")[1] + line.partition("é")[2] for line in lines} == names
        facts = dict(ines.mlsd("/ines/Beaucoup"))
        assert {name: facts[name]["size"] for name in names} == dict.fromkeys(names, "1")
        assert {name.rpartition("/")[2] for name in ines.nlst("/ines/Beaucoup")} == names
        paul = site.client("paul")
        assert set(dict(paul.mlsd("/ines/Beaucoup"))) == names - {"é 7.txt"}

    def test_a_new_transaction_begins_at_every_command(self, site, ines):
        """What another session stored is there at once: this one saw the state before."""
        other = site.client()
        assert "later.txt" not in ines.nlst()
        put(other, "later.txt", b"Bonjour")
        ines.voidcmd("TYPE I")
        assert ines.size("later.txt") == 7
        assert "later.txt" in ines.nlst()

    def test_folders_are_made_renamed_and_thrown_away(self, site, ines):
        ines.mkd("Jardin")
        ines.mkd("Jardin/Potager")
        put(ines, "Jardin/plan.txt", b"carottes")
        refused(550, ines.rmd, "Jardin")
        ines.rename("Jardin/plan.txt", "Jardin/Potager/dessin.txt")
        assert got(ines, "/ines/Jardin/Potager/dessin.txt") == b"carottes"
        ines.cwd("Jardin/Potager")
        assert ines.nlst() == ["dessin.txt"]
        ines.delete("dessin.txt")
        ines.cwd("..")
        assert ines.pwd() == "/ines/Jardin"
        ines.rmd("Potager")
        assert ines.nlst() == []
        assert "dessin.txt" in site.browser("ines").get("/members/ines/disk/trash")

    def test_a_missing_folder_is_550_so_that_clients_make_it(self, ines):
        assert refused(550, lambda: list(ines.mlsd("Nowhere")))
        refused(550, ines.cwd, "Nowhere")

    def test_dates_are_kept(self, ines):
        put(ines, "old.txt", b"x")
        assert ines.sendcmd("MFMT 20200102030405 old.txt").startswith("213")
        assert ines.sendcmd("MDTM old.txt") == "213 20200102030405"

    def test_a_file_renamed_onto_another_takes_its_place_and_leaves_a_version(self, site, ines):
        put(ines, "letter.odt", b"one")
        before = site.at_root("letter.odt")
        put(ines, "letter.odt.tmp", b"two")
        ines.rename("letter.odt.tmp", "letter.odt")
        after = site.at_root("letter.odt")
        assert (before, got(ines, "letter.odt")) == (after, b"two")
        assert "letter.odt.tmp" not in ines.nlst()
        assert site.state(after, lambda file: len(file.versions)) == 1

    def test_replacing_keeps_what_was_as_a_version(self, site, ines):
        put(ines, "v.txt", b"one")
        put(ines, "v.txt", b"two")
        number = site.at_root("v.txt")
        assert site.state(number, lambda file: len(file.versions)) == 1


class TestResuming:
    def test_a_download_goes_on(self, ines):
        data = os.urandom(200_000)
        put(ines, "down.bin", data)
        assert got(ines, "down.bin", rest=123_456) == data[123_456:]
        refused(554, got, ines, "down.bin", rest=200_001)

    def test_an_upload_goes_on_by_rest_and_by_appending(self, ines):
        data = os.urandom(200_000)
        put(ines, "up.bin", data[:150_000])
        put(ines, "up.bin", data[100_000:], rest=100_000)
        assert got(ines, "up.bin") == data
        put(ines, "app.bin", data[:70_000])
        ines.storbinary("APPE app.bin", io.BytesIO(data[70_000:]))
        assert got(ines, "app.bin") == data
        ines.storbinary("APPE new.bin", io.BytesIO(b"abc"))
        assert got(ines, "new.bin") == b"abc"


class TestNames:
    @pytest.mark.parametrize(
        "name",
        ["a\x01b", "a\x7fb", "gpj\u202eexe", "x" * 256, " "],
    )
    def test_the_one_rule_for_names(self, ines, name):
        refused(553, put, ines, f"/ines/{name}", b"x")
        if name.strip():
            refused(553, ines.mkd, f"/ines/{name}")

    def test_names_are_composed(self, ines):
        put(ines, "cafe\u0301.txt", b"x")
        assert "café.txt" in ines.nlst()
        assert got(ines, "café.txt") == got(ines, "cafe\u0301.txt") == b"x"

    def test_what_is_no_utf_8_is_no_name(self, ines):
        ines.sock.sendall(b"MKD a\xff\xfeb\r\n")
        assert ines.getline().startswith("501")

    @pytest.mark.parametrize(
        "path",
        [
            "../paul/secret.txt",
            "/paul/secret.txt",
            "/ines/../paul/secret.txt",
            "//paul//secret.txt",
            "/../../etc/passwd",
            "/etc/passwd",
            "%2e%2e/paul/secret.txt",
            "/ines/./../paul/./secret.txt",
        ],
    )
    def test_paths_lead_nowhere_else(self, site, ines, path):
        if "secret.txt" not in site.names(login="paul"):
            site.file("secret.txt", b"mine", by="paul", of="paul")
        for command in ("RETR", "SIZE", "MDTM", "DELE", "RNFR", "MLST", "CWD"):
            if command == "RETR":
                refused(550, got, ines, path)
            else:
                refused(550, ines.voidcmd, f"{command} {path}")
        with pytest.raises(ftplib.Error):
            put(ines, path.replace("secret.txt", "planted.txt").replace("passwd", "planted"), b"x")
        assert site.names(login="paul") == ["secret.txt"]


class TestRights:
    def test_what_is_shared_is_under_its_owners_login(self, site, ines):
        folder = site.folder("Club", by="paul", of="paul")
        inner = site.file("plan.txt", b"ours", folder, by="paul", of="paul")
        site.share(folder, site.only("ines"))
        assert "paul" in ines.nlst("/")
        assert ines.nlst("/paul") == ["Club"]
        assert got(ines, "/paul/Club/plan.txt") == b"ours"
        refused(550, put, ines, "/paul/Club/mine.txt", b"x")
        refused(550, put, ines, "/paul/Club/plan.txt", b"x")
        refused(550, put, ines, "/paul/mine.txt", b"x")
        refused(550, ines.delete, "/paul/Club/plan.txt")
        refused(550, ines.rename, "/paul/Club/plan.txt", "/paul/Club/other.txt")
        refused(550, ines.sendcmd, "MFMT 20200102030405 /paul/Club/plan.txt")
        refused(550, ines.rmd, "/paul/Club")
        refused(550, ines.rmd, "/paul")
        site.share(folder, site.only("ines"), add=site.only("ines"))
        put(ines, "/paul/Club/mine.txt", b"added")
        refused(550, put, ines, "/paul/Club/plan.txt", b"x")
        site.share(folder, site.only("ines"), change=site.only("ines"))
        put(ines, "/paul/Club/plan.txt", b"changed")
        assert site.data(inner) == b"changed"
        site.share(folder, PRIVATE)
        refused(550, got, ines, "/paul/Club/plan.txt")
        assert "paul" not in ines.nlst("/")

    @pytest.mark.parametrize(
        "level",
        ["contacts", *(pytest.param(each, marks=pytest.mark.slow) for each in OTHERS)],
    )
    def test_the_matrix_of_who_may_do_what_is_that_of_the_acls(self, site, level):
        """Every viewer × verb, with and without a grant, against what the ACL says."""
        see = site.potager if level == "potager" else Audience(level)
        for grant, given in (("none", {}), ("add", {"add": see}), ("change", {"change": see})):
            if grant != "none" and level in ("private", "public"):
                continue
            name = f"{level}-{grant}"
            folder = site.folder(name)
            site.file("a.txt", b"one", folder)
            site.share(folder, see, **given)
            for who in ("ines", "paul", "zoe", "moira", "oscar"):
                self.agrees(site, who, folder, f"/ines/{name}")

    def agrees(self, site, who, folder, path):
        """Assert that *who* gets done at *path* what the ACL of the folder allows, no more."""

        def allowed(request, service):
            member = request.find_service(IMembers).by_login(who)
            viewer, node = Viewer(member, request.site["members"]), service.find(folder)
            return {each for each in (VIEW, ADD, CHANGE) if decide(viewer, node, each)}

        may, client = site.do(allowed), site.client(who)
        assert does(got, client, f"{path}/a.txt") == (VIEW in may)
        assert does(client.nlst, path) == (VIEW in may)
        assert does(client.sendcmd, f"MLST {path}/a.txt") == (VIEW in may)
        assert does(put, client, f"{path}/{who}.txt", b"x") == (ADD in may)
        assert does(client.mkd, f"{path}/{who}") == (ADD in may)
        assert does(put, client, f"{path}/a.txt", b"two") == (CHANGE in may)
        assert does(client.sendcmd, f"MFMT 20200102030405 {path}/a.txt") == (CHANGE in may)
        assert does(client.rename, f"{path}/a.txt", f"{path}/b.txt") == (CHANGE in may)
        assert does(client.delete, f"{path}/b.txt") == (CHANGE in may)
        if CHANGE in may:
            put(client, f"{path}/a.txt", b"one")
        if VIEW not in may:  # what is closed and what is not there are one answer
            closed = refused(550, client.sendcmd, f"MLST {path}/a.txt")
            nothing = refused(550, client.sendcmd, f"MLST {path}/none.txt")
            assert closed == nothing.replace("none.txt", "a.txt")
        client.close()

    def test_a_virus_is_fetched_by_nobody(self, site, ines):
        put(ines, "virus.txt", b"x")
        number = site.at_root("virus.txt")

        def found(request, service):
            node = service.find(number)
            scanning.note(request, node, node, Verdict(INFECTED, "Nasty"))

        site.do(found)
        assert "virus" in refused(550, got, ines, "virus.txt").lower()
        refused(550, got, ines, "virus.txt", rest=1)
        put(ines, "virus.txt", b"clean")
        assert got(ines, "virus.txt") == b"clean"

    def test_who_is_suspended_is_out_at_the_next_command(self, site):
        client = site.client("zoe")
        client.nlst()

        def suspend(request, _service):
            request.find_service(IMembers).by_uid(site.uids["zoe"]).state = SUSPENDED

        site.do(suspend)
        refused(421, client.mkd, "Anything")

    def test_locks_are_asked(self, site, ines):
        put(ines, "locked.odt", b"one")
        uid = site.uids["ines"]

        def lock(request, service):
            node = service.child(service.disk(uid), "locked.odt")
            return request.find_service(ILocks).lock(node, uid).token

        token = site.do(lock)
        assert "another program" in refused(450, put, ines, "locked.odt", b"two")
        refused(450, ines.delete, "locked.odt")
        refused(450, ines.rename, "locked.odt", "other.odt")
        assert got(ines, "locked.odt") == b"one"
        site.do(lambda request, _service: request.find_service(ILocks).unlock(token, uid))
        put(ines, "locked.odt", b"two")


def test_shared_with_everybody_is_found_too(site, ines):
    number = site.file("open.txt", b"for all", by="moira", of="moira")
    site.share(number, MEMBERS)
    assert got(ines, "/moira/open.txt") == b"for all"

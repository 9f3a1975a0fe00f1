"""Export, import, erasure, moderation: what the contract asks of the disk."""

import json
import zipfile
from io import BytesIO

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE
from communicate.demo import running
from communicate.interfaces import IErasure, IKeyRing, IMembers
from communicate.mydata.importing import bring_back
from communicate.testing import kit, promises
from communicate.testing.archives import exported
from communicate_vdisk import duties
from communicate_vdisk.indexing import walk
from communicate_vdisk.interfaces import IDisk


@pytest.fixture
def own(make_place):
    """Return a place of one test, in which ines has folders, files, versions and a trash."""
    return filled(make_place())


@pytest.fixture(scope="module")
def kept(place):
    """Return such a place that nobody changes."""
    return filled(place)


@pytest.fixture(scope="module")
def archive(kept):
    """Return the archive of ines there."""
    return exported(kept.house, "ines")


def filled(place):
    place.one = place.folder("Jardin")
    inner = place.folder("Serre", place.one)
    place.number = place.file("Semis.txt", b"Trois planches", inner)
    place.file("Semis.txt", b"Quatre planches", inner)
    place.file("Photo.png", b"\x89PNG", place.one)
    place.share(place.one, CONTACTS, change=place.potager)
    place.share(place.number, PRIVATE)
    for folder in (None, inner):
        thrown = place.file("Vieux.txt", b"Avant", folder)
        place.trash(thrown)
        place.file("Vieux.txt", b"Neuf", folder)
    many = place.folder("Beaucoup")

    def fill(_request, service):
        for n in range(40):  # some of them within one millisecond
            service.add_file(service.find(many), f"{n}.txt", BytesIO(b"x"), None)

    place.do(fill)
    gone = place.folder("Vide")
    place.file("Dedans.txt", b"1", gone)
    place.trash(gone)
    place.house.run_jobs()
    return place


class TestPersonalData:
    def test_every_class_that_holds_words_is_declared(self, own):
        own.upload("zoe", own.path(own.one), ("De Zoé.txt", b"x"))
        assert kit.undeclared_classes(own.house, "vdisk") == []
        words = ["planches", "Jardin", "Semis", "jardin", "semis"]
        assert promises.undeclared(own.house, "vdisk", words=words) == []

    def test_no_core_object_holds_a_class_of_the_plugin(self, own):
        assert kit.intruders(own.house) == []

    def test_switched_off_it_shows_nothing_and_comes_back_whole(self, own):
        kit.check_switching(own.house, "vdisk", "/disk")
        assert own.data(own.number) == b"Quatre planches"

    def test_it_says_for_how_long_things_are_kept(self):
        kept = next(one for one in duties.PERSONAL_DATA if one.kind == "vdisk.version")
        assert kept.kept({"vdisk.version_days": 30, "vdisk.versions": 5}).mapping == {
            "days": 30,
            "n": 5,
        }


class TestArchive:
    def test_holds_all_of_it_as_it_lies(self, archive):
        assert archive.failed == {}
        folders = archive.records("vdisk", "folder")
        assert [row["name"] for row in folders] == ["Jardin", "Beaucoup", "Vide", "Serre"]
        files = archive.records("vdisk", "file")
        first = files[0]
        assert (first["name"], first["bytes"], first["type"]) == ("Semis.txt", 15, "text/plain")
        assert archive.read(first["file"]) == b"Quatre planches"
        assert first["file"].endswith("Jardin/Serre/Semis.txt")
        assert archive.read(first["versions"][0]["file"]) == b"Trois planches"
        assert sum(row["trash"] is not None for row in files) == 2

    def test_what_was_added_elsewhere_is_a_participation(self, own):
        own.upload("zoe", own.path(own.one), ("De Zoé.txt", b"x"))
        archive = exported(own.house, "zoe")
        assert [row["name"] for row in archive.records("vdisk", "added")] == ["De Zoé.txt"]
        assert archive.records("vdisk", "file") == []

    def test_what_is_exported_and_imported_is_exported_alike(
        self, kept, archive, make_place, tmp_path
    ):
        first = archive
        path = tmp_path / "ines.zip"
        path.write_bytes(first.data)
        there = make_place()
        bring_back(there.house.registry, path, login="oscar")
        again = exported(there.house, "oscar")
        assert simple(again) == simple(first)
        assert there.used("oscar") == kept.used()
        assert there.names(login="oscar") == kept.names()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", 5),
            ("name", "a/b"),
            ("name", ".."),
            ("folder", "0000000000000"),
            ("type", "text/html\r\nX: y"),
            ("changed", "yesterday"),
            ("audience", "all"),
            ("file", "files/forums/x"),
            ("trash", 5),
        ],
    )
    def test_what_cannot_be_is_refused(self, kept, archive, tmp_path, field, value):
        path = tmp_path / "ines.zip"
        path.write_bytes(changed(archive.data, field, value))
        with pytest.raises(ValueError, match=r"."):
            bring_back(kept.house.registry, path, login="oscar")
        assert kept.used("oscar") == 0


def simple(archive):
    """Return what an archive restores, in its order, without addresses and ids, which are new."""
    rows = [*archive.records("vdisk", "folder"), *archive.records("vdisk", "file")]
    names = {row["id"]: row["name"] for row in rows}
    return [
        {
            key: names.get(value) if key == "folder" else value
            for key, value in row.items()
            if key not in ("id", "path", "audience", "add", "change")
        }
        for row in rows
    ]


def changed(data, field, value):
    """Return the archive *data* with another *value* in the first file's record."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            text = old.read(info)
            if info.filename == "data/vdisk/file.json":
                lines = text.decode().split("\n")
                row = json.loads(lines[1].rstrip(","))
                row[field] = value
                lines[1] = json.dumps(row) + ("," if lines[1].endswith(",") else "")
                text = "\n".join(lines).encode()
            new.writestr(info.filename, text)
    return out.getvalue()


class TestErasure:
    def test_leaves_nothing_of_the_member(self, own):
        own.upload("zoe", own.path(own.one), ("De Zoé.txt", b"x"))
        assert promises.forgotten(own.house, "vdisk", "ines") == []
        owners = own.do(lambda request, _s: dict(request.site["disk"].owners.items()))
        assert owners == {}
        assert own.do(
            lambda r, _s: (len(r.site["disk"].trashed), len(r.site["disk"].versions))
        ) == (
            0,
            0,
        )

    def test_who_added_something_is_forgotten_and_the_thing_stays(self, own):
        own.upload("zoe", own.path(own.one), ("De Zoé.txt", b"x"))
        assert promises.forgotten(own.house, "vdisk", "zoe") == []
        assert "De Zoé.txt" in own.names(own.one)

    def test_works_when_the_key_is_gone(self, own):
        own.do(lambda request, _s: request.find_service(IErasure).start(own.uids["ines"]))
        own.house.registry.getUtility(IKeyRing).destroy(own.uids["ines"])
        while own.house.run_jobs():
            continue
        assert own.do(lambda request, _s: list(request.site["disk"].owners)) == []

    def test_many_go_in_batches(self, make_place):
        place = make_place()

        def fill(_request, service):
            disk = service.disk(place.uids["ines"])
            for n in range(130):
                service.add_file(disk, f"{n}.txt", BytesIO(b"x"), None)

        place.do(fill)
        assert promises.forgotten(place.house, "vdisk", "ines") == []


class TestModeration:
    def test_what_is_hidden_is_seen_by_its_owner_and_moderators(self, own):
        own.share(own.one, MEMBERS)
        own.do(lambda r, s: duties.hide(r, s.find(own.one), "Trop grand"))
        inside = own.do(lambda _r, s: s.path(s.child(s.find(own.one), "Photo.png")))
        for path in (own.path(own.one), inside):
            logins = ("ines", "moira", "oscar", "paul", None)
            statuses = [own.status(login, path) for login in logins]
            assert statuses == [200, 200, 404, 404, 403]  # a stranger may sign in
        assert "Trop grand" in own.browser("ines").get(own.path(own.one))
        own.upload("zoe", own.path(own.one), ("x", b"1"), status=404)
        own.do(lambda r, s: duties.restore(r, s.find(own.one)))
        assert own.status("oscar", own.path(own.one)) == 200

    def test_what_is_private_moderators_do_not_see(self, own):
        own.do(lambda r, s: duties.hide(r, s.find(own.number), ""))
        assert own.status("moira", own.path(own.number)) == 404

    def test_words_are_the_name_and_the_beginning_of_a_text(self, own):
        words = own.do(lambda r, s: duties.words_of(r, s.find(own.number)))
        assert words == "Semis.txt\n\nQuatre planches"

    def test_delete_and_forget_destroy(self, own):
        own.do(lambda r, s: duties.forget(r, s.find(own.one), own.uids["paul"]))
        assert own.status("ines", own.path(own.one)) == 200
        own.do(lambda r, s: duties.delete(r, s.find(own.one)))
        own.house.run_jobs()
        assert own.do(lambda _r, s: s.find(own.number)) is None


class TestDemo:
    def test_people_of_both_languages_keep_files_and_an_erasure_forgets_them(self, make_house):
        house = make_house(["vdisk"])
        made = running.make(house.registry, 6, 1, lambda _line: None)
        assert made.failed == {}
        assert promises.undeclared(house, "vdisk") == []
        names = house.work(
            lambda request: {request.find_service(IDisk).name(node) for node in walk(request)}
        )
        assert {"Jardin", "Garden", "Plan des semis.md"} <= names
        owner = house.work(lambda r: set(r.site["disk"].owners.values())).pop()
        login = house.work(lambda r: r.find_service(IMembers).login_of(owner))
        assert promises.forgotten(house, "vdisk", login) == []

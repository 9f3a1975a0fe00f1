"""Files that come in parts, as any client of tus 1.0 sends them."""

import base64
import hashlib
import os
import threading

import pytest

from communicate.audience import MEMBERS
from communicate.quota.proof import drifts
from communicate.sealing import partial
from communicate.sealing.files import CHUNK
from communicate.testing.house import House
from communicate.testing.kit import form_with
from communicate_vdisk.interfaces import ITrash
from communicate_vdisk.uploads.duties import erase_uploads, exported
from communicate_vdisk.uploads.interfaces import IUploads
from communicate_vdisk.uploads.services import folder_of

from .conftest import Place

HOME = "/members/ines/disk"
PART = "application/offset+octet-stream"
MIB = 2**20


class Client:
    """A client of one member."""

    def __init__(self, place, login="ines"):
        self.browser = place.browser(login)
        token = form_with(self.browser.get("/help"), "csrf_token")["csrf_token"].value
        self.headers = {"Tus-Resumable": "1.0.0", "X-CSRF-Token": token}

    def ask(self, method, address, status, body=b"", **headers):
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return self.browser.request(
            address,
            method=method,
            body=body,
            headers={**self.headers, **named},
            status=status,
            expect_errors=True,
        )

    def begin(self, name, size, folder=HOME, status=201, body=b"", **headers):
        said = base64.b64encode(name.encode()).decode()
        given = {"Upload_Length": size, "Upload_Metadata": f"filename {said}", **headers}
        if body:
            given["Content_Type"] = PART
        return self.ask("POST", f"{folder}/uploads", status, body, **given)

    def send(self, address, offset, body, status=204, **headers):
        given = {"Content_Type": PART, "Upload_Offset": offset, **headers}
        return self.ask("PATCH", address, status, body, **given)

    def offset(self, address, status=200):
        answer = self.ask("HEAD", address, status)
        return int(answer.headers.get("Upload-Offset", -1))

    def all(self, address, data, part, offset=0):
        """Send *data* from *offset* on, *part* bytes at a time; return the last answer."""
        answer = None
        for start in range(offset, len(data), part):
            answer = self.send(address, start, data[start : start + part])
        return answer


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    house = House(
        tmp_path_factory.mktemp("uploads"),
        ["vdisk"],
        {"language": "en", "quota": "40 MB", "vdisk.part": "8 MB", "vdisk.unfinished": "6"},
    )
    yield Place(house)
    house.close()


@pytest.fixture
def place(shared):
    """Return the place that the tests share, with one folder on a disk that is empty."""
    shared.folder("Jardin")
    yield shared
    shared.do(empty)
    shared.house.run_jobs()
    assert (shared.used(), files_in(shared)) == (0, [])


def empty(request, service):
    """Destroy whatever there is, and whatever is on its way."""
    known = request.site["disk"].uploads
    for upload in [] if known is None else list(known.by_id.values()):
        request.find_service(IUploads).cancel(upload)
    for number in list(request.site["disk"].owners):
        node = service.find(number)
        if node is not None and not node.doomed and node.__parent__ is service.disk(node.owner):
            request.find_service(ITrash).destroy(node)


@pytest.fixture
def client(place):
    return Client(place)


def files_in(place):
    return sorted(path.name for path in folder_of(place.house.registry).glob("*"))


class TestAnUpload:
    @pytest.mark.parametrize(
        ("size", "part"),
        [
            (1, 1),
            (CHUNK, CHUNK),
            (CHUNK + 1, CHUNK),
            (3 * CHUNK, CHUNK),
            (300_000, 7_777),
            (2 * CHUNK + 5, 2 * CHUNK - 5),
        ],
    )
    def test_comes_in_parts_and_is_there_with_the_last_byte(self, place, client, size, part):
        data = os.urandom(size)
        begun = client.begin("Été.bin", size)
        address = begun.headers["Location"]
        assert begun.headers["Upload-Expires"].endswith("GMT")
        for start in range(0, size, part):
            assert place.names() == ["Jardin"]
            assert client.offset(address) == start
            answer = client.send(address, start, data[start : start + part])
        assert place.names() == ["Jardin", "Été.bin"]
        assert answer.headers["Upload-Offset"] == str(size)
        assert client.browser.get(f"{answer.headers['Content-Location']}/download").body == data
        assert (place.used(), files_in(place)) == (size, [])
        assert client.offset(address) == size  # an answer that was lost is heard again

    def test_all_of_a_small_file_comes_with_the_first_request(self, place, client):
        answer = client.begin("a.txt", 7, body=b"Bonjour")
        assert client.browser.get(f"{answer.headers['Location']}/download").body == b"Bonjour"
        assert client.begin("empty", 0).headers["Upload-Offset"] == "0"
        assert place.names() == ["Jardin", "a.txt", "empty"]

    def test_the_first_part_may_come_along(self, place, client):
        data = os.urandom(200_000)
        address = client.begin("a", len(data), body=data[:70_000]).headers["Location"]
        assert client.offset(address) == 70_000
        client.all(address, data, 70_000, 70_000)
        assert place.used() == len(data)

    def test_what_is_there_already_is_kept_as_a_version(self, place, client):
        number = place.file("a.txt", b"before")
        address = client.begin("a.txt", 200_000).headers["Location"]
        client.all(address, b"x" * 200_000, 100_000)
        assert place.data(number) == b"x" * 200_000
        assert place.state(number, lambda file: len(file.versions)) == 1
        assert place.used() == 200_006

    def test_nothing_of_it_is_to_be_read_on_the_disk(self, place, client):
        words = b"Le composteur de la place. " * 4000
        address = client.begin("Composteur.txt", len(words) + 1).headers["Location"]
        client.send(address, 0, words)
        root = place.house.registry.settings["communicate.var"]
        stored = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
        assert b"composteur" not in stored
        assert b"Composteur" not in stored


class TestTheProtocol:
    def test_says_what_it_understands(self, client):
        answer = client.ask("OPTIONS", "/disk/uploads", 204)
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Upload-Limit"] == f"max-append-size={8 * MIB}"
        assert "termination" in answer.headers["Tus-Extension"]

    def test_another_version_is_told_which(self, client):
        client.headers["Tus-Resumable"] = "2.0"
        answer = client.begin("a", 5, status=412)
        assert answer.headers["Tus-Version"] == "1.0.0"

    @pytest.mark.parametrize(
        ("name", "size", "status"),
        [("a", "many", 400), ("a", 2**45, 413), ("..", 5, 400), ("a\x07", 5, 400), ("", 5, 400)],
    )
    def test_what_it_can_not_take_is_refused_with_words(self, place, client, name, size, status):
        assert client.begin(name, size, status=status).text
        known = place.do(lambda request, _service: request.site["disk"].uploads)
        assert known is None or not len(known.by_id)

    def test_a_part_that_does_not_follow_is_told_where_to_begin(self, client):
        address = client.begin("a", 300_000).headers["Location"]
        client.send(address, 0, b"x" * 100_000)
        for offset in (0, 99_999, 100_001):
            answer = client.send(address, offset, b"y" * 10, 409)
            assert answer.headers["Upload-Offset"] == "100000"
        client.send(address, 100_000, b"y" * 200_001, 409)
        assert client.offset(address) == 100_000

    def test_a_part_too_large_or_of_another_type_is_refused(self, client):
        address = client.begin("a", 20 * MIB).headers["Location"]
        client.send(address, 0, bytes(8 * MIB + 1), 413)
        client.send(address, 0, b"x", 415, Content_Type="text/plain")
        assert client.offset(address) == 0
        client.send(address, 0, bytes(8 * MIB))

    def test_what_was_changed_on_the_way_does_not_count(self, client):
        address = client.begin("a", 200_000).headers["Location"]
        data = os.urandom(100_000)
        sums = {
            name: base64.b64encode(hashlib.new(name, data).digest()).decode()
            for name in ("sha1", "sha256")
        }
        client.send(address, 0, b"y" + data[1:], 460, Upload_Checksum=f"sha1 {sums['sha1']}")
        client.send(address, 0, data, 400, Upload_Checksum=f"crc {sums['sha1']}")
        client.send(address, 0, data, Upload_Checksum=f"sha256 {sums['sha256']}")
        assert client.offset(address) == 100_000

    def test_without_the_token_of_our_pages_nothing_is_done(self, place, client):
        address = client.begin("a", 10).headers["Location"]
        del client.headers["X-CSRF-Token"]
        client.send(address, 0, b"x" * 10, 400)
        client.ask("DELETE", address, 400)
        assert place.names() == ["Jardin"]


class TestWhose:
    def test_nobody_else_finds_it(self, place, client):
        address = client.begin("a", 100_000).headers["Location"]
        for login in ("paul", "oscar"):
            other = Client(place, login)
            other.offset(address, 404)
            other.send(address, 0, b"x", 404)
            other.ask("DELETE", address, 404)
        assert client.offset(address) == 0
        client.offset("/disk/uploads/0000000000000", 404)
        client.offset("/disk/uploads/nothing", 404)

    def test_who_may_add_to_a_folder_sends_into_it(self, place):
        folder = place.folder("Ensemble")
        zoe = Client(place, "zoe")
        zoe.begin("a", 5, place.path(folder), 404)
        place.share(folder, MEMBERS, place.potager)
        address = zoe.begin("a", 150_000, place.path(folder)).headers["Location"]
        zoe.all(address, bytes(150_000), 100_000)
        assert place.names(folder) == ["a"]
        assert (place.used("ines"), place.used("zoe")) == (150_000, 0)

    def test_rights_are_asked_again_at_the_end(self, place):
        folder = place.folder("Ensemble")
        place.share(folder, MEMBERS, place.potager)
        zoe = Client(place, "zoe")
        address = zoe.begin("a", 150_000, place.path(folder)).headers["Location"]
        zoe.send(address, 0, bytes(100_000))
        place.share(folder, MEMBERS)
        assert "any more" in zoe.send(address, 100_000, bytes(50_000), 403)
        assert place.names(folder) == []
        zoe.ask("DELETE", address, 204)
        assert files_in(place) == []

    def test_a_folder_that_was_thrown_away_takes_nothing(self, place, client):
        folder = place.folder("Passé")
        address = client.begin("a", 10, place.path(folder)).headers["Location"]
        place.trash(folder)
        client.send(address, 0, bytes(10), 403)


class TestRoom:
    def test_is_claimed_at_the_beginning_and_free_again_once_cancelled(self, place, client):
        address = client.begin("a", 30 * MIB).headers["Location"]
        assert "no room" in client.begin("b", 15 * MIB, status=413)
        client.ask("DELETE", address, 204)
        client.offset(address, 404)
        client.begin("b", 15 * MIB)

    def test_holds_when_eight_begin_at_once(self, place):
        clients = [Client(place) for _ in range(8)]
        statuses = []

        def begin(number):
            answer = clients[number].begin(f"{number}", 9 * MIB, status="*")
            statuses.append(answer.status_int)

        threads = [threading.Thread(target=begin, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [201] * 4 + [413] * 4

    def test_there_are_only_so_many_unfinished_ones(self, client):
        for number in range(6):
            client.begin(f"{number}", 10)
        assert "finish or cancel" in client.begin("more", 10, status=400)


class TestInterruptions:
    def test_a_part_that_was_stored_but_not_confirmed_goes_on_with_the_same_bytes(
        self, place, client, monkeypatch
    ):
        data = os.urandom(400_000)
        address = client.begin("a", len(data)).headers["Location"]
        client.send(address, 0, data[:100_000])
        self.die_in(place, client, monkeypatch, address, data)
        assert client.offset(address) == 100_000
        client.all(address, data, 150_000, 100_000)
        assert place.used() == len(data)
        assert drifted_in(place) == []

    def test_other_bytes_in_its_place_begin_anew(self, place, client, monkeypatch):
        data, other = os.urandom(400_000), os.urandom(400_000)
        address = client.begin("a", len(data)).headers["Location"]
        client.send(address, 0, data[:100_000])
        self.die_in(place, client, monkeypatch, address, data)
        answer = client.send(address, 100_000, other[100_000:300_000], 409)
        assert answer.headers["Upload-Offset"] == "0"
        assert client.offset(address) == 0
        file = client.all(address, other, 150_000).headers["Content-Location"]
        assert client.browser.get(f"{file}/download").body == other

    def die_in(self, place, client, monkeypatch, address, data):
        """Have the server seal a part that is never committed."""
        sealed = partial.PartialFile.append

        def dies(*args):
            sealed(*args)
            raise RuntimeError("killed")

        with monkeypatch.context() as patched:
            patched.setattr(partial.PartialFile, "append", dies)
            client.send(address, 100_000, data[100_000:300_000], 500)
        assert folder_size(place) > 250_000

    def test_after_the_machine_was_started_anew_what_is_there_is_proven(
        self, place, client, monkeypatch
    ):
        data = os.urandom(400_000)
        address = client.begin("a", len(data)).headers["Location"]
        client.send(address, 0, data[:300_000])
        monkeypatch.setattr("communicate_vdisk.uploads.services.BOOT", "another")
        assert client.offset(address) == 300_000
        path = next(folder_of(place.house.registry).glob("*"))
        with path.open("r+b") as file:
            file.seek(70_000)
            file.write(bytes(100))
        assert client.offset(address) == 0
        client.all(address, data, 150_000)
        assert place.used() == len(data)

    def test_a_file_that_is_lost_is_sent_again(self, place, client):
        data = os.urandom(400_000)
        address = client.begin("a", len(data)).headers["Location"]
        client.send(address, 0, data[:300_000])
        next(folder_of(place.house.registry).glob("*")).unlink()
        assert client.offset(address) == 0
        client.all(address, data, 150_000)
        assert place.used() == len(data)

    def test_one_at_a_time_writes_it(self, place, client):
        address = client.begin("a", 100_000).headers["Location"]
        held = place.do(lambda request, _service: self.hold(request, place))
        client.send(address, 0, bytes(10), 423)
        client.offset(address, 423)
        held.close()
        assert client.offset(address) == 0

    def hold(self, request, place):
        service = request.find_service(IUploads)
        (upload,) = service.unfinished(place.uids["ines"])
        path = service._path(upload)
        return service.seals.partial(upload.owner, "vdisk.file", path, upload.size)


def folder_size(place):
    return sum(path.stat().st_size for path in folder_of(place.house.registry).glob("*"))


def drifted_in(place):
    return place.do(
        lambda request, _service: [
            one for uid in place.uids.values() for one in drifts(request, uid)
        ]
    )


class TestPages:
    def test_what_is_unfinished_is_listed_and_cancelled_without_scripts(self, place, client):
        browser = place.browser("ines")
        assert "has arrived" in browser.get("/disk/uploads")
        address = client.begin("Grand film.mkv", 300_000).headers["Location"]
        client.send(address, 0, bytes(200_000))
        page = browser.get("/disk/uploads")
        assert "Grand film.mkv" in page
        assert "200 kB of 300 kB" in page.html.get_text()
        tray = browser.get(HOME).html.select_one("[data-upload]")
        assert (tray["data-upload"], tray["data-offset"]) == (address, "200000")
        number = address.rpartition("/")[2]
        assert "Grand film" not in Client(place, "paul").browser.get("/disk/uploads")
        place.click("paul", "/disk/uploads", 404, cancel=number)
        place.click("ines", "/disk/uploads", cancel=number)
        assert "is cancelled" in browser.get("/disk/uploads")
        assert files_in(place) == []
        place.browser().get("/disk/uploads", status=403)

    def test_whose_disk_it_goes_to_sees_what_others_send_there_and_cancels_it(self, place):
        folder = place.folder("Ensemble")
        place.share(folder, MEMBERS, MEMBERS)
        before = place.used()
        zoe = Client(place, "zoe")
        address = zoe.begin("Grand film.mkv", 300_000, place.path(folder)).headers["Location"]
        zoe.send(address, 0, bytes(200_000))
        assert place.used() == before + 300_000
        page = place.browser("ines").get("/disk/uploads")
        shown = page.html.select_one("section[aria-labelledby=others-title]").get_text()
        for words in ("What others send to your disk", "Grand film.mkv", "zoe", "200 kB of 300"):
            assert words in shown
        assert "Everything that you began" not in page
        assert "others-title" not in zoe.browser.get("/disk/uploads")  # to her it is her own
        assert "Grand film" not in Client(place, "paul").browser.get("/disk/uploads")
        number = address.rpartition("/")[2]
        place.click("paul", "/disk/uploads", 404, cancel=number)
        Client(place).offset(address, 404)  # nor does its owner go on with it
        place.click("ines", "/disk/uploads", cancel=number)
        assert "Everything that you began" in place.browser("ines").get("/disk/uploads")
        assert place.used() == before
        assert files_in(place) == []
        zoe.send(address, 200_000, bytes(100_000), 404)
        assert place.names(folder) == []

    def test_the_same_file_begun_again_goes_on(self, place, client):
        data, when = os.urandom(300_000), base64.b64encode(b"1700000000000").decode()
        said = {"Upload_Metadata": f"filename {base64.b64encode(b'a').decode()},modified {when}"}
        first = client.begin("a", len(data), **said)
        client.send(first.headers["Location"], 0, data[:200_000])
        again = client.begin("a", len(data), **said)
        assert again.headers["Location"] == first.headers["Location"]
        assert again.headers["Upload-Offset"] == "200000"
        assert client.begin("a", 300_001, **said).headers["Upload-Offset"] == "0"
        client.all(first.headers["Location"], data, 100_000, 200_000)

    def test_folders_are_entered_by_name(self, place, client):
        def enter(folder, name, status=200):
            given = {"csrf_token": client.headers["X-CSRF-Token"], "name": name}
            return client.browser.post(f"{folder}/enter", given, status=status)

        path = enter(HOME, "Jardin").json["path"]
        inner = enter(path, "Été").json["path"]
        assert enter(path, "Été").json["path"] == inner
        client.begin("a.txt", 3, inner, body=b"abc")
        assert "choose another" in enter(inner, "a.txt", 400)
        assert enter(inner, "..", 400).text
        assert place.names() == ["Jardin"]


class Receipt:
    """Counts what an erasure destroys."""

    count = 0

    def erased(self, _kind, count):
        self.count += count


class TestDuties:
    @pytest.mark.parametrize("whose", ["zoe", "ines"])
    def test_an_erasure_takes_what_is_sent_by_and_to_the_member(self, place, whose):
        folder = place.folder("Ensemble")
        place.share(folder, MEMBERS, place.potager)
        zoe = Client(place, "zoe")
        address = zoe.begin("a", 300_000, place.path(folder)).headers["Location"]
        zoe.send(address, 0, bytes(200_000))
        rows = place.do(lambda request, _service: list(exported(request, place.uids["zoe"])))
        assert [(row["name"], row["received"], row["bytes"]) for row in rows] == [
            ("a", 200_000, 300_000)
        ]
        receipt = Receipt()
        uid = place.uids[whose]
        more = place.do(lambda request, _service: erase_uploads(request, uid, receipt))
        assert (more, receipt.count) == (False, 1)
        assert files_in(place) == []
        zoe.offset(address, 404)
        assert not place.do(lambda request, _service: erase_uploads(request, uid, Receipt()))

    def test_what_is_not_finished_in_time_is_destroyed(self, place, client):
        address = client.begin("a", 300_000).headers["Location"]
        client.send(address, 0, bytes(200_000))
        place.later(days=8)
        assert files_in(place) == []
        client = Client(place)
        client.offset(address, 404)
        client.begin("b", 39 * MIB)

    def test_room_is_free_again_once_its_sender_may_put_nothing_there(self, place):
        folder, kept = place.folder("Repris"), place.folder("Laissé")
        before = place.used()
        for number in (folder, kept):
            place.share(number, MEMBERS, MEMBERS)
            place.do(
                lambda r, s, n=number: r.find_service(IUploads).begin(
                    s.find(n), "Place", 5000, place.uids["paul"]
                )
            )
        place.trash(folder)
        assert place.used() == before + 10_000
        place.later(days=1, minutes=1)
        assert place.used() == before + 5000

    def test_a_file_that_no_upload_knows_is_removed(self, place, client):
        client.begin("a", 300_000)
        folder = folder_of(place.house.registry)
        folder.mkdir(exist_ok=True)
        for name in ("0000000000001.part", "0000000000001.part.abc", "other"):
            (folder / name).write_bytes(b"x")
        place.later(days=2)
        assert files_in(place) == ["other"]
        (folder / "other").unlink()

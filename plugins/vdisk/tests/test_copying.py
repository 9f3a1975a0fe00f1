"""Copies that take long: made in batches, seen once they are whole, or not at all."""

from urllib.parse import quote

import pytest

from communicate.audience import MEMBERS, PRIVATE
from communicate.ids import encode
from communicate.interfaces import IErasure
from communicate.testing import promises
from communicate.testing.archives import exported
from communicate_vdisk.copying import inline, jobs, walking
from communicate_vdisk.copying.content import COPYING, DONE, FAILED
from communicate_vdisk.copying.interfaces import ICopies
from communicate_vdisk.dav import copying
from communicate_vdisk.locks.interfaces import ILocks

from .davs import Dav, place_at

HOME = "/members/ines/disk"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Let little take long, and a batch be small."""
    monkeypatch.setattr(inline, "MOST", 3)
    monkeypatch.setattr(walking, "COPIED", 2)
    monkeypatch.setattr(walking, "COUNTED", 3)
    monkeypatch.setattr(walking, "BYTES", 1000)


def fill(place, name, count=6, size=1, where=None, of="ines"):
    """Return the id of a new folder of *of* with *count* files."""
    folder = place.folder(name, where, by=of, of=of)
    for number in range(count):
        place.file(f"{number}.txt", bytes([97 + number]) * size, folder, by=of, of=of)
    return folder


@pytest.fixture
def garden(place, request):
    """Return a new folder of ines: six files, and a folder of two, one of which is large."""
    folder = fill(place, f"Jardin {request.node.name[:60]}")
    inner = fill(place, "Potager", 1, where=folder)
    place.file("Film.mp4", b"x" * 3000, inner)
    return folder


def begin(place, node, folder=None, by="ines", of="ines"):
    """Return the id of a new copy that nobody makes yet."""

    def begun(request, service):
        where = place.at(service, folder, of)
        return request.find_service(ICopies).begin([service.find(node)], where, place.uids[by]).id

    return place.do(begun)


def step(place, number):
    """Make one batch; return what is next."""
    following = jobs.batch(place.house.registry, number, 0, None)
    if following is not None and following.large:
        return jobs.batch(place.house.registry, number, following.large, None)
    return following


def finish(place, number):
    """Make it to its end."""
    while step(place, number) is not None:
        pass


def until(place, number, reached):
    """Make batches until *reached* says so of the copy."""
    while not told(place, number, reached):
        assert step(place, number) is not None


def told(place, number, func):
    """Return what *func* says of the copy."""
    return place.do(lambda r, _s: func(r.find_service(ICopies).find(number)))


def outcome(place, number):
    return told(place, number, lambda copy: (copy.state, copy.reason))


def below(place, folder):
    """Return each file below *folder* by its path, with its bytes."""

    def found(service, here, path):
        rows = {}
        for number in here.names.values():
            node = service.find(number)
            at = f"{path}/{service.name(node)}"
            if node.is_folder:
                rows.update(found(service, node, at))
            else:
                rows[at] = b"".join(service.seals.open_range(node.blob))
        return rows

    return place.do(lambda _r, s: found(s, s.find(folder), ""))


def named(place, name, where=None, login="ines"):
    return place.do(lambda _r, s: s.child(place.at(s, where, login), name).id)


def things(place, login="ines"):
    """Return how many folders and files hang in a disk, seen or not."""
    return place.do(lambda _r, s: len(list(s.disk(place.uids[login]).values())))


class TestMaking:
    def test_it_is_seen_once_it_is_whole_on_no_path_before(self, place, garden):
        target, name = place.folder("Ailleurs"), place.do(lambda _r, s: s.name(s.find(garden)))
        place.share(target, MEMBERS)
        number, steps, following = begin(place, garden, target), 0, True
        while following is not None:
            assert place.names(target) == []
            for root in told(place, number, lambda copy: copy.made):
                assert place.status("ines", place.path(root)) == 404
                assert place.status("ines", f"{place.path(root)}/zip") == 404
                assert root not in place.found("zoe", "Jardin")
            following, steps = step(place, number), steps + 1
        assert steps > 6
        made = named(place, name, target)
        assert below(place, made) == below(place, garden)
        assert len(below(place, made)) == 8
        place.house.run_jobs()
        assert made in place.found("zoe", "Jardin")
        place.used()

    def test_room_is_taken_before_the_first_byte_and_counted_at_each_batch(self, place, garden):
        before, size = place.used(), sum(map(len, below(place, garden).values()))
        number = begin(place, garden)
        until(place, number, lambda copy: copy.state == COPYING)
        assert place.used() == before + size
        while step(place, number) is not None:
            assert place.used() == before + size  # which `used` proves by adding up
        assert place.used() == before + size
        assert told(place, number, lambda copy: copy.reserved) == 0

    def test_where_there_is_no_room_nothing_is_made(self, make_place):
        place = make_place(quota="10 KB")
        number = begin(place, fill(place, "Films", 4, 1500))
        finish(place, number)
        assert outcome(place, number) == (FAILED, "room")
        assert (place.names(), things(place), place.used()) == (["Films"], 5, 6000)
        assert "There is no room for it" in place.browser("ines").get("/disk/copies").text

    def test_room_that_is_lost_meanwhile_leaves_nothing(self, make_place):
        """What grew since it was counted may be too much: all of it goes again."""
        place = make_place(quota="11 KB", **{"vdisk.versions": 0})
        folder = fill(place, "Films", 4, 900)
        number = begin(place, folder)
        until(place, number, lambda copy: copy.done == 2)
        for n in range(4):
            place.file(f"{n}.txt", b"x" * 1600, folder)
        finish(place, number)
        place.house.run_jobs()
        assert outcome(place, number) == (FAILED, "room")
        assert (place.names(), things(place), place.used()) == (["Films"], 5, 6400)

    def test_a_batch_that_is_killed_is_made_anew_as_if_it_had_not_begun(self, place, garden):
        target = place.folder("Anew")
        number, following = begin(place, garden, target), True
        while following is not None:
            for _killed in range(2):

                def undone(request):
                    request.find_service(ICopies).step(number)
                    request.tm.doom()

                place.house.work(undone)
            following = step(place, number)
        assert below(place, named(place, place.names(target)[0], target)) == below(place, garden)
        place.used()

    def test_the_name_is_another_where_it_is_taken(self, place):
        finish(place, begin(place, fill(place, "Double", 1)))
        assert "Double (2)" in place.names()

    def test_it_waits_for_who_edits_the_folder_that_it_goes_to(self, place, garden):
        target, ines = place.folder("Occupé"), place.uids["ines"]
        number = begin(place, garden, target)
        token = place.do(lambda r, s: r.find_service(ILocks).lock(s.find(target), ines).token)
        while not (following := step(place, number)).minutes:
            pass
        assert following.minutes == 1
        assert place.names(target) == []
        shown = place.browser("ines").get("/disk/copies").text
        assert "waits until nobody edits the folder" in shown
        place.do(lambda r, _s: r.find_service(ILocks).unlock(token, ines))
        assert step(place, number) is None
        assert len(place.names(target)) == 1

    def test_folders_lie_no_deeper_than_elsewhere(self, make_place):
        place = make_place()
        where = deep = here = None
        for n in range(21):
            where = place.folder(f"Tour {n}", where)
            here = place.folder(f"Puits {n}", here)
            deep = deep or here
        number = begin(place, deep, where)
        finish(place, number)
        assert outcome(place, number) == (FAILED, "deep")
        assert place.names(where) == []


class TestRights:
    def test_what_others_share_is_copied_to_ones_own_disk(self, place, garden):
        place.share(garden, place.only("paul"))
        secret = place.file("Secret.txt", b"s", garden)
        place.share(secret, PRIVATE)
        finish(place, begin(place, garden, None, "paul", "paul"))
        made = named(place, place.names(login="paul")[-1], None, "paul")
        shared = {at: data for at, data in below(place, garden).items() if "Secret" not in at}
        assert below(place, made) == shared
        paul = place.uids["paul"]
        assert place.state(made, lambda n: (n.owner, n.name.uid)) == (paul, paul)
        place.used("paul")

    def test_a_copy_into_anothers_folder_is_theirs(self, place):
        box = place.folder("Boîte")
        place.share(box, place.only("paul"), add=place.only("paul"))
        mine = fill(place, "De Paul", 4, of="paul")
        ines, paul, used = place.uids["ines"], place.uids["paul"], place.used("paul")
        before = place.used()
        finish(place, begin(place, mine, box, "paul"))
        made = named(place, "De Paul", box)
        assert place.state(made, lambda n: (n.owner, n.by)) == (ines, paul)
        assert (place.used(), place.used("paul")) == (before + 4, used)
        assert {
            place.state(n, lambda node: node.blob.uid)
            for n in place.state(made, lambda node: list(node.names.values()))
        } == {ines}

    @pytest.mark.parametrize("lost", ["source", "target", "account"])
    def test_who_loses_the_right_meanwhile_gets_no_more(self, make_place, lost):
        place = make_place()
        source, box = fill(place, "Source"), place.folder("Boîte")
        place.share(source, place.only("paul"))
        place.share(box, place.only("paul"), add=place.only("paul"))
        used = place.used()
        number = begin(place, source, box, "paul")
        until(place, number, lambda copy: copy.done >= 3)
        if lost == "account":
            place.house.work(lambda r: r.find_service(IErasure).start(place.uids["paul"]))
        else:
            place.share({"source": source, "target": box}[lost], PRIVATE)
        finish(place, number)
        place.house.run_jobs()
        if lost == "source":  # what could be read when its turn came is there, nothing since
            assert len(below(place, named(place, "Source", box))) <= 3
        else:
            assert (place.names(box), place.used()) == ([], used)

    def test_nobody_else_finds_or_ends_it(self, place, garden):
        code = encode(begin(place, garden))
        assert "test_nobody" not in place.browser("paul").get("/disk/copies").text
        place.click("paul", "/disk/copies", cancel=code, status=404)
        place.click("ines", "/disk/copies", cancel=code)
        assert code not in place.browser("ines").get("/disk/copies").text

    def test_whose_room_it_takes_sees_it_without_names_and_ends_it(self, place):
        box = place.folder("À Paul")
        place.share(box, place.only("paul"), add=place.only("paul"))
        number = begin(place, fill(place, "Confidence", of="paul"), box, "paul")
        step(place, number)
        shown = place.browser("ines").get("/disk/copies").text
        assert "A copy to your disk" in shown
        assert "Confidence" not in shown
        place.click("ines", "/disk/copies", cancel=encode(number))
        assert step(place, number) is None
        assert place.names(box) == []


class TestPage:
    def test_much_is_copied_by_a_job_with_a_page_of_its_own(self, place, garden):
        target = place.folder("Par la page")
        item, to = (place.path(each).rpartition("/")[2] for each in (garden, target))
        answer = place.click("ines", f"{HOME}/place", act="copy", item=item, to=to)
        page = answer.follow()
        assert page.request.path == "/disk/copies"
        assert "counting" in page
        assert 'data-progress="yes"' in page
        place.house.run_jobs()
        page = place.browser("ines").get("/disk/copies")
        assert "All of it is there" in page
        assert 'data-progress="yes"' not in page
        assert len(place.names(target)) == 1
        assert "you asked for ha" in place.browser("ines").get("/notices")

    def test_places_on_other_disks_are_offered(self, place, garden):
        box = place.folder("Boîte offerte")
        place.share(box, MEMBERS, add=place.only("paul"))
        place.share(garden, place.only("paul"))
        mine = place.file("À moi.txt", b"p", by="paul", of="paul")
        item = place.path(mine).rpartition("/")[2]
        page = place.browser("paul").get(f"/members/paul/disk/place?item={item}")
        page = page.click("Boîte offerte")
        assert 'value="move"' not in page
        place.click(
            "paul",
            "/members/paul/disk/place",
            item=item,
            act="move",
            status=400,
            to=place.path(box).rpartition("/")[2],
        )
        form = next(form for form in page.forms.values() if "item" in form.fields)
        form.submit("act", value="copy", status=303)
        assert place.names(box) == ["À moi.txt"]
        other = place.path(garden).rpartition("/")[2]
        page = place.browser("paul").get(f"{HOME}/place?item={other}")  # at his own disk
        assert "Copy here" in page
        assert "Boîte offerte" not in place.browser("zoe").get("/disk/shared").forms

    def test_a_reader_takes_a_copy_home_by_the_page(self, place):
        folder = place.folder("Fermé")
        number = place.file("Partagé.txt", b"p", folder)
        place.share(number, place.only("zoe"))
        page = place.browser("zoe").get(place.path(number)).click("Move or copy")
        assert "Fermé" not in page
        form = next(form for form in page.forms.values() if "item" in form.fields)
        form.submit("act", value="copy", status=303)
        made = named(place, "Partagé.txt", login="zoe")
        assert place.state(made, lambda n: (n.owner, n.by)) == (place.uids["zoe"], None)
        assert place.names(folder) == ["Partagé.txt"]

    def test_who_may_not_add_there_copies_nothing_there(self, place, garden):
        mine = place.file("Intrus.txt", b"p", by="paul", of="paul")
        item, to = (place.path(n).rpartition("/")[2] for n in (mine, garden))
        for login in ("paul", "zoe"):
            place.click(
                login, "/members/paul/disk/place", item=item, act="copy", to=to, status=404
            )
        place.share(garden, place.only("paul"))  # to see is not to add
        place.click("paul", "/members/paul/disk/place", item=item, act="copy", to=to, status=404)
        assert "Intrus.txt" not in place.names(garden)

    def test_cancelled_nothing_stays(self, make_place):
        place = make_place()
        number = begin(place, fill(place, "Long", 8))
        until(place, number, lambda copy: copy.done >= 4)
        place.click("ines", "/disk/copies", cancel=encode(number))
        assert step(place, number) is None
        place.house.run_jobs()
        assert (place.names(), things(place), place.used()) == (["Long"], 9, 8)

    def test_three_at_once_and_a_list_that_ends(self, make_place):
        place = make_place()
        item = place.path(fill(place, "Long", 4)).rpartition("/")[2]
        asked = {"act": "copy", "item": item, "to": "disk"}
        for _copy in range(3):
            place.click("ines", f"{HOME}/place", **asked)
        page = place.click("ines", f"{HOME}/place", status=400, **asked)
        assert "wait for one of them" in page
        place.house.run_jobs()
        assert place.names() == ["Long", "Long (2)", "Long (3)", "Long (4)"]
        place.later(days=4)
        assert place.do(lambda r, _s: len(r.site["disk"].copies.by_id)) == 0

    def test_what_it_left_out_is_told(self, place):
        folder = fill(place, "Mêlé", 4)

        def infect(_request, service):
            node = service.child(service.find(folder), "1.txt")
            node.held, node.blob = node.blob, None

        place.do(infect)
        number = begin(place, folder)
        finish(place, number)
        assert told(place, number, lambda c: (c.state, c.left_out)) == (DONE, 1)
        assert "left out" in place.browser("ines").get("/disk/copies").text


class TestDuties:
    def test_it_is_declared_exported_and_erased(self, make_place):
        place = make_place()
        box, mine = place.folder("Boîte"), fill(place, "De Paul", 8, of="paul")
        place.share(box, place.only("paul"), add=place.only("paul"))
        numbers = [begin(place, mine, box, "paul"), begin(place, mine, None, "paul", "paul")]
        for number in numbers:
            until(place, number, lambda copy: copy.done >= 3)
        assert promises.undeclared(place.house, "vdisk") == []
        archive = exported(place.house, "paul")
        assert [row["things"] for row in archive.records("vdisk", "copy")] == [9, 9]
        assert [row["name"] for row in archive.records("vdisk", "folder")] == ["De Paul"]
        place.house.work(lambda r: r.find_service(IErasure).start(place.uids["paul"]))
        place.house.run_jobs()
        assert place.do(lambda r, _s: len(r.site["disk"].copies.by_id)) == 0
        assert (things(place), place.used()) == (1, 0)


@pytest.fixture(scope="module")
def dav(place):
    dav = Dav(place_at(place))
    yield dav
    dav.gateway.stop()


class TestWebDAV:
    """A program waits, and is told what is true."""

    def copied(self, dav, name, to, login="ines", **headers):
        headers = {"Destination": quote(f"/dav{to}"), **headers}
        return dav.ask("COPY", f"/{login}/{name}", login, **headers)

    def test_much_is_copied_in_batches_and_there_with_the_answer(self, dav, place):
        folder = fill(place, "Dav", 7, 500)
        place.file("Film.mp4", b"x" * 5000, folder)
        assert self.copied(dav, "Dav", "/ines/Copie").status == 201
        assert below(place, named(place, "Copie")) == below(place, folder)
        place.file("neu.txt", b"neu", folder)
        kept = named(place, "Copie")
        assert self.copied(dav, "Dav", "/ines/Copie", Overwrite="F").status == 412
        assert self.copied(dav, "Dav", "/ines/Copie").status == 204
        assert below(place, named(place, "Copie")) == below(place, folder)
        assert place.state(kept, lambda node: node.is_gone)
        left = place.do(lambda r, _s: [c.quiet for c in r.site["disk"].copies.by_id.values()])
        assert not any(left)
        place.used()

    def test_too_much_is_refused_with_the_cure(self, dav, place, monkeypatch):
        fill(place, "Trop", 7)
        monkeypatch.setattr(copying, "MOST", 5)
        before = place.used()
        answer = self.copied(dav, "Trop", "/ines/Encore")
        assert answer.status == 403
        assert b"on the pages of your disk" in answer.body
        assert "Encore" not in place.names()
        place.house.run_jobs()
        assert place.used() == before

    def test_no_room_is_507_and_nothing_is_there(self, make_place):
        place = make_place(quota="10 KB")
        fill(place, "Films", 4, 1500)
        dav = Dav(place_at(place))
        try:
            answer = self.copied(dav, "Films", "/ines/Copie")
            assert (answer.status, b"no room" in answer.body) == (507, True)
            assert dav.status("PROPFIND", "/ines/Copie", Depth="0") == 404
            assert place.used() == 6000
        finally:
            dav.gateway.stop()

    def test_a_folder_that_is_locked_is_423_but_for_who_has_the_token(self, dav, place):
        box = place.folder("Commun")
        place.share(box, *[place.only("paul")] * 3)
        fill(place, "Lourd", 5)
        token = dav.lock("/ines/Commun", "paul").headers["Lock-Token"]
        assert self.copied(dav, "Lourd", "/ines/Commun/a").status == 423
        dav.ask("UNLOCK", "/ines/Commun", "paul", Lock_Token=token)
        token = dav.lock("/ines/Commun").headers["Lock-Token"]
        held = f"<http://localhost/dav/ines/Commun> ({token})"
        assert self.copied(dav, "Lourd", "/ines/Commun/a", If=held).status == 201
        assert place.names(box) == ["a"]

    def test_whose_server_was_killed_finds_nothing_later(self, place):
        """No answer came: the program does not know of it, and asks again."""
        folder = fill(place, "Tué", 5)

        def asked(request, service):
            request.member = request.site["members"]["ines"]
            disk = service.disk(place.uids["ines"])
            node = service.find(folder)
            return copying.begin(request, node, disk, "Reste", replaces=False).number

        number = place.do(asked)
        until(place, number, lambda copy: copy.done >= 2)
        place.later(minutes=11)
        assert step(place, number) is None
        assert "Reste" not in place.names()
        place.used()

    def test_what_is_large_is_not_moved_to_another_disk(self, dav, place):
        box = place.folder("Chez Ines")
        place.share(box, place.only("paul"), add=place.only("paul"))
        fill(place, "Grand", 5, of="paul")
        to = {"Destination": quote("/dav/ines/Chez Ines/Grand")}
        answer = dav.ask("MOVE", "/paul/Grand", "paul", **to)
        assert (answer.status, b"copy it there" in answer.body) == (403, True)
        assert "Grand" in place.names(login="paul")
        answer = dav.ask("COPY", "/paul/Grand", "paul", **to)
        assert answer.status == 201
        assert place.state(named(place, "Grand", box), lambda n: n.owner) == place.uids["ines"]

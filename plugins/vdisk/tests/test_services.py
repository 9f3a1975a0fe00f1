"""Folders and files: made, replaced, renamed, moved, copied; counted without drifting."""

import os
import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.cli import Console, checks
from communicate.interfaces import IQuota
from communicate.quota import QuotaExceeded
from communicate.quota.proof import drifts
from communicate_vdisk import names
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk, ITrash
from communicate_vdisk.names import BadName


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "",
            "  ",
            ".",
            "..",
            "a/b",
            "a\0b",
            "a\nb",
            "a\x7fb",
            "a\u202egpj.exe",
            "\ud800",
            "é" * 128,
        ],
    )
    def test_what_no_path_could_hold_is_refused(self, name):
        with pytest.raises(BadName) as error:
            names.checked(name)
        assert str(error.value)

    def test_a_name_is_composed_and_may_have_255_bytes(self):
        assert names.checked("e\u0301te\u0301") == "été"
        assert names.checked("é" * 127 + "x")

    @given(st.text(max_size=300))
    def test_whatever_is_taken_fits_everywhere(self, name):
        try:
            kept = names.checked(name)
        except BadName:
            return
        assert kept not in (".", "..")
        assert not set(kept) & set("/\0\n\r\x1b\x7f")
        assert len(kept.encode()) <= 255
        assert names.checked(kept) == kept
        assert names.checked(names.numbered(kept, 12)) != kept

    def test_lists_are_sorted_as_people_read(self):
        given = ["10.txt", "9.txt", "Été", "ete 2", "zèbre", "Arbre"]
        ordered = sorted(given, key=lambda name: names.sort_words(name, folder=False))
        assert ordered == ["9.txt", "10.txt", "Arbre", "Été", "ete 2", "zèbre"]
        assert names.sort_words("z", folder=True) < names.sort_words("a", folder=False)


class TestTree:
    def test_folders_come_first_and_names_are_whose_they_are(self, make_place):
        place = make_place()
        folder = place.folder("Jardin")
        place.file("a.txt")
        assert place.names() == ["Jardin", "a.txt"]
        assert place.names(folder) == []
        with pytest.raises(Refused):
            place.folder("Jardin")
        with pytest.raises(Refused):
            place.file("Jardin")

    def test_an_address_stays_when_a_thing_is_renamed_and_moved(self, make_place):
        place = make_place()
        folder, number = place.folder("Jardin"), place.file("a.txt", b"abc")
        before = place.path(number)

        def change(_request, service):
            service.rename(service.find(number), "b.txt")
            service.move(service.find(number), service.find(folder))

        place.do(change)
        assert (place.path(number), place.names(folder), place.names()) == (
            before,
            ["b.txt"],
            ["Jardin"],
        )
        assert place.data(number) == b"abc"

    def test_a_folder_goes_nowhere_into_itself_nor_over_another(self, make_place):
        place = make_place()
        outer = place.folder("Un")
        inner = place.folder("Deux", outer)
        place.folder("Un", inner)
        for act in ("move", "copy"):
            for target in (outer, inner):
                with pytest.raises(Refused):
                    place.do(
                        lambda _r, service, act=act, target=target: getattr(service, act)(
                            service.find(outer), service.find(target), *([1] * (act == "copy"))
                        )
                    )
        other = place.folder("Deux")
        with pytest.raises(Refused):  # there is a folder of that name
            place.do(lambda _r, service: service.move(service.find(other), service.find(outer)))

    def test_folders_can_not_be_endlessly_deep(self, make_place):
        place = make_place()

        def dig(_request, service):
            folder = service.disk(place.uids["ines"])
            for n in range(60):
                folder = service.make_folder(folder, str(n), place.uids["ines"])

        with pytest.raises(Refused):
            place.do(dig)

    def test_doctor_finds_no_fault_with_what_lies_in_folders(self, make_place):
        place = make_place()
        place.file("a.txt", b"x", place.folder("Jardin"))
        console = Console(None, place.house.folder, place.house.registry)
        assert list(checks.counters(console)) == []
        disk = "members", "ines", "disk"

        def miscount(request, _service):
            request.site[disk[0]][disk[1]][disk[2]]._count.change(1)

        place.do(miscount)
        assert "A Disk counts 3 things and holds 2" in "".join(checks.counters(console))

    def test_a_copy_is_a_real_one_with_all_that_is_in_it(self, make_place):
        place = make_place()
        outer = place.folder("Un")
        place.file("a.txt", b"abc", place.folder("Deux", outer))
        copied = place.do(lambda request, service: self.copied(place, request, service, outer))
        assert place.names() == ["Un", "Un (2)"]
        assert place.names(copied) == ["Deux"]
        assert place.used() == 6

    def copied(self, place, request, service, number):
        request.viewer = Everybody()
        return service.copy(
            service.find(number), service.disk(place.uids["ines"]), place.uids["ines"]
        ).id


class Everybody:
    """A viewer who holds every principal: jobs and tests act for the owner."""

    glass = None

    def __contains__(self, principal):
        return not str(principal).startswith("blocked:")


class TestBytes:
    def test_come_in_and_go_out_alike(self, make_place):
        place = make_place()
        data = os.urandom(300_000)
        assert place.data(place.file("a.bin", data)) == data
        assert place.used() == len(data)

    def test_nothing_of_name_or_bytes_lies_in_clear(self, make_place):
        place = make_place()
        place.folder("Confidentiel", place.folder("Coffre"))
        place.file("Testament.txt", b"Je soussigne " * 100)
        place.house.run_jobs()
        stored = b"".join(
            path.read_bytes() for path in place.house.folder.rglob("*") if path.is_file()
        )
        for word in (b"Testament", b"soussigne", b"Confidentiel", b"Coffre", b"testament"):
            assert word not in stored

    def test_a_large_file_needs_little_memory(self, make_place):
        place, size = make_place(), 40 * 2**20
        place.file("warm.bin", b"x")
        tracemalloc.start()
        number = place.do(
            lambda _request, service: (
                service.add_file(
                    service.disk(place.uids["ines"]), "large.bin", Zeros(size), None
                ).id
            )
        )
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert place.state(number, lambda file: file.size) == size
        assert peak < 8 * 2**20

    def test_the_type_is_what_it_holds_or_is_called_never_what_was_claimed(self, make_place):
        place = make_place()
        assert place.state(place.file("a.ODT", b"PK\3\4"), lambda file: file.media).startswith(
            "application/vnd.oasis"
        )
        assert place.state(place.file("README", b"\0\1\2"), lambda f: f.media) == (
            "application/octet-stream"
        )


class Zeros:
    """A stream of so many zeros that is never in memory as a whole."""

    def __init__(self, size):
        self.left = size

    def read(self, size):
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


class TestVersions:
    def test_what_is_replaced_is_kept_and_can_come_back(self, make_place):
        place = make_place()
        number = place.file("a.txt", b"one")
        tag = place.state(number, lambda file: file.tag)
        assert place.file("a.txt", b"other") == number
        assert place.state(number, lambda file: file.tag) != tag
        assert (place.data(number), place.used()) == (b"other", 8)
        version = place.state(number, lambda file: next(iter(file.versions)))
        place.do(lambda _r, service: service.go_back(service.find(number), version))
        assert (place.data(number), place.used()) == (b"one", 8)
        assert place.state(number, lambda file: len(file.versions)) == 1

    def test_are_no_more_than_the_site_keeps_and_end_with_their_days(self, make_place):
        place = make_place(**{"vdisk.versions": 2, "vdisk.version_days": 5})
        for n in range(5):
            number = place.file("a.txt", b"x" * (n + 1))
        assert place.state(number, lambda file: len(file.versions)) == 2
        assert place.used() == 5 + 4 + 3
        place.later(days=4)
        assert place.state(number, lambda file: len(file.versions)) == 2
        place.later(days=3)
        assert place.state(number, lambda file: len(file.versions)) == 0
        assert place.used() == 5


class TestQuota:
    def test_what_is_too_much_is_refused_and_nothing_is_kept(self, make_place):
        place = make_place(quota="10 KB")
        place.file("a.bin", b"x" * 6000)
        with pytest.raises(QuotaExceeded) as error:
            place.file("b.bin", b"x" * 6000)
        assert "room" in str(error.value.reason)
        assert (place.names(), place.used()) == (["a.bin"], 6000)

    def test_a_stream_ends_where_there_is_no_more_room(self, make_place):
        place = make_place(quota="1 MB")
        endless = Zeros(10**12)
        with pytest.raises(QuotaExceeded):
            place.do(
                lambda _request, service: service.add_file(
                    service.disk(place.uids["ines"]), "large.bin", endless, None
                )
            )
        assert endless.left > 10**12 - 2 * 2**20

    def test_attachments_elsewhere_count_too(self, make_place):
        from communicate.writing.files import BadFile, kept
        from communicate.writing.interfaces import IAttachments

        place = make_place(quota="10 KB")

        def attach(request, _service):
            file = kept("a.txt", b"x" * 6000)
            request.find_service(IAttachments).keep(place.uids["ines"], "/x", file)

        place.do(attach)
        assert place.do(lambda r, _s: r.find_service(IQuota).used(place.uids["ines"])) == 6000
        with pytest.raises(QuotaExceeded):
            place.file("b.bin", b"x" * 6000)
        place.file("c.bin", b"x" * 3000)
        with pytest.raises(BadFile):
            place.do(attach)

    def test_holds_where_many_come_at_once(self, make_place):
        from threading import Thread

        place = make_place(quota="100 KB")
        place.folder("Un")
        outcome = []

        def send(n):
            try:
                place.file(f"{n}.bin", b"x" * 30_000)
                outcome.append(n)
            except QuotaExceeded:
                pass

        threads = [Thread(target=send, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(outcome) == 3
        assert place.used() == 90_000


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["folder", "put", "rename", "move", "copy", "throw", "restore", "destroy"]
        ),
        st.integers(0, 30),
        st.integers(0, 30),
        st.sampled_from(["a", "b", "c.txt"]),
    ),
    max_size=25,
)


class TestWhateverIsDone:
    @given(ACTS)
    @settings(max_examples=15)
    def test_lists_counters_and_tree_agree(self, place, acts):
        """Each example is one member's life with a disk: whatever comes, all lists agree."""

        def live(request, service):
            request.viewer = Everybody()
            uid = place.uids["paul"]
            disk = service.disk(uid)
            for act, one, other, name in acts:
                nodes = sorted(disk.values(), key=lambda node: node.id)
                folders = [disk, *(node for node in nodes if node.is_folder and not node.is_gone)]
                alive = [node for node in nodes if not node.is_gone]
                node = alive[one % len(alive)] if alive else None
                folder = folders[other % len(folders)]
                try:
                    self.act(request, act, node, folder, name)
                except Refused:
                    continue
            self.check(service, disk)
            assert list(drifts(request, uid)) == []
            trash = request.find_service(ITrash)
            for node in list(disk.values()):
                if str(node.__name__) in disk and not node.doomed:
                    trash.destroy(node)
            assert list(drifts(request, uid)) == []
            assert (request.find_service(IQuota).used(uid), len(disk), list(disk)) == (0, 0, [])
            assert disk.folders() == 0

        place.do(live)

    def act(self, request, act, node, folder, name):
        service, trash = request.find_service(IDisk), request.find_service(ITrash)
        if act == "restore":
            thrown = list(folder.lineage())[-1].trashed
            if len(thrown):
                trash.restore(service.find(thrown[thrown.minKey()]))
            return
        done = {
            "folder": lambda: service.make_folder(folder, name, folder.owner),
            "put": lambda: service.put(folder, name, BytesIO(name.encode() * 10), folder.owner),
            "rename": lambda: service.rename(node, name),
            "move": lambda: service.move(node, folder),
            "copy": lambda: service.copy(node, folder, folder.owner),
            "throw": lambda: trash.throw(node),
            "destroy": lambda: trash.destroy(node),
        }
        if node is not None or act in ("folder", "put"):
            done[act]()

    def check(self, service, disk):
        for folder in [disk, *(node for node in disk.values() if node.is_folder)]:
            inside = {
                node.id
                for node in disk.values()
                if node.__parent__ is folder and not node.trash and not node.doomed
            }
            listed = [number for _words, number in folder.listing.after(service.seals)]
            assert set(listed) == inside
            assert set(folder.names.values()) == inside
            assert {number for _when, number in folder.dates} == inside
            assert {number for _size, number in folder.sizes} == inside
            assert folder.folders() == sum(disk.node(number).is_folder for number in inside)
            for number in inside:
                assert service.child(folder, service.name(disk.node(number))).id == number

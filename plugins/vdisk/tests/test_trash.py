"""What is thrown away is out of sight at once, comes back, or is gone for good."""

from io import BytesIO

from communicate.audience import MEMBERS


class TestThrown:
    def test_nobody_reaches_it_nor_what_it_holds(self, make_place):
        place = make_place()
        folder = place.folder("Jardin")
        number = place.file("Semis.txt", b"pois", folder)
        place.share(folder, MEMBERS)
        place.house.run_jobs()
        paths = [place.path(folder), place.path(number), f"{place.path(number)}/content"]
        assert [place.status("oscar", path) for path in paths] == [200, 200, 200]
        assert place.found("oscar", "semis") == {number}
        place.trash(folder)
        for login in ("oscar", "ines", "moira"):
            assert [place.status(login, path) for path in paths] == [404, 404, 404], login
        assert place.found("oscar", "semis") == set()
        assert place.found("ines", "semis") == set()
        place.house.run_jobs()
        place.trash(folder, "restore")
        place.house.run_jobs()
        assert [place.status("oscar", path) for path in paths] == [200, 200, 200]
        assert place.found("oscar", "semis") == {number}

    def test_comes_back_under_a_free_name_and_to_the_disk_where_its_folder_is_gone(
        self, make_place
    ):
        place = make_place()
        folder = place.folder("Jardin")
        one, two = place.file("a.txt", b"1", folder), place.file("b.txt", b"2", folder)
        place.trash(one)
        place.file("a.txt", b"3", folder)
        place.trash(one, "restore")
        assert place.names(folder) == ["a (2).txt", "a.txt", "b.txt"]
        place.trash(two)
        place.trash(folder, "destroy")
        place.house.run_jobs()
        assert (place.names(), place.used()) == ([], 1)
        place.trash(two, "restore")
        assert place.names() == ["b.txt"]
        assert place.data(two) == b"2"

    def test_is_destroyed_by_itself_after_its_days(self, make_place):
        place = make_place(**{"vdisk.trash_days": 5})
        number = place.file("a.txt", b"12345")
        place.trash(number)
        place.later(days=4)
        assert place.used() == 5
        place.later(days=3)
        assert place.used() == 0
        assert place.do(lambda _r, service: service.find(number)) is None

    def test_a_large_folder_is_out_of_reach_at_once_and_destroyed_bit_by_bit(self, make_place):
        place = make_place()
        folder = place.folder("Un")
        inner = place.folder("Deux", folder)

        def fill(_request, service):
            for n in range(260):
                service.add_file(service.find(inner), f"{n}.txt", BytesIO(b"xy"), None)

        place.do(fill)
        place.house.run_jobs()
        some = place.do(lambda _r, service: service.find(inner).names.values()[0])
        path = place.path(some)
        place.trash(folder, "destroy")
        assert place.status("ines", path) == 404
        assert 0 < place.used() < 520
        place.house.run_jobs()
        assert place.used() == 0
        assert place.do(lambda request, _s: list(request.site["disk"].owners)) == []


class TestPages:
    def test_throw_undo_restore_and_destroy(self, make_place):
        place = make_place()
        number = place.file("a.txt")
        home = "/members/ines/disk"
        page = place.click("ines", f"{home}/chosen", throw_one=place.path(number)[-13:]).follow()
        assert "1 thing is in the trash" in page
        undo = page.forms[next(k for k, f in page.forms.items() if f.action.endswith("/restore"))]
        assert "a.txt" in undo.submit().follow()
        place.click("ines", f"{home}/chosen", throw="1", item=place.path(number)[-13:])
        page = place.browser("ines").get(f"{home}/trash")
        assert "a.txt" in page
        place.browser("paul").get(f"{home}/trash", status=404)
        place.click("ines", f"{place.path(number)}/destroy")
        assert "a.txt" not in place.browser("ines").get(f"{home}/trash")
        assert place.used() == 0

    def test_what_is_not_in_the_trash_is_neither_destroyed_nor_put_back(self, make_place):
        place = make_place()
        number = place.file("a.txt")
        for act in ("destroy", "restore"):
            place.click("ines", f"{place.path(number)}/{act}", status=404)
        assert place.names() == ["a.txt"]

import sys
from types import ModuleType

import pytest

from communicate.audience import MEMBERS, PRIVATE
from communicate.catalog.bound import GRACE
from communicate.content import Folder
from communicate.interfaces import ICatalog

LONG = GRACE // 60_000 + 1  # minutes


class TestLoad:
    def test_what_is_found_is_loaded(self, site):
        site.note("un", "Le tilleul penche")
        site.note("deux", "Le chêne penche")
        assert site.find("penche") == ["deux", "un"]

    def test_the_tree_decides_whatever_the_row_says(self, site):
        site.note("un", "tilleul", owner=5)
        site.change("un", audience=PRIVATE)
        assert site.find("tilleul") == []
        site.uid = 5
        assert site.find("tilleul") == ["un"]

    def test_a_row_without_its_object_is_skipped_and_forgotten(self, site, age):
        gone, kept = site.note("un", "tilleul"), site.note("deux", "tilleul")
        site.work(lambda request: request.site["notes"].__delitem__("un"))
        age(LONG)
        assert site.rows() == {gone, kept}
        assert site.find("tilleul") == ["deux"]
        assert site.rows() == {kept}

    def test_a_new_row_may_be_ahead_of_the_reader_and_stays(self, site):
        number = site.note("un", "tilleul")
        site.work(lambda request: request.site["notes"].__delitem__("un"))
        assert site.find("tilleul") == []
        assert site.rows() == {number}

    def test_a_row_written_again_meanwhile_stays(self, site, age):
        number = site.note("un", "tilleul")
        site.work(lambda request: request.site["notes"].__delitem__("un"))
        age(LONG)

        def find(request):
            catalog = request.find_service(ICatalog)
            catalog.load(catalog.search(request.viewer, "tilleul"))
            age(-1)  # somebody writes it

        site.work(find)
        assert site.rows() == {number}

    def test_another_thing_of_the_same_name_is_not_taken_for_it(self, site, age):
        old = site.note("un", "tilleul")
        site.work(lambda request: request.site["notes"].__delitem__("un"))
        new = site.note("un", "chêne")
        age(LONG)
        assert site.find("tilleul") == []
        assert site.find("chene") == ["un"]
        assert site.rows() == {new}
        assert old != new

    def test_a_path_through_what_is_no_container_leads_nowhere(self, site, write, entry, age):
        site.note("un", "tilleul")
        write(lambda c: c.put(entry(9, "tilleul", locator=("notes", "un", "texte"))))
        age(LONG)
        assert site.find("tilleul") == ["un"]
        assert 9 not in site.rows()


class TestPlugins:
    @pytest.fixture
    def package(self, monkeypatch):
        """Return the name of a package with a container, as a plugin brings it."""
        content = ModuleType("mislaid_plugin.content")
        content.Shelf = type("Shelf", (Folder,), {"__module__": content.__name__})
        monkeypatch.setitem(sys.modules, "mislaid_plugin", ModuleType("mislaid_plugin"))
        monkeypatch.setitem(sys.modules, content.__name__, content)
        return "mislaid_plugin"

    def shelve(self, request):
        shelf = sys.modules["mislaid_plugin.content"].Shelf(None, MEMBERS)
        request.site["shelf"] = shelf

    def test_what_lies_in_a_plugin_that_is_off_is_hidden_and_kept(self, site, package, age):
        site.open(package)
        site.work(self.shelve)
        number = site.note("un", "tilleul", folder="shelf")
        age(LONG)
        site.uid = 5
        site.open()
        assert site.find("tilleul") == []
        assert site.rows() == {number}
        site.open(package)
        assert site.find("tilleul") == ["un"]

    def test_kinds_of_plugins_that_are_off_are_not_found(self, site, write, entry):
        site.note("un", "tilleul")
        write(lambda c: c.put(entry(9, "tilleul", kind="photo")))

        def ask(request):
            catalog, by = request.find_service(ICatalog), request.viewer
            return [
                [hit.kind for hit in catalog.search(by, "tilleul")],
                [hit.kind for hit in catalog.newest(by)],
                [hit.kind for hit in catalog.search(by, "tilleul", kinds=["photo"])],
                catalog.count(by, "tilleul").number,
            ]

        assert site.work(ask) == [["note"], ["note"], [], 1]


class TestWriting:
    def test_everything_a_request_says_is_written(self, site, viewer, ids):
        number = site.note("un", "tilleul", owner=5, audience=PRIVATE)

        def change(request):
            catalog = request.find_service(ICatalog)
            catalog.set_rights(number, ("circle:7",))
            catalog.hold("circle:7", 6)
            catalog.hold("circle:7", 8)
            catalog.unhold("circle:7", 8)
            catalog.block(5, 9)

        site.work(change)
        assert ids(by=viewer(6)) == [number]
        assert ids(by=viewer(8)) == []

        def block(request):
            request.find_service(ICatalog).block(6, 5)

        site.work(block)
        assert ids(by=viewer(6)) == []
        site.work(lambda request: request.find_service(ICatalog).unblock(6, 5))
        assert ids(by=viewer(6)) == [number]
        site.work(lambda request: request.find_service(ICatalog).remove(number))
        assert site.rows() == set()

    def test_a_transaction_that_fails_writes_nothing(self, site):
        def fail(request):
            request.find_service(ICatalog).set_rights(1, ("public",))
            thing = request.site["notes"]
            request.find_service(ICatalog).drop_words([thing.id])
            raise ZeroDivisionError

        site.note("un", "tilleul")
        with pytest.raises(ZeroDivisionError):
            site.work(fail)
        assert site.find("tilleul") == ["un"]

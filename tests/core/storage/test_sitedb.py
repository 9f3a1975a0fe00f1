import fractions
import importlib
import pickle
import sys
import threading
from typing import ClassVar

import pytest
import transaction
from BTrees.Length import Length
from ZODB.FileStorage import FileIterator
from ZODB.interfaces import IBroken
from ZODB.MappingStorage import MappingStorage
from ZODB.POSException import ConflictError

from communicate.content import Site
from communicate.storage.sitedb import SiteDB, modules_in


class Orchard:
    """A thing that counts how often one was called into being from a pickle."""

    awoken: ClassVar[int] = 0

    def __init__(self, trees):
        self.trees = trees

    def __reduce__(self):
        return Orchard.awake, (self.trees,), {"trees": self.trees}

    @classmethod
    def awake(cls, trees):
        cls.awoken += 1
        return cls(trees)


class Orchards(list):
    """A list of a class of its own."""


class Trees(dict):
    """A mapping of a class of its own."""


def pickled(thing):
    return pickle.dumps(thing, 3)


@pytest.fixture
def plugin(new_plugin):
    return new_plugin()


@pytest.fixture
def planted(plugin, open_tree, root, either_uri):
    """Return the address of a database whose site holds a garden of the plugin."""
    with root(open_tree(plugin, uri=either_uri)) as mapping:
        content = importlib.import_module(f"{plugin}.content")
        site = mapping["site"] = Site()
        site["garden"] = garden = content.Garden()
        garden["rose"] = content.Flower("red")
        mapping["label"] = content.Label("in the root's own record")
        mapping["measure"] = content.Measure(12)
    return either_uri


@pytest.fixture
def switched_off(planted, plugin, open_tree):
    """Return the database opened without the plugin, as by a new process."""
    open_tree(uri="memory://")
    for name in (f"{plugin}.content", plugin):
        sys.modules.pop(name, None)
    return open_tree(uri=planted)


@pytest.fixture
def uninstalled(switched_off, planted, plugin, open_tree, tmp_path):
    """Return the database opened with the plugin enabled, but its package gone."""
    (tmp_path / "packages" / plugin).rename(tmp_path / "away")
    importlib.invalidate_caches()
    return open_tree(plugin, uri=planted)


class TestAPluginThatIsOff:
    def test_reads_as_broken_and_none_of_its_code_is_imported(self, switched_off, plugin, root):
        with root(switched_off) as mapping:
            site = mapping["site"]
            assert site.get("garden") is None
            assert IBroken.providedBy(site.raw("garden"))
            assert IBroken.providedBy(mapping["label"])
            site.raw("garden").__getstate__()
        assert plugin not in sys.modules

    def test_keeps_its_state_readable(self, switched_off, root):
        with root(switched_off) as mapping:
            garden = mapping["site"].raw("garden")
            rose = garden.__getstate__()["_children"]["rose"]
            assert rose.__getstate__()["colour"] == "red"

    def test_lets_the_tree_around_it_be_written_and_packed_and_comes_back_whole(
        self, switched_off, planted, plugin, open_tree, root
    ):
        with root(switched_off) as mapping:
            mapping["site"]["other"] = Site()
            mapping["written"] = True
        switched_off.pack()
        assert plugin not in sys.modules
        with root(open_tree(plugin, uri=planted)) as mapping:
            content = importlib.import_module(f"{plugin}.content")
            garden = mapping["site"]["garden"]
            assert type(garden) is content.Garden
            assert garden["rose"].colour == "red"
            assert garden.__parent__ is mapping["site"]
            assert len(garden) == 1
            assert mapping["written"]
            assert type(mapping["label"]) is content.Label
            assert mapping["label"].text == "in the root's own record"
            assert mapping["measure"].height == 12

    def test_stays_off_when_its_parts_were_written_again_by_the_tree_around_them(
        self, switched_off, planted, plugin, open_tree, root
    ):
        with root(switched_off) as mapping:
            mapping["written"] = True
        with root(open_tree(uri=planted)) as mapping:
            assert IBroken.providedBy(mapping["label"])
            assert IBroken.providedBy(mapping["measure"])
        assert plugin not in sys.modules

    def test_is_exported_whole(self, switched_off, plugin, root):
        with root(switched_off) as mapping:
            garden = mapping["site"].raw("garden")
            with garden._p_jar.exportFile(garden._p_oid) as export:
                export.seek(0)
                data = export.read()
        assert b"colour" in data
        assert plugin not in sys.modules

    def test_refuses_to_be_changed(self, switched_off, root):
        with root(switched_off) as mapping, pytest.raises(TypeError):
            mapping["site"].raw("garden").title = "changed blindly"

    def test_is_not_imported_by_the_storage_when_two_writers_meet(
        self, switched_off, plugin, root
    ):
        def meet():
            with root(switched_off) as mapping:
                mapping["site"]["mine"] = Site()
                with root(switched_off) as other:
                    other["site"]["theirs"] = Site()

        with pytest.raises(ConflictError):
            meet()
        assert plugin not in sys.modules

    def test_reads_the_same_when_it_was_uninstalled(self, uninstalled, root):
        with root(uninstalled) as mapping:
            assert mapping["site"].get("garden") is None
            assert mapping["site"].raw("garden").__getstate__()["_count"]() == 1


class TestWhatMayBeLoaded:
    @pytest.fixture
    def database(self):
        database = SiteDB(MappingStorage(), ["acme.garden"])
        yield database
        database.close()

    @pytest.mark.parametrize(
        "module", ["communicate.content", "BTrees.OOBTree", "acme.garden", "acme.garden.content"]
    )
    def test_core_and_enabled_packages(self, database, module):
        assert database.allows(module)

    @pytest.mark.parametrize(
        "module", ["communicate_garden.content", "acme", "acme.gardener", "subprocess", "os", ""]
    )
    def test_nothing_whose_name_only_begins_alike(self, database, module):
        assert not database.allows(module)

    def test_a_module_that_fails_while_it_is_imported_leaves_the_tree_readable(
        self, new_plugin, caplog
    ):
        plugin = new_plugin({"content.py": "raise RuntimeError('out of order')"})
        database = SiteDB(MappingStorage(), [plugin])
        class_ = database.classFactory(None, f"{plugin}.content", "Garden")
        assert IBroken.implementedBy(class_)
        assert "out of order" in caplog.text
        database.close()

    def test_modules_are_found_in_both_pickles_of_a_record(self, root, database):
        with root(database) as mapping:
            mapping["site"] = Site()
        with root(database) as mapping:
            record = mapping._p_jar._storage.load(mapping["site"]._p_oid)[0]
        assert {"communicate.content", "BTrees.OOBTree", "BTrees.Length"} <= set(
            modules_in(record)
        )

    def test_modules_are_found_whatever_stands_before_them(self, database):
        words = ["cBTrees.x\n", Orchards(), fractions.Fraction(1)]
        record = pickled(Length) + pickled({"cBTrees": words})
        assert modules_in(record) == ["BTrees.Length", __name__, "fractions"]
        with pytest.raises(ConflictError, match=r"which is not enabled"):
            database.resolvable(record)

    def test_words_that_look_like_a_module_keep_nothing_from_being_merged(self, database):
        record = pickled(Length) + pickled("cacme.orchard\nTree\n")
        assert database.resolvable(record) == record

    def test_no_thing_is_made_while_modules_are_looked_for(self, database):
        many = [Orchard(number) for number in range(3)]
        things = [Orchard(1), Orchards(many), Trees({1: many[0]}), Orchard, {many[1]}]
        assert __name__ in modules_in(pickled(Length) + pickled(things))
        assert Orchard.awoken == 0


class TestWritersThatMeet:
    def test_are_merged_by_the_tree_where_all_classes_are_core_s(
        self, open_tree, root, either_uri
    ):
        database = open_tree(uri=either_uri)
        with root(database) as mapping:
            mapping["site"] = Site()
        start = threading.Barrier(2)
        failures = []

        def write(name):
            try:
                with root(database) as mapping:
                    mapping["site"][name] = Site()
                    start.wait(10)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        with root(database) as mapping:
            assert sorted(mapping["site"]) == ["one", "two"]
            assert len(mapping["site"]) == 2


class TestNotes:
    def test_are_never_written(self, open_tree, var, bytes_of):
        database = open_tree()
        manager = transaction.TransactionManager(explicit=True)
        connection = database.open(manager)
        with manager as current:
            current.note("/members/SECRETNAME")
            current.user = "SECRETUSER"
            current.setExtendedInfo("remote", "SECRETHOST")
            connection.root()["word"] = "written"
        connection.close()
        assert b"SECRET" not in bytes_of()
        notes = [
            (record.user, record.description, record.extension)
            for record in FileIterator(str(var / "Data.fs"))
        ]
        assert notes
        assert set(map(repr, notes)) == {repr((b"", b"", {}))}


def test_what_is_plain_is_no_reference_and_everything_else_is_asked(open_tree, root):
    tree = open_tree()
    with root(tree) as mapping:
        mapping["one"], mapping["two"] = Length(1), Length(2)
    with root(tree) as mapping:
        mapping["held"] = Length(
            {
                1: (b"x", None, True, 1.5, [mapping["one"], {"two": mapping["two"]}]),
                "new": Length(3),
            }
        )
    with root(tree) as mapping:
        held = mapping["held"].value
        assert held[1][:4] == (b"x", None, True, 1.5)
        assert held[1][4] == [mapping["one"], {"two": mapping["two"]}]
        assert held[1][4][0] is mapping["one"]
        assert held["new"].value == 3

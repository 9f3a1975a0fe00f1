import pytest
import sqlalchemy

from communicate.audience import MEMBERS, PRIVATE
from communicate.catalog import entry_for, set_audience
from communicate.catalog.kinds import KEY, kinds_of
from communicate.catalog.reindex import check_recent, reindex
from communicate.content import Content
from communicate.declarations import Indexable
from communicate.interfaces import ICatalog


def note_entry(_request, thing):
    return entry_for(thing, "note", words=thing.text)


def empty(catalog):
    """Lose everything that the catalog holds."""
    with catalog.engine.begin() as connection:
        for table in ("item", "right", "words", "removed"):
            connection.execute(sqlalchemy.text(f"DELETE FROM catalog_{table}"))  # noqa: S608
        connection.commit()


class TestReindex:
    def test_brings_everything_back(self, site, catalog, ids, viewer):
        site.note("un", "tilleul")
        site.note("deux", "tilleul", audience=MEMBERS)
        hidden = site.note("trois", "tilleul")
        site.change("trois", hidden=True)
        before = set(ids("tilleul", by=viewer(5)))
        empty(catalog)
        done = reindex(site.registry)
        assert done.items == {"note": 2}
        assert set(ids("tilleul", by=viewer(5))) == before - {hidden}
        assert site.find("tilleul") == ["un"]

    def test_tells_how_far_it_is(self, site, monkeypatch):
        monkeypatch.setattr("communicate.catalog.reindex.BATCH", 2)
        for number in range(5):
            site.note(f"note{number}")
        told = []
        reindex(site.registry, lambda kind, done: told.append((kind, done)))
        assert told == [("note", 2), ("note", 4), ("note", 5)]

    def test_forgets_rows_of_what_is_gone(self, site, age, write, entry):
        kept = site.note("un", "tilleul")
        site.note("deux", "tilleul")
        site.work(lambda request: request.site["notes"].__delitem__("deux"))
        write(lambda c: c.put(entry(9, kind="photo")))  # of a plugin that is not enabled
        age(1)
        assert reindex(site.registry).swept == 1
        assert site.rows() == {kept, 9}

    def test_puts_rights_right(self, site, age, ids):
        number = site.note("un", "tilleul", owner=5)
        site.change("un", audience=PRIVATE)
        assert ids("tilleul") == [number]
        age(1)
        reindex(site.registry)
        assert ids() == ids("tilleul") == []

    def test_what_is_written_meanwhile_stays(self, site, age, ids):
        """A walk that saw the old state does not bring it back."""
        number = site.note("un", "avant")
        other = site.note("deux", "avant")
        age(1)

        def entry(request, thing):
            found = indexable.entry(request, thing)
            if thing.__name__ == "un":  # its entry is made, and not written yet
                site.work(edit)
                site.work(drop)
            return found

        def edit(request):
            thing = request.site["notes"]["un"]
            thing.text = "après"
            request.find_service(ICatalog).put(indexable.entry(request, thing))

        def drop(request):
            del request.site["notes"]["deux"]
            request.find_service(ICatalog).remove(other)

        indexable = kinds_of(site.registry)["note"]
        site.registry[KEY] = {"note": Indexable("note", indexable.walk, entry)}
        reindex(site.registry)
        assert ids("apres") == [number]
        assert ids("avant") == []
        assert site.rows() == {number}

    def test_rights_stated_meanwhile_stay(self, site, age, ids):
        site.note("un", "tilleul")
        age(1)

        def entry(request, thing):
            found = indexable.entry(request, thing)
            site.work(lambda r: r.find_service(ICatalog).set_rights(found.acl, ()))
            return found

        indexable = kinds_of(site.registry)["note"]
        site.registry[KEY] = {"note": Indexable("note", indexable.walk, entry)}
        reindex(site.registry)
        assert ids() == ids("tilleul") == []

    def test_a_kind_that_fails_keeps_its_rows_and_hinders_no_other(self, site, age, catalog):
        def fail(_request):
            raise ZeroDivisionError("torn")

        notes = kinds_of(site.registry)["note"]
        number = site.note("un", "tilleul")
        age(1)
        broken = Indexable("photo", fail, notes.entry)
        site.registry[KEY] = {"photo": broken, "note": notes}
        done = reindex(site.registry)
        assert done.failed == {"photo": "ZeroDivisionError: torn"}
        assert done.items == {"note": 1}
        assert site.rows() == {number}


class Crash(BaseException):
    """The process ends here."""


def crash(site, change):
    """Do *change* in a transaction that ends between the catalog's commit and the tree's."""

    def lost(request):
        jar = request.site._p_jar
        jar.tpc_finish = die
        jars.append(jar)
        return change(request)

    def die(_transaction):
        raise Crash

    jars = []
    with pytest.raises(Crash):
        site.work(lost)
    del jars[0].tpc_finish


class TestCheckRecent:
    def test_what_only_the_catalog_knows_is_forgotten(self, site, ids):
        kept = site.note("un", "tilleul")

        def add(request):
            thing = request.site["notes"]["deux"] = Content(None)
            thing.text = "tilleul"
            request.find_service(ICatalog).put(note_entry(request, thing))

        crash(site, add)
        assert len(ids("tilleul")) == 2
        check_recent(site.registry)
        assert ids("tilleul") == [kept]

    def test_what_only_the_catalog_has_removed_comes_back(self, site, ids):
        number = site.note("un", "tilleul", audience=MEMBERS)

        def remove(request):
            del request.site["notes"]["un"]
            request.find_service(ICatalog).remove(number)

        crash(site, remove)
        assert site.rows() == set()
        check_recent(site.registry)
        site.uid = 5
        assert site.find("tilleul") == ["un"]

    def test_what_only_the_catalog_has_changed_is_put_back(self, site, ids):
        number = site.note("un", "avant")

        def change(request):
            thing = request.site["notes"]["un"]
            thing.text = "après"
            request.find_service(ICatalog).put(note_entry(request, thing))

        crash(site, change)
        assert ids("apres") == [number]
        check_recent(site.registry)
        assert ids("apres") == []
        assert ids("avant") == [number]

    def test_rights_that_only_the_catalog_knows_are_put_back(self, site, age, ids):
        number = site.note("un", "tilleul")
        age(60)

        def narrow(request):
            request.site["notes"].audience = PRIVATE
            set_audience(request, request.site["notes"])

        crash(site, narrow)
        assert ids() == []
        check_recent(site.registry)
        assert ids() == ids("tilleul") == [number]

    def test_looks_at_the_last_minute_of_work_however_long_ago(self, site, age):
        site.note("un")
        age(5)
        site.note("deux")
        age(100)
        assert check_recent(site.registry) == 1

    def test_what_is_right_stays_as_it_is(self, site, ids):
        site.note("un", "tilleul")
        site.note("deux", "tilleul", audience=PRIVATE, owner=5)
        site.change("un", hidden=True)
        assert check_recent(site.registry) == 2
        assert site.find("tilleul") == []
        site.uid = 5
        assert len(site.rows()) == 1

    def test_an_empty_catalog_has_nothing_to_check(self, site):
        assert check_recent(site.registry) == 0

    def test_beside_a_serving_site_what_is_being_written_is_left_alone(self, site, age, ids):
        def add(request):
            thing = request.site["notes"]["deux"] = Content(None)
            thing.text = "tilleul"
            request.find_service(ICatalog).put(note_entry(request, thing))

        crash(site, add)
        assert check_recent(site.registry, serving=True) == 0
        assert len(ids("tilleul")) == 1
        age(1)
        assert check_recent(site.registry, serving=True) == 1
        assert ids("tilleul") == []

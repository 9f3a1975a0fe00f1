import threading

import pytest
import sqlalchemy
import transaction
from persistent.mapping import PersistentMapping
from ZODB.DB import DB
from ZODB.MappingStorage import MappingStorage
from ZODB.POSException import ConflictError

from communicate.catalog import CatalogBusy
from communicate.catalog.datamanager import SORT_KEY
from communicate.storage.database import open_database
from communicate.storage.retry import pause


@pytest.fixture
def manager():
    return transaction.TransactionManager()


@pytest.fixture
def database():
    database = DB(MappingStorage())
    yield database
    database.close()


def dm(catalog, manager):
    catalog.changes(manager)
    return manager.get().data(catalog.engine)


class TestCommit:
    def test_nothing_is_written_before_the_vote(self, catalog, manager, entry, ids, monkeypatch):
        began = []
        begin = catalog.engine.begin
        monkeypatch.setattr(catalog.engine, "begin", lambda: began.append(1) or begin())
        manager.begin()
        catalog.changes(manager).put(entry(1, "mot"))
        assert not began
        manager.commit()
        assert began == [1]
        assert ids("mot ") == [1]

    def test_all_of_a_transaction_lands_at_once(self, catalog, manager, entry, ids):
        manager.begin()
        changes = catalog.changes(manager)
        changes.put(entry(1, "mot"))
        changes.put(entry(2, "mot"))
        changes.remove(1)
        manager.commit()
        assert ids("mot ") == [2]

    def test_an_idle_transaction_does_not_open_the_database(self, catalog, manager, monkeypatch):
        monkeypatch.setattr(catalog.engine, "begin", lambda: pytest.fail("opened"))
        manager.begin()
        catalog.changes(manager)
        manager.commit()

    def test_each_transaction_has_its_own_changes(self, catalog, manager, entry, ids):
        for number in (1, 2):
            manager.begin()
            catalog.changes(manager).put(entry(number))
            manager.commit()
        assert ids() == [2, 1]

    def test_it_goes_before_any_tree(self, catalog, manager, database, tmp_path):
        manager.begin()
        file = open_database(None, tmp_path / "var")
        for tree in (database, file):
            assert dm(catalog, manager).sortKey() < tree.open(manager).sortKey()
        assert SORT_KEY < "/"  # where the key of a RelStorage or a client may begin
        manager.abort()
        file.close()


class TestAbort:
    def test_leaves_nothing(self, catalog, manager, entry, ids):
        manager.begin()
        catalog.changes(manager).put(entry(1, "mot"))
        manager.abort()
        manager.begin()
        manager.commit()
        assert ids() == []

    def test_a_conflict_in_the_tree_undoes_the_catalog(
        self, catalog, manager, database, entry, ids
    ):
        other = transaction.TransactionManager()
        with manager:
            database.open(manager).root()["count"] = PersistentMapping(value=0)
        manager.begin()
        other.begin()
        for each in (manager, other):
            database.open(each).root()["count"]["value"] += 1
        catalog.changes(manager).put(entry(1))
        catalog.changes(other).put(entry(2))
        other.commit()
        with pytest.raises(ConflictError):
            manager.commit()
        manager.abort()
        assert ids() == [2]

    def test_a_tree_that_fails_in_its_vote_undoes_the_catalog(
        self, catalog, manager, database, entry, ids, monkeypatch
    ):
        manager.begin()
        connection = database.open(manager)
        connection.root()["word"] = "new"
        catalog.changes(manager).put(entry(1))
        monkeypatch.setattr(connection, "tpc_vote", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            manager.commit()
        manager.abort()
        assert ids() == []

    def test_a_catalog_that_cannot_commit_undoes_the_tree(
        self, catalog, manager, database, entry, ids, monkeypatch
    ):
        manager.begin()
        database.open(manager).root()["word"] = "new"
        catalog.changes(manager).put(entry(1))
        monkeypatch.setattr(manager.get().data(catalog.engine), "tpc_finish", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            manager.commit()
        manager.abort()
        with manager:
            assert "word" not in database.open(manager).root()
        assert ids() == []


class TestSavepoint:
    def test_rolling_back_forgets_what_came_after(self, catalog, manager, entry, ids):
        manager.begin()
        catalog.changes(manager).put(entry(1))
        savepoint = manager.savepoint()
        catalog.changes(manager).put(entry(2))
        catalog.changes(manager).remove(1)
        savepoint.rollback()
        catalog.changes(manager).put(entry(3))
        savepoint.rollback()
        manager.commit()
        assert ids() == [1]

    def test_a_change_after_a_savepoint_older_than_the_first_is_kept(
        self, catalog, manager, entry, ids
    ):
        manager.begin()
        savepoint = manager.savepoint()
        catalog.changes(manager).put(entry(1))
        savepoint.rollback()
        catalog.changes(manager).put(entry(2))
        manager.commit()
        assert ids() == [2]


class TestBusy:
    def test_a_held_lock_is_a_transient_error(self, catalog, manager, entry, ids, monkeypatch):
        monkeypatch.setattr("communicate.catalog.postgresql.LOCK_SECONDS", 0.2)
        blocker = catalog.engine.begin()
        blocker.exec_driver_sql("DELETE FROM catalog_item")
        if blocker.dialect.name == "postgresql":
            blocker.exec_driver_sql("LOCK TABLE catalog_item")
        else:
            shorten(catalog)
        manager.begin()
        catalog.changes(manager).put(entry(1))
        with pytest.raises(CatalogBusy) as caught:
            manager.commit()
        assert manager.get().isRetryableError(caught.value)
        manager.abort()
        blocker.close()
        with manager:
            catalog.changes(manager).put(entry(1))
        assert ids() == [1]

    def test_another_error_is_not(self, catalog, manager, entry):
        manager.begin()
        catalog.changes(manager).put(entry(1, kind=None))
        with pytest.raises(Exception, match=r"(?i)null") as caught:
            manager.commit()
        assert not manager.get().isRetryableError(caught.value)
        manager.abort()


def shorten(catalog):
    """Let new connections give up at once, as the pool's would after their five seconds."""

    @sqlalchemy.event.listens_for(catalog.engine.sql, "checkout")
    def give_up(raw, _record, _proxy):
        raw.execute("PRAGMA busy_timeout=50")


class TestThreads:
    def test_what_eight_threads_write_all_lands(self, catalog, entry, ids, viewer):
        failed = []
        start = threading.Barrier(8)

        def once(thread, number):
            manager = transaction.TransactionManager()
            with manager:
                changes = catalog.changes(manager)
                changes.put(entry(1 + thread * 100 + number, "mot"))
                changes.put(entry(999_999, f"mot fil{thread}", acl=1))

        def write(thread):
            start.wait()
            for number in range(25):
                for tried in range(1, 20):
                    try:
                        once(thread, number)
                        break
                    except CatalogBusy:
                        pause(tried)
                else:
                    failed.append((thread, number))

        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert len(ids("mot ", limit=1_000)) == 201
        assert catalog.count(viewer()).number == 201

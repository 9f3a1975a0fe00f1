"""Words are kept only while members or everybody may read, and leave no trace when they go."""

import threading

import pytest

from communicate.catalog import Count

MARKER = "anticonstitutionnellement"


@pytest.fixture
def raw(sqlite):
    """Return what reads every byte of the catalog's files."""
    from pathlib import Path

    folder = Path(sqlite.removeprefix("sqlite:///")).parent
    return lambda: b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


@pytest.fixture
def stored(catalog):
    """Return what reads every text that the database holds, by plain SQL."""

    def stored():
        with catalog.engine.begin() as connection:
            names = ("catalog_item", "catalog_right", "catalog_removed", "catalog_words")
            rows = [connection.exec_driver_sql(f"SELECT * FROM {n}").all() for n in names]  # noqa: S608
        return repr(rows)

    return stored


class TestStoredWords:
    @pytest.mark.parametrize("principals", [("public",), ("members",), ("member:5", "members")])
    def test_of_what_members_may_read_are_kept(self, write, entry, stored, principals):
        write(lambda c: c.put(entry(1, MARKER, title="Jardin", principals=principals)))
        assert MARKER in stored()
        assert "jardin" in stored()

    @pytest.mark.parametrize(
        "principals", [(), ("member:5",), ("contacts:5",), ("circle:7",), ("group:operators",)]
    )
    def test_of_narrower_things_never_arrive(self, write, entry, stored, principals):
        write(lambda c: c.put(entry(1, MARKER, title="Jardin", principals=principals)))
        assert MARKER not in stored()
        assert "jardin" not in stored()

    def test_of_what_narrows_leave_when_it_is_put_again(self, write, entry, stored, ids):
        write(lambda c: c.put(entry(1, MARKER, title="Jardin")))
        write(lambda c: [c.set_rights(1, ("member:5",)), c.put(entry(1, MARKER, title="Jardin"))])
        assert MARKER not in stored()
        assert "jardin" not in stored()
        assert ids(MARKER) == []

    def test_can_be_dropped_and_the_row_stays(self, write, entry, stored, ids):
        write(lambda c: [c.put(entry(n, MARKER, title="Jardin")) for n in (1, 2)])
        write(lambda c: c.drop_words([1, 2, 3]))
        assert MARKER not in stored()
        assert "jardin" not in stored()
        assert ids() == [2, 1]

    def test_of_what_is_removed_go(self, write, entry, stored):
        write(lambda c: c.put(entry(1, MARKER)))
        write(lambda c: c.remove(1))
        assert MARKER not in stored()

    def test_are_kept_when_put_after_they_were_dropped(self, write, entry, ids):
        write(lambda c: [c.drop_words([1]), c.put(entry(1, MARKER))])
        assert ids(MARKER) == [1]


class TestBytes:
    @pytest.fixture
    def url(self, sqlite):
        return sqlite

    def fill(self, write, entry):
        write(lambda c: [c.put(entry(n, f"mot{n} commun", title=f"t{n}")) for n in range(2, 300)])
        write(lambda c: c.put(entry(1, MARKER, title="Jardinet", locator=("adelaide", "1"))))
        write(lambda c: [c.put(entry(n, f"autre{n}")) for n in range(300, 600)])

    @pytest.mark.parametrize("deleting", ["remove", "drop", "narrow", "replace"])
    def test_deleted_words_are_nowhere_in_the_files(
        self, write, entry, raw, catalog, deleting, ids
    ):
        self.fill(write, entry)
        assert MARKER.encode() in raw()
        write(
            {
                "remove": lambda c: c.remove(1),
                "drop": lambda c: c.drop_words([1]),
                "narrow": lambda c: [
                    c.set_rights(1, ()),
                    c.put(entry(1, MARKER, title="Jardinet")),
                ],
                "replace": lambda c: c.put(entry(1, "autre")),
            }[deleting]
        )
        catalog.checkpoint()
        # The index keeps what a word shares with its neighbours once, so part of it counts too.
        assert MARKER[4:].encode() not in raw()
        assert b"jardinet" not in raw()
        assert ids("commun", limit=1) == [299]

    def test_where_a_removed_thing_was_goes_too(self, write, entry, raw, catalog):
        self.fill(write, entry)
        catalog.checkpoint()
        assert b"adelaide" in raw()
        write(lambda c: c.remove(1))
        catalog.checkpoint()
        assert b"adelaide" not in raw()

    def test_it_waits_for_readers_and_writers(self, write, entry, raw, catalog):
        self.fill(write, entry)
        reader = catalog.engine.sql.connect()
        reader.exec_driver_sql("SELECT count(*) FROM catalog_item").all()
        write(lambda c: c.remove(1))
        release = threading.Timer(0.5, reader.close)
        release.start()
        catalog.checkpoint()
        release.join()
        assert MARKER[4:].encode() not in raw()

    @pytest.mark.slow  # SQLite itself waits its five seconds first
    def test_it_gives_up_with_a_sentence(self, write, entry, catalog):
        self.fill(write, entry)
        with catalog.engine.sql.connect() as reader:
            reader.exec_driver_sql("SELECT count(*) FROM catalog_item").all()
            write(lambda c: c.remove(1))
            with pytest.raises(TimeoutError, match="run the command again"):
                catalog.checkpoint(patience=0.2)


class TestCheckpoint:
    def test_loses_nothing(self, write, entry, ids, catalog, viewer):
        write(lambda c: [c.put(entry(n, "mot")) for n in range(1, 50)])
        write(lambda c: c.remove(7))
        catalog.checkpoint()
        assert catalog.count(viewer(), "mot") == Count(48)
        write(lambda c: c.put(entry(7, "mot")))
        assert catalog.count(viewer(), "mot") == Count(49)

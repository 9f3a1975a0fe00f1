"""Lists of one kind: labels, stretches of time, and viewers who may read few of very many."""

import pytest
from sqlalchemy import event, select

from communicate.catalog import lists, make_catalog
from communicate.catalog.prepared import values_of
from communicate.catalog.queries import reader_of
from communicate.catalog.tables import label, sealed
from communicate.principals import MEMBERS, PUBLIC, contacts

KINDS = ("note",)


@pytest.fixture(params=[(0, 0), (3, 7), (2, 2_000), (2_000, 0)], ids=lambda rows: str(rows))
def window(request, monkeypatch):
    """Have pages looked for among few rows before the other way is taken, or among many."""
    monkeypatch.setattr(lists, "NEAR", request.param[0])
    monkeypatch.setattr(lists, "FAR", request.param[1])


@pytest.fixture
def many(write, entry):
    """Sixty notes: every tenth for members, the rest for the contacts of member 5."""

    def fill(changes):
        changes.holders[contacts(5), 9] = True
        for number in range(1, 61):
            whose = (MEMBERS,) if number % 10 == 0 else (contacts(5),)
            label = ("tag:tenth",) if number % 10 == 0 else ("tag:other",)
            changes.put(entry(number, principals=whose, author=7, labels=label))

    write(fill)


class TestSparse:
    def test_each_finds_what_is_theirs_in_order(self, window, many, ids, viewer):
        assert ids(by=viewer(3), kinds=KINDS, limit=4) == [60, 50, 40, 30]
        assert ids(by=viewer(9), kinds=KINDS, limit=4) == [60, 59, 58, 57]
        assert ids(by=viewer(7), kinds=KINDS, limit=2) == [60, 59]
        assert ids(kinds=KINDS) == []

    def test_pages_follow_each_other_either_way(self, window, many, ids, viewer):
        who = viewer(3)
        assert ids(by=who, kinds=KINDS, limit=2, before=(40, 40)) == [30, 20]
        assert ids(by=who, kinds=KINDS, limit=2, ending=(10, 10)) == [30, 20]
        assert ids(by=who, kinds=KINDS, limit=9, ending=(40, 40)) == [60, 50]

    @pytest.mark.parametrize("limit", [1, 2, 7])
    def test_pages_of_any_size_show_each_once(self, window, many, ids, viewer, limit):
        for who in (viewer(3), viewer(9), viewer(7)):
            whole = ids(by=who, kinds=KINDS, limit=100)
            place, shown = None, []
            while page := ids(by=who, kinds=KINDS, limit=limit, before=place):
                shown += page
                place = (page[-1], page[-1])
            assert shown == whole
            place, shown = (0, 0), []
            while page := ids(by=who, kinds=KINDS, limit=limit, ending=place):
                shown = page + shown
                place = (page[0], page[0])
            assert shown == whole

    def test_what_was_shared_several_ways_is_found_once(self, window, ids, viewer, write, entry):
        write(lambda changes: changes.put(entry(1, principals=(MEMBERS, PUBLIC), author=3)))
        assert ids(by=viewer(3), kinds=KINDS) == [1]
        assert ids(by=viewer(4), kinds=KINDS) == [1]

    def test_the_second_way_looks_at_the_index_of_rights_alone(self, sqlite, viewer):
        catalog = make_catalog(sqlite)
        asked = {"kinds": KINDS, "author": 5, "earliest": 1, "before": (9, 9), "limit": 2}
        values = values_of(reader_of(viewer(3)), asked)
        statement = catalog._statements.of("sparse", values)
        plan = plan_of(catalog, statement, values)
        catalog.close()
        assert "catalog_item USING COVERING INDEX catalog_item_acl (acl=?)" in plan
        assert "catalog_item USING INDEX catalog_item_author (author=?" in plan  # one's own
        assert "SCAN catalog_item" not in plan

    def test_terms_hold_as_well(self, window, many, ids, viewer, write):
        assert ids(by=viewer(3), kinds=KINDS, earliest=20, latest=40) == [40, 30, 20]
        assert ids(by=viewer(3), kinds=KINDS, author=8) == []
        assert ids(by=viewer(3), kinds=("other",)) == []
        write(lambda changes: changes.blocks.update({(7, 3): True}))
        assert ids(by=viewer(3), kinds=KINDS) == []


class TestLabels:
    def test_narrow_a_list(self, window, many, ids, viewer):
        who = viewer(3)
        assert ids(by=who, kinds=KINDS, labels=("tag:tenth",), limit=2) == [60, 50]
        assert ids(by=who, kinds=KINDS, labels=("tag:tenth",), before=(20, 20)) == [10]
        assert ids(by=who, kinds=KINDS, labels=("tag:tenth",), ending=(40, 40)) == [60, 50]
        assert ids(by=who, kinds=KINDS, labels=("tag:tenth", "tag:other")) == []
        assert ids(by=viewer(9), kinds=KINDS, labels=("tag:other",)) == []

    def test_several_are_all_asked_for(self, window, write, entry, ids):
        write(lambda changes: changes.put(entry(1, labels=("tag:a", "tag:b"))))
        write(lambda changes: changes.put(entry(2, labels=("tag:a",))))
        assert ids(kinds=KINDS, labels=("tag:a",)) == [2, 1]
        assert ids(kinds=KINDS, labels=("tag:b", "tag:a")) == [1]

    def test_are_counted(self, many, catalog):
        found = catalog.labelled(range(1, 41))
        assert found == [("tag:tenth", 4, 40)]

    def test_of_what_few_may_read_are_nowhere_in_the_clear(self, catalog, write, entry):
        catalog.engine.seal = lambda uid, text: f"{uid}:{text}".encode()[::-1]
        write(lambda changes: changes.put(entry(1, labels=("tag:a",), principals=(PUBLIC,))))
        assert rows(catalog) == [("tag:a", 1)]
        write(lambda changes: changes.set_rights(1, ("member:4",)))
        write(lambda changes: changes.put(entry(1, labels=("tag:a",), author=4)))
        assert rows(catalog) == []
        with catalog.engine.sql.connect() as connection:
            assert connection.scalar(select(sealed.c.envelope))[::-1] == b"4: tag:a "

    @pytest.mark.parametrize(
        "leave", [lambda changes: changes.remove(1), lambda changes: changes.drop_words([1])]
    )
    def test_leave_with_the_item_and_with_its_words(self, catalog, write, entry, leave):
        write(lambda changes: changes.put(entry(1, labels=("tag:a",))))
        write(leave)
        assert rows(catalog) == []

    def test_are_those_that_were_written_last(self, catalog, write, entry):
        write(lambda changes: changes.put(entry(1, labels=("tag:a",))))
        write(lambda changes: changes.put(entry(1, labels=("tag:b",), time=5)))
        assert rows(catalog) == [("tag:b", 1)]


def plan_of(catalog, statement, values):
    """Return how SQLite is going to answer *statement*, a line for each step."""
    steps = []

    def explain(connection, cursor, text, parameters, _context, _many):
        steps[:] = cursor.execute(f"EXPLAIN QUERY PLAN {text}", parameters).fetchall()

    event.listen(catalog.engine.sql, "before_cursor_execute", explain)
    with catalog.engine.sql.connect() as connection:
        connection.execution_options(communicate_reads=True).execute(statement, values)
    return "\n".join(step[3] for step in steps)


def rows(catalog):
    with catalog.engine.sql.connect() as connection:
        return [tuple(row) for row in connection.execute(select(label.c.label, label.c.id))]

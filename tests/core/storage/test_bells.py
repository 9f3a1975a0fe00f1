"""Whoever waits for a change in the tree hears of it, and asks the storage nothing meanwhile."""

import threading

import pytest
from persistent.mapping import PersistentMapping

from communicate.storage.database import open_database


class Listener:
    """Somebody who waits, and counts how often it rang."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1


@pytest.fixture
def things(open_tree, root, either_uri):
    """Return a database, and the oids of two things in it."""
    tree = open_tree(uri=either_uri)
    with root(tree) as mapping:
        mapping["one"], mapping["two"] = PersistentMapping(), PersistentMapping()
    with root(tree) as mapping:
        return tree, mapping["one"]._p_oid, mapping["two"]._p_oid


def spoil(mapping):
    """Change something, and fail."""
    mapping["one"]["word"] = 1
    raise ZeroDivisionError


class TestInOneProcess:
    def test_what_is_committed_rings_for_who_waits_for_it(self, things, root):
        tree, one, two = things
        first, second = Listener(), Listener()
        with tree.bells.hung([one], first), tree.bells.hung([two], second):
            with root(tree) as mapping:
                mapping["one"]["word"] = 1
                assert first.count == 0
            assert (first.count, second.count) == (1, 0)
            with root(tree) as mapping:
                mapping["one"]["word"] = mapping["two"]["word"] = 2
            assert (first.count, second.count) == (2, 1)

    def test_commits_are_counted_where_nobody_else_commits(self, things, root, either_uri):
        tree, _one, _two = things
        before = tree.bells.commits
        with root(tree) as mapping:
            mapping["one"]["word"] = 1
        assert tree.bells.commits == (before + 1 if either_uri is None else None)
        with root(tree) as mapping:
            assert mapping["one"]["word"] == 1
        assert tree.bells.commits == (before + 1 if either_uri is None else None)

    def test_what_is_undone_does_not_ring(self, things, root):
        tree, one, _two = things
        heard = Listener()
        with (
            tree.bells.hung([one], heard),
            pytest.raises(ZeroDivisionError),
            root(tree) as mapping,
        ):
            spoil(mapping)
        assert heard.count == 0

    def test_what_a_savepoint_holds_rings_at_its_commit(self, things, root):
        tree, one, _two = things
        heard = Listener()
        with tree.bells.hung([one], heard), root(tree) as mapping:
            mapping["one"]["word"] = 1
            mapping._p_jar.transaction_manager.savepoint()
            assert heard.count == 0
        with tree.bells.hung([one], heard):
            pass
        assert heard.count == 1

    def test_one_thing_that_changes_rings_once_for_who_waits_for_several(self, things, root):
        tree, one, two = things
        heard = Listener()
        with tree.bells.hung([one, two], heard), root(tree) as mapping:
            mapping["one"]["word"] = mapping["two"]["word"] = 1
        assert heard.count == 1

    def test_a_bell_that_was_taken_off_is_silent(self, things, root):
        tree, one, _two = things
        heard, other = Listener(), Listener()
        with tree.bells.hung([one], other):
            with tree.bells.hung([one], heard):
                pass
            with root(tree) as mapping:
                mapping["one"]["word"] = 1
        assert (heard.count, other.count) == (0, 1)

    def test_threads_hang_and_ring_at_the_same_time(self, things):
        tree, one, two = things
        heard = Listener()
        done = threading.Event()

        def ring():
            while not done.is_set():
                tree.bells.ring([one, two])

        ringer = threading.Thread(target=ring)
        ringer.start()
        try:
            for _time in range(2_000):
                with tree.bells.hung([one, two], heard):
                    pass
        finally:
            done.set()
            ringer.join()
        tree.bells.ring([one, two])
        before = heard.count
        tree.bells.ring([one, two])
        assert heard.count == before


class TestAcrossProcesses:
    @pytest.fixture
    def both(self, postgres, tmp_path, root):
        """Return two databases on one storage, and the oids of two things in it."""
        trees = [open_database(postgres, tmp_path / name) for name in ("one", "two")]
        with root(trees[0]) as mapping:
            mapping["one"], mapping["two"] = PersistentMapping(), PersistentMapping()
        with root(trees[0]) as mapping:
            oids = mapping["one"]._p_oid, mapping["two"]._p_oid
        yield trees, *oids
        for tree in trees:
            tree.close()

    def test_a_look_rings_for_what_others_have_committed(self, both, root):
        (here, there), one, two = both
        first, second = Listener(), Listener()
        with here.bells.hung([one], first), here.bells.hung([two], second):
            here.bells.look()
            assert (first.count, second.count) == (1, 1)  # at the first look nobody knows
            here.bells.look()
            assert (first.count, second.count) == (1, 1)
            with root(there) as mapping:
                mapping["one"]["word"] = 1
            assert first.count == 1
            here.bells.look()
            here.bells.look()
            assert (first.count, second.count) == (2, 1)

    def test_nothing_is_asked_while_nobody_waits(self, both, root):
        (here, there), one, _two = both
        here.bells.look()
        heard = Listener()
        with here.bells.hung([one], heard):
            here.bells.look()
        here.bells.look()
        assert here.bells._view is None
        with root(there) as mapping:
            mapping["one"]["word"] = 1
        with here.bells.hung([one], heard):
            here.bells.look()
        assert heard.count == 2

    def test_after_a_look_that_failed_the_next_one_rings_for_all(self, both, root, monkeypatch):
        (here, there), one, _two = both
        heard = Listener()
        with here.bells.hung([one], heard):
            here.bells.look()
            with monkeypatch.context() as patch:
                view = here.bells._view
                patch.setattr(view, "poll_invalidations", lambda: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    here.bells.look()
            with root(there) as mapping:
                mapping["one"]["word"] = 1
            here.bells.look()
        assert heard.count == 2

    def test_no_transaction_stays_open_after_a_look(self, both, postgres):
        import psycopg2

        (here, _there), one, _two = both
        with here.bells.hung([one], Listener()):
            here.bells.look()
            with psycopg2.connect(postgres) as connection, connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND state LIKE 'idle in transaction%'"
                )
                assert cursor.fetchone() == (0,)
            connection.close()

"""What is relied on is held: a change by another transaction makes this one be tried again."""

import pytest
import transaction
from BTrees.LOBTree import LOBTree
from persistent import Persistent
from ZODB.MappingStorage import DB
from ZODB.POSException import ConflictError

from communicate.storage.holding import hold, hold_tree

FEW, MANY = range(0, 6, 2), range(0, 2_000, 2)


class Thing(Persistent):
    """Something in the tree; two are changed apart."""


class Two:
    """Two connections to one database, in which ``thing``, ``other`` and ``tree`` are."""

    def __init__(self, keys):
        self.db = DB()
        self.own, self.others = (transaction.TransactionManager() for _ in range(2))
        self.here, self.there = self.db.open(self.own).root(), self.db.open(self.others).root()
        self.here["thing"], self.here["other"], self.here["tree"] = Thing(), Thing(), LOBTree()
        self.here["tree"].update(dict.fromkeys(keys, 0))
        self.own.commit()
        self.others.begin()
        self.own.begin()

    def conflicts(self, relied, changed):
        """Tell whether this transaction fails, which relies on *relied* while *changed* is."""
        relied(self.here)
        changed(self.there)
        self.others.commit()
        self.here["other"].state = 1
        try:
            self.own.commit()
        except ConflictError:
            self.own.abort()
            return True
        return False


@pytest.fixture(params=[FEW, MANY], ids=["few", "many"])
def two(request):
    return Two(request.param)


def change(root):
    root["thing"].state = 2


def test_a_thing_that_is_read_may_change(two):
    assert not two.conflicts(lambda root: root["thing"], change)


def test_a_thing_that_is_held_may_not(two):
    assert two.conflicts(lambda root: hold(root["thing"]), change)


def test_a_thing_that_is_held_before_it_is_loaded_may_not_either(two):
    two.here["thing"]._p_deactivate()
    assert two.conflicts(lambda root: hold(root["thing"]), change)


def test_what_was_made_in_this_transaction_is_nobody_elses(two):
    assert not two.conflicts(lambda _root: hold(Thing()), change)


@pytest.mark.parametrize("key", [1, 999, 5_000])
def test_a_tree_that_is_held_gets_no_new_key(two, key):
    assert two.conflicts(
        lambda root: hold_tree(root["tree"]), lambda root: root["tree"].update({key: 1})
    )

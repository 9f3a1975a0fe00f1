"""Records are those of ZODB: what refers to an object refers to it, wherever it stands."""

import datetime
import io
import threading

import pytest
import transaction
from BTrees.LOBTree import LOBTree
from persistent import Persistent
from persistent.mapping import PersistentMapping
from ZODB.MappingStorage import MappingStorage
from ZODB.serialize import ObjectWriter
from zodbpickle.pickle import Unpickler

from communicate.sealing.content import Sealed
from communicate.storage.records import is_plain
from communicate.storage.sitedb import SiteDB


class Thing(Persistent):
    """Something with attributes."""

    def __init__(self, **named):
        self.__dict__.update(named)


class Made(Persistent):
    """Something that says how it is made."""

    def __new__(cls, size=0):
        found = super().__new__(cls)
        found.size = size
        return found

    def __getnewargs__(self):
        return (self.size,)


@pytest.fixture
def db():
    """Return a database in memory that may load the classes of this test."""
    found = SiteDB(MappingStorage(), [__name__])
    yield found
    found.close()


def other():
    """Return an object that lies in the tree by itself."""
    return Thing(name="other")


HOLDERS = {
    "attribute": lambda one: Thing(one=one),
    "tuple": lambda one: Thing(line=(1, (2, (3, (4, (5, one)))))),
    "list": lambda one: Thing(line=[1, "two", one]),
    "dict": lambda one: Thing(by={"a": {"b": {"c": {"d": {"e": one}}}}}),
    "key": lambda one: Thing(by={("a", one): 1}),
    "set": lambda one: Thing(all={"a", one}),
    "beside what is sealed": lambda one: Thing(name=Sealed(1, "x", b"y"), one=one),
    "mapping": lambda one: PersistentMapping(a=1, one=one),
    "tree": lambda one: LOBTree({1: b"x", 2: one}),
    "pair in a tree": lambda one: LOBTree({1: b"x", 2: (b"y", one)}),
}


@pytest.mark.parametrize("name", HOLDERS)
def test_what_stands_somewhere_in_an_object_is_an_object_of_its_own(db, name):
    one = other()
    with db.transaction() as connection:
        connection.root()["holder"] = HOLDERS[name](one)
    connection = db.open(transaction.TransactionManager())
    assert connection.get(one._p_oid).name == "other"
    record, _ = db.storage.load(connection.root()["holder"]._p_oid, "")
    assert b"other" not in record
    connection.close()


STATES = {
    "plain": lambda: Thing(number=1, text="é", octets=b"\0", none=None, yes=True, part=1.5),
    "nested": lambda: Thing(by={1: {2: (b"x", b"x")}}, line=[1, [2, ("a", "a")]]),
    "numbers": lambda: LOBTree({number: b"%d" % number for number in range(500)}),
    "dates": lambda: Thing(when=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)),
    "sealed": lambda: Thing(name=Sealed(1, "x", b"y")),
    "made": lambda: Made(7),
}


@pytest.mark.parametrize("name", STATES)
def test_says_the_same_as_the_record_that_zodb_writes(db, name):
    with db.transaction() as connection:
        connection.root()["one"] = STATES[name]()
    connection = db.open(transaction.TransactionManager())
    one = connection.root()["one"]
    one._p_activate()
    record, _ = db.storage.load(one._p_oid, "")
    assert read(record) == read(ObjectWriter(one).serialize(one))
    connection.close()


def test_all_that_is_written_in_one_go_can_be_packed(db):
    with db.transaction() as connection:
        for name, make in STATES.items():
            connection.root()[name] = Thing(made=make(), text="made", one=other())
            connection.root()[f"again {name}"] = make()
    before = {name: read(db.storage.load(oid, "")[0]) for name, oid in oids(db)}
    db.pack()
    assert {name: read(db.storage.load(oid, "")[0]) for name, oid in oids(db)} == before
    assert len(before) == 2 * len(STATES)


def test_an_object_is_written_after_one_that_could_not_be(db):
    connection = db.open(transaction.TransactionManager())
    connection.root()["bad"] = Thing(lock=threading.Lock(), one=other())
    connection.root()["good"] = Thing(one=other())
    with pytest.raises(TypeError):
        connection.transaction_manager.commit()
    connection.transaction_manager.abort()
    connection.root()["good"] = Thing(one=other())
    connection.transaction_manager.commit()
    assert connection.root()["good"].one.name == "other"
    assert "bad" not in connection.root()
    connection.close()


def test_what_is_very_deep_is_asked_rather_than_looked_through():
    line = ()
    for _ in range(10_000):
        line = (line,)
    assert not is_plain(line)


def oids(db):
    """Return names of objects in the root, and their ids."""
    connection = db.open(transaction.TransactionManager())
    found = [(name, one._p_oid) for name, one in connection.root().items()]
    connection.close()
    return found


def read(record):
    """Return what *record* says, references as they are written."""
    reader = Unpickler(io.BytesIO(record), encoding="ASCII", errors="bytes")
    reader.persistent_load = lambda reference: ("reference", reference)
    return reader.load(), reader.load()

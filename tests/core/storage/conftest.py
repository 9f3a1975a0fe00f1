"""What the tests of storage share.

``new_plugin`` writes a real importable package; ``open_tree`` opens the database of a temporary
folder and closes it; ``postgres`` is the address of an empty database of a real server.
"""

import sys
import uuid
from contextlib import contextmanager
from textwrap import dedent

import pytest
import transaction

from communicate.storage.database import open_database
from communicate.testing.postgres import database

CONTENT = '''
from persistent import Persistent
from communicate.content import Folder

class Garden(Folder):
    """A container, as a plugin mounts it."""

class Flower(Persistent):
    def __init__(self, colour):
        self.colour = colour

class Label:
    """A part of a thing, without an identity of its own."""
    def __init__(self, text):
        self.text = text

class Measure:
    """A part that is pickled by the call that makes it."""
    def __init__(self, height):
        self.height = height
    def __reduce__(self):
        return (Measure, (self.height,))
'''


@pytest.fixture
def new_plugin(tmp_path, monkeypatch):
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    made = []

    def new_plugin(files=None):
        name = f"garden_{uuid.uuid4().hex[:8]}"
        made.append(name)
        for path, text in {"__init__.py": "", "content.py": CONTENT, **(files or {})}.items():
            target = folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(dedent(text))
        return name

    yield new_plugin
    for name in made:
        forget(name)


def forget(package):
    """Make Python import *package* anew, as a new process would."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


@pytest.fixture
def var(tmp_path):
    return tmp_path / "var"


@pytest.fixture
def open_tree(var):
    opened = []

    def open_tree(*packages, uri=None):
        for tree in opened:
            tree.close()
        for package in packages:
            forget(package)
        opened[:] = [open_database(uri, var, packages)]
        return opened[0]

    yield open_tree
    for tree in opened:
        tree.close()


@contextmanager
def _root(tree):
    manager = transaction.TransactionManager(explicit=True)
    connection = tree.open(manager)
    try:
        with manager:
            yield connection.root()
    finally:
        connection.close()


@pytest.fixture
def root():
    """Return what opens the root of a database for a ``with`` block and commits at its end."""
    return _root


@pytest.fixture
def postgres(postgres_server):
    with database(postgres_server) as uri:
        yield uri


@pytest.fixture(params=["file", pytest.param("postgresql", id="postgresql")])
def either_uri(request):
    """Return None for the embedded storage, then the address of a PostgreSQL database."""
    return None if request.param == "file" else request.getfixturevalue("postgres")


@pytest.fixture
def bytes_of(var):
    """Return all bytes of all files under ``var``."""

    def bytes_of():
        return b"\0".join(path.read_bytes() for path in sorted(var.rglob("*")) if path.is_file())

    return bytes_of

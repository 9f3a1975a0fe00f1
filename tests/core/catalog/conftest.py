"""What the tests of the catalog share: each runs on SQLite in a file and on a real PostgreSQL.

``catalog`` is an empty catalog; ``write`` changes it in a transaction of its own; ``entry`` makes
an entry; ``viewer`` somebody who asks.  ``site`` is a small site on a real tree, with a plugin
whose notes can be found.
"""

import uuid
from datetime import UTC, datetime, timedelta
from types import ModuleType, SimpleNamespace

import pytest
import sqlalchemy
import transaction
from pyramid.config import Configurator

from communicate.audience import PUBLIC
from communicate.catalog import Entry, entry_for, make_catalog, writing
from communicate.content import Content, Folder, Site
from communicate.declarations import Indexable
from communicate.hookspecs import hookimpl
from communicate.interfaces import ICatalog, IDatabase, IOutbox, IPlugins
from communicate.plugins import Plugins
from communicate.principals import Viewer
from communicate.storage.database import open_database
from communicate.storage.work import work


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


class SmallSite:
    """A site with one folder of notes, each a `Content` with a text; a hidden one has no entry."""

    def __init__(self, catalog, var, *packages):
        self.catalog = catalog
        self.var = var
        self.uid = None
        self.jobs = []
        self.noted = datetime.now(UTC)
        self.database = None
        self.open(*packages)

    def open(self, *packages):
        """Open the tree, again where it is open, with classes of *packages*."""
        self.close()
        self.database = open_database(None, self.var, packages)
        config = Configurator(settings={"communicate.url": "https://tilleuls.example"})
        utilities = {
            IDatabase: self.database,
            ICatalog: self.catalog,
            IPlugins: Plugins(self.plugin()),
        }
        for interface, utility in utilities.items():
            config.registry.registerUtility(utility, interface)
        config.include("pyramid_services")
        for module in ("storage", "security", "catalog"):
            config.include(f"communicate.{module}")
        config.register_service(self, IOutbox)
        config.add_request_method(lambda _request: self.member(), "member", reify=True)
        config.commit()
        self.registry = config.registry

    def close(self):
        if self.database is not None:
            self.database.close()

    def member(self):
        return None if self.uid is None else SimpleNamespace(uid=self.uid, groups=())

    def plugin(self):
        """Return a plugin that declares the notes."""
        module = ModuleType("notes")
        module.communicate_indexables = hookimpl(lambda: [Indexable("note", walk, note_entry)])
        return module

    def add(self, name, payload):
        """Note a job, as the outbox would store it."""
        self.jobs.append((name, payload))

    def work(self, function):
        return work(self.registry, function)

    def install(self):
        """Make the site, and its folder of notes."""

        def install(request):
            request.root_map["site"] = Site()
            request.root_map["site"]["notes"] = Folder(None, PUBLIC)

        self.work(install)
        return self

    def note(self, name, text="", audience=None, owner=None, folder="notes"):
        """Add a note of a later millisecond than the last, and its entry; return its id."""
        self.noted = max(datetime.now(UTC), self.noted + timedelta(milliseconds=1))

        def note(request):
            thing = Content(owner, audience)
            thing.made_at(self.noted)
            thing.text = text
            request.site[folder][name] = thing
            request.find_service(ICatalog).put(note_entry(request, thing))
            return thing.id

        return self.work(note)

    def change(self, name, **attributes):
        """Change a note without telling the catalog."""
        self.work(lambda request: vars_of(request.site["notes"][name], attributes))

    def find(self, words):
        """Return the names of the notes that the viewer finds by *words*, newest first."""

        def find(request):
            catalog = request.find_service(ICatalog)
            return [
                thing.__name__ for _, thing in catalog.load(catalog.search(request.viewer, words))
            ]

        return self.work(find)

    def rows(self):
        """Return the ids of all rows, whoever may read them."""
        with self.catalog.engine.begin() as connection:
            return set(connection.scalars(sqlalchemy.select(writing.item.c.id)))


def vars_of(thing, attributes):
    for name, value in attributes.items():
        setattr(thing, name, value)


def walk(request):
    return request.site["notes"].values()


def note_entry(_request, thing):
    if getattr(thing, "hidden", False):
        return None
    return entry_for(thing, "note", title=thing.__name__, words=thing.text)


@pytest.fixture
def site(catalog, tmp_path):
    site = SmallSite(catalog, tmp_path / "tree").install()
    yield site
    site.close()


@pytest.fixture
def age(catalog):
    """Return what makes all rows *minutes* older."""

    def age(minutes):
        with catalog.engine.begin() as connection:
            for table in (writing.item, writing.right, writing.removed):
                older = table.c.written - minutes * 60_000
                connection.execute(sqlalchemy.update(table).values(written=older))
            connection.commit()

    return age

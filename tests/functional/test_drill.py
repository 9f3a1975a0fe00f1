"""The drill: back up, erase one member, write more, lose everything, restore.

What was there before the backup is there again; who was erased since is not, on any path and in
no file, not even in the old backup once the copy of the key ring has followed.
"""

import io
import os
import shutil
from contextlib import ExitStack

import pytest
from ZODB.blob import Blob

from communicate.audience import MEMBERS, PRIVATE
from communicate.backup import age, keys, making, restoring
from communicate.backup.making import Places
from communicate.backup.restoring import Wanted
from communicate.backup.target import Target
from communicate.cli.config import Config
from communicate.cli.console import Console
from communicate.clock import milliseconds, now
from communicate.demo import running
from communicate.interfaces import IErasure, IKeyRing, IMembers, ISeals
from communicate.outbox.runner import run_due
from communicate.sealing.keyring import KeyRing
from communicate.sealing.ringstore import open_store
from communicate.sealing.services import Seals
from communicate.storage import deep
from communicate.storage.database import open_database
from communicate.stores import stores_of
from communicate.testing import postgres
from communicate.testing.canaries import Canaries
from communicate.testing.house import House
from communicate.testing.kit import form_with
from communicate_articles.interfaces import IArticles
from communicate_articles.words import Written
from communicate_email.interfaces import IDelivery, IMailStore, ISending
from communicate_email.letters import Letter
from communicate_messages.interfaces import IMessages
from communicate_sms.interfaces import ITexts
from communicate_sms.reach import ToNumber
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.sharing import share

from .planting.people import PLUGINS

LOGIN = "clematite-qx"
TITLE, BODY, NAME, PICTURE = "Tonnelleqx", "Glycineqx Été", "Rocailleqx", "Pergolaqx"
ARTICLE, COMMENT, MESSAGE = "Capucineqx", "Jonquilleqx", "Camomilleqx"
FOLDER, FILE, BYTES = "Glorietteqx", "Sarcloirqx", "Muguetqx"
SUBJECT, LETTER, BOX, SENT = "Pervencheqx", "Violetteqx", "Grenierqx", "Envoiqx"
MAIL = (SUBJECT, LETTER, BOX, SENT)
NUMBER, TEXTED, CAME = "+33612345691", "Verveineqx", "Marjolaineqx"
SEALED = (TITLE, BODY, NAME, PICTURE, ARTICLE, COMMENT, MESSAGE, FOLDER, FILE, BYTES, *MAIL,
          NUMBER, TEXTED, CAME)  # fmt: skip
MARKERS = (*SEALED, LOGIN)


class Drill:
    """A house that can be lost, the targets of its backup, and what opens them."""

    def __init__(self, folder, stores, plugins=PLUGINS):
        self.places = Places(folder / "backup", folder / "keys")
        self.identity = folder / "identity.txt"
        self.plugins = list(plugins)
        settings = {"backup_recipients": age.new_identity(self.identity), "language": "en"}
        if "email" in plugins:
            settings["email.out"] = "relay"
        self.house = House(folder / "house", self.plugins, {**settings, **stores})

    @property
    def config(self):
        """What commands read of the house."""
        ini = {
            "communicate.mode": "testing",
            "communicate.plugins": " ".join(self.plugins),
            "communicate.url": "http://localhost",
            **{
                name if "." in name else f"communicate.{name}": str(value)
                for name, value in self.house.settings.items()
            },
        }
        folder = self.house.folder
        return Config(folder / "site.ini", {"here": str(folder)}, ini)

    def back_up(self):
        return making.make(self.house.registry, self.places, lambda _said: None)

    def write(self, login, title, body):
        form = form_with(self.house.browser(login).get("/forums/general/new"), "title")
        form["title"], form["body"] = title, body
        return form.submit("post", status=303).follow().request.path

    def plant(self):
        """Let somebody have words in every store; return the uid."""
        uid = self.house.member(LOGIN)

        def fill(request):
            source = io.BytesIO(PICTURE.encode() * 20_000)
            seals = request.find_service(ISeals)
            request.root_map["drill"] = {
                "file": seals.seal_stream(uid, "drill", source),
                "name": seals.seal(uid, "drill", NAME),
            }
            self.say_more(request, uid)

        self.house.work(fill)
        return uid

    def say_more(self, request, uid):
        """Let the member write in every service, for members and for Paul."""
        members = request.find_service(IMembers)
        ada, paul = (members.by_login(login).uid for login in ("ada", "paul"))
        articles = request.find_service(IArticles)
        article = articles.begin(uid, Written(ARTICLE, ARTICLE), MEMBERS)
        articles.publish(article)
        rules = request.find_service(IRules)
        rules.open_space(ada, MEMBERS, MEMBERS, approval=False)
        request.find_service(ICommenting).add(rules.thread(rules.wall(ada)), uid, COMMENT)
        request.site["messages"].box(paul).open_to = MEMBERS
        request.find_service(IMessages).start(uid, [paul], MESSAGE)
        self.keep(request, uid, paul)
        self.have_mail(request, uid, paul)
        self.have_texts(request, uid)

    def keep(self, request, uid, paul):
        """Let the member keep a file for members, and Paul one of his own."""
        service = request.find_service(IDisk)
        folder = service.make_folder(service.disk(uid), FOLDER, uid)
        share(request, folder, MEMBERS, PRIVATE, PRIVATE)
        service.put(folder, f"{FILE}.txt", io.BytesIO(BYTES.encode() * 999), uid)
        own = service.put(service.disk(paul), "Plan.txt", io.BytesIO(b"Trois rangs" * 9999), paul)
        self.plan = service.path(own)

    def have_mail(self, request, uid, paul):
        """Let mail come in for the member, and for Paul, large too; let the member answer."""
        for login, subject, text in ((LOGIN, SUBJECT, LETTER), ("paul", "Les rosiers", "Taillés")):
            head = f"From: Luce <luce@x.example>\r\nSubject: {subject}\r\n\r\n"
            for times in (1, 9999):
                raw = (head + f"{text}\r\n" * times).encode()
                request.find_service(IDelivery).deliver(Letter(raw), [f"{login}@localhost"])
        store = request.find_service(IMailStore)
        account = store.opened(uid)
        store.copy(account.box("inbox"), [1, 2], store.boxes(account).make(BOX))
        author = f"{LOGIN}@localhost"
        raw = f"From: {author}\r\nSubject: {SENT}\r\n\r\n{SENT}\r\n".encode()
        letter = Letter(raw, author, author=uid)
        request.find_service(ISending).send(letter, ["luce@x.example"])
        self.inbox = request.resource_path(store.opened(paul).box("inbox"))

    @staticmethod
    def have_texts(request, uid):
        """Let the member write to a telephone, and be answered."""
        texts, to = request.find_service(ITexts), ToNumber(NUMBER)
        texts.send(uid, to, TEXTED)
        texts.receive(uid, to, CAME, milliseconds(now(request)))

    def erase(self, uid):
        self.house.work(lambda request: request.find_service(IErasure).start(uid))
        run_due(self.house.registry)

    def restore(self):
        console = Console(self.config, self.house.folder)
        wanted = Wanted(self.places, [self.identity])
        try:
            return restoring.restore(
                self.config, wanted, lambda: console.registry, lambda _said: None
            )
        finally:
            console.close()

    def words_in_backup(self, folder):
        """Yield every word that today's copy of the ring opens in the tree of the old backup."""
        opened_by = age.identities([self.identity])
        folder.mkdir()
        manifest = Target(self.places.folder).manifest()
        tree = folder / "Data.fs"
        with tree.open("wb") as file:
            for piece in manifest.tree.pieces:
                age.read(self.places.folder / piece.name, file, piece.written, opened_by)
        yield tree.read_bytes().decode("latin-1")
        copy = keys.read_copy(self.places.keys, opened_by)
        store = open_store(f"sqlite:///{folder / 'ring.sqlite'}")
        store.install(copy.master)
        store.fill(copy.master, copy.rows)
        master = self.house.registry.getUtility(IKeyRing)._master
        seals = Seals(KeyRing(store, master))
        database = open_database(
            f"file://{tree}", folder, [f"communicate_{name}" for name in self.plugins]
        )
        try:
            with database.transaction() as connection:
                yield from self.texts(connection, seals)
        finally:
            database.close()
            store.engine.dispose()

    def texts(self, connection, seals):
        """Yield what *seals* opens of everything in the tree, but files, which are sealed too."""
        following = None
        while True:
            oid, _tid, _data, following = connection.db().storage.record_iternext(following)
            thing = connection.get(oid)
            if not isinstance(thing, Blob):
                thing._p_activate()
                for sealed in deep.seals_in(deep.state_of(thing)):
                    yield seals.text(sealed) or ""
            if following is None:
                return


@pytest.fixture(params=["embedded", pytest.param("postgresql", marks=pytest.mark.slow)])
def make_stores(request, monkeypatch):
    """Return what makes three new stores, and yields their settings."""
    with ExitStack() as made:
        if request.param == "embedded":
            yield dict
            return
        server = request.getfixturevalue("postgres_server")
        path = f"{postgres.programs()}{os.pathsep}{os.environ['PATH']}"
        monkeypatch.setenv("PATH", path)

        def make():
            tree, catalog, ring = (
                made.enter_context(postgres.database(server, name))
                for name in ("tree", "catalog", "keyring")
            )
            return {
                "database": tree,
                "catalog": catalog.replace("postgresql:", "postgresql+psycopg:"),
                "keyring": ring.replace("postgresql:", "postgresql+psycopg:"),
            }

        yield make


@pytest.fixture
def drill(tmp_path, make_stores):
    drill = Drill(tmp_path, make_stores())
    yield drill
    drill.house.close()


def files_with(marker, *folders):
    """Return the files in *folders* that hold *marker*."""
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and marker.encode() in path.read_bytes()
    ]


def test_the_drill(drill, make_stores, tmp_path):
    house = drill.house
    running.make(house.registry, 6, 1, lambda _said: None)
    house.member("ada", "operators")
    house.member("paul")
    uid = drill.plant()
    topic = drill.write(LOGIN, TITLE, BODY)
    kept = drill.write("paul", "Avant", "Ce qui était là avant.")
    drill.back_up()
    shown = (kept, "/members/paul", drill.inbox, f"{drill.inbox}read/2")
    before = pages(house, *shown)
    mail = source(house, drill)

    drill.erase(uid)
    later = drill.write("paul", "Après", "Ce qui est venu après.")
    house.close()
    shutil.rmtree(house.folder / "var")
    house.settings.update(make_stores())
    done = drill.restore()
    house.boot(drill.plugins)
    assert done.erased == 1

    # What was there before is there, what came later is not.
    assert pages(house, *shown) == before
    assert "Les rosiers" in before[2]
    assert source(house, drill) == mail
    assert mail.count("Taillés".encode()) == 9999
    assert "Ce qui était là avant." in before[0]
    paul = house.browser("paul")
    assert paul.get(f"{drill.plan}/download").body == b"Trois rangs" * 9999
    paul.get(f"/members/{LOGIN}/disk", status=404)
    paul.get(f"/members/{LOGIN}/mail", status=404)
    house.browser("paul").get(later, status=404)
    assert list(deep.faults(house.registry, lambda _said: None)) == []

    # The member is not, on any path.
    assert not house.registry.getUtility(IKeyRing).holds(uid)
    house.browser().get(f"/members/{LOGIN}", status=404)
    canaries = Canaries(house, {"stranger": None, "member": "paul", "operator": "ada"})
    for marker in MARKERS:
        canaries.plant(marker, [], word=marker)
    starts = ["/", "/forums/general", topic, "/articles", "/messages", "/members/ada/comments"]
    for role in canaries.roles:
        canaries.look(role, [*starts, "/disk/shared", drill.inbox, "/outgoing"], steps=1)
        words = [TITLE, "glycineqx", ARTICLE, COMMENT, FOLDER, FILE, BYTES]
        assert canaries.ask_for(role, [word.lower() for word in words]) == []
    canaries.settle()
    assert min(canaries.visited.values()) > 20

    # Nor in any byte of the data, of the backup, or of what opens in it.
    folders = (house.folder / "var", drill.places.folder, drill.places.keys)
    for marker in MARKERS:
        assert files_with(marker, *folders) == []
    if stores_of(house.registry).database.sums is not None:
        opened = list(drill.words_in_backup(tmp_path / "old"))
        assert any("Ce qui était là avant." in text for text in opened)
        assert [text for text in opened if any(marker in text for marker in SEALED)] == []


def source(house, drill):
    """Return the large mail of Paul as it came."""
    return house.browser("paul").get(f"{drill.inbox}source/2?download=yes").body


def pages(house, *addresses):
    """Return what Paul sees at *addresses*, without what differs from one visit to the next."""
    browser = house.browser("paul")
    return [browser.get(address).maybe_follow().html.main.get_text() for address in addresses]

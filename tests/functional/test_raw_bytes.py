"""What is not for everybody lies in no file in clear, and what is gone lies in none at all."""

import base64
import re
import shutil
import time
from datetime import timedelta
from urllib.parse import quote

import pytest

from communicate.catalog.reindex import reindex
from communicate.catalog.text import fold
from communicate.interfaces import IClock, IDatabase, IErasure, ISeals
from communicate.outbox.runner import run_due
from communicate.sealing.content import Sealed
from communicate.storage.pack import pack
from communicate.stores import stores_of
from communicate.testing.house import House
from communicate.testing.kit import form_with

TITLE, BODY, REPLY = "Vérandaqx", "Glycineqx Été", "Rocailleqx"
ADDRESS = "pergolaqx@tonnelleqx.example"
SECRET = "un Arrosoirqx percé sous la treille"  # of the account
LOGIN = "ines"


def forms_of(marker):
    """Return how *marker* could lie in a file: as it is, folded, word by word, or encoded."""
    words = {marker, marker.lower(), marker.upper(), fold(marker), *fold(marker).split()}
    texts = {word for word in words if len(word) > 5}
    found = {text.encode() for text in texts} | {text.encode("utf-16-le") for text in texts}
    found |= {quote(text).encode() for text in texts}
    for text in (marker.encode(), fold(marker).encode()):
        found.add(text.hex().encode())
        found |= set(base64_of(text))
    return {form for form in (*found, decoded(marker)) if len(form) > 5}


def decoded(marker):
    """Return the bytes that *marker* stands for where it is a secret in base64, else nothing."""
    try:
        return base64.urlsafe_b64decode(marker + "=" * (-len(marker) % 4))
    except ValueError:
        return b""


def base64_of(text):
    """Yield what every base64 that holds *text* has in common, at each of the three places."""
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + text)
        yield encoded[(0, 2, 3)[shift] : len(encoded) - 4]


def traces(folder, *markers):
    """Return the files below *folder* in which one of *markers* lies, and which."""
    wanted = {form: marker for marker in markers for form in forms_of(marker)}
    return sorted(
        {
            (str(path.relative_to(folder)), marker)
            for path in folder.rglob("*")
            if path.is_file()
            for data in [path.read_bytes()]
            for form, marker in wanted.items()
            if form in data
        }
    )


class TestScan:
    """The scanner would see what it looks for."""

    @pytest.mark.parametrize(
        "written",
        [
            TITLE.encode(),
            fold(TITLE).encode(),
            TITLE.upper().encode(),
            base64.b64encode(b"[" + TITLE.encode() + b"]"),
            base64.b64encode(b'{"title": "' + TITLE.encode() + b'"}'),
            TITLE.encode().hex().encode(),
        ],
    )
    def test_it_sees_each_form(self, tmp_path, written):
        (tmp_path / "file").write_bytes(b"before" + written + b"after")
        assert traces(tmp_path, TITLE) == [("file", TITLE)]
        assert traces(tmp_path, BODY) == []


class TestNarrower:
    """A served site: with logs, sockets, and write-ahead logs that nobody has emptied."""

    def test_nothing_that_a_member_writes_for_some_lies_in_a_file(self, server, password):
        server.configure("forums", mail="file", language="en")
        server.member("paul", password)
        server.start()
        link, notice = self.join(server)
        client, secrets = self.sign_in(server)
        server.run("forum", "add", "cercle", "--title", "Cercle", "--audience", "ines,paul")
        page = self.write(client, server, password)
        client.submit("/reset", login=LOGIN)
        reset = self.link_in_mail(server, "/new-password")
        markers = [TITLE, BODY, REPLY, ADDRESS, SECRET, link, notice, reset, *secrets]
        assert all(text in page for text in (TITLE, BODY, REPLY))
        var = server.folder / "var"
        assert traces(var, "cercle")  # what an operator calls a forum is in clear
        assert traces(var, *markers) == []
        server.run("pack")
        assert traces(var, *markers) == []
        server.kill()
        assert {path.name for path in var.iterdir()} >= {"Data.fs", "outbox", "catalog.sqlite-wal"}
        assert traces(var, *markers) == []
        assert traces(server.folder, *markers) == []  # what it printed, too

    def join(self, server):
        """Ask for an account and confirm it; return the secret of the link, and the notice."""
        client = server.client()
        answer = client.submit("/join", login=LOGIN, email=ADDRESS, password=SECRET, terms="true")
        assert answer.status == 303
        secret = self.link_in_mail(server, "/confirm")
        assert (
            client.submit(f"/confirm?token={secret}", csrf_token=self.token(client)).status == 303
        )
        return secret, client.cookies["notice"].strip('"')

    def token(self, client):
        """Return what the forms of *client*'s browser carry."""
        return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login"))[1]

    def link_in_mail(self, server, path):
        """Return the secret of the link to *path* in the newest mail, once it has come."""
        for _try in range(200):
            shown = server.run("outbox", "show", "--to", ADDRESS)
            found = re.search(rf"{path}\?token=(\S+)", shown)
            if found:
                return found[1]
            time.sleep(0.1)
        raise AssertionError(server.log())

    def sign_in(self, server):
        """Return a browser that is kept signed in, and every secret that it holds."""
        client = server.client()
        answer = client.submit("/login", login=LOGIN, password=SECRET, remember="true")
        assert answer.status == 303
        secrets = [
            part
            for name, value in client.cookies.items()
            if name.startswith("communicate_")
            for part in {value, max(re.split(r"[^\w-]", value), key=len)}
        ]
        assert len(client.cookies) >= 2
        return client, secrets

    def write(self, client, server, password):
        """Open a topic and have somebody answer, where only two people read; return the page."""
        answer = client.submit("/forums/cercle/new", title=TITLE, body=BODY)
        topic = answer.headers["location"].partition("#")[0]
        assert server.client("paul", password).submit(topic, body=REPLY).status == 303
        return client.get(topic)


class Garden:
    """A house in which Inès and Paul write for everybody."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login, password=SECRET) for login in (LOGIN, "paul")}
        self.browser = house.browser(LOGIN, SECRET)
        form = form_with(self.browser.get("/forums/general/new"), "title")
        form["title"], form["body"] = TITLE, BODY
        self.topic = form.submit("post", status=303).follow().request.path
        form = form_with(house.browser("paul", SECRET).get(self.topic), "body")
        form["body"] = REPLY
        form.submit("post", status=303)

    @property
    def var(self):
        """The folder with all data."""
        return self.house.folder / "var"

    def delete_all(self):
        """Have each author delete what is theirs."""
        for login in (LOGIN, "paul"):
            browser = self.house.browser(login, SECRET)
            forms = browser.get(self.topic).forms.values()
            next(form for form in forms if form.action.endswith("/delete")).submit(status=303)

    def erase(self):
        """Erase the account of Inès to the end."""
        self.house.work(lambda request: request.find_service(IErasure).start(self.uids[LOGIN]))
        run_due(self.house.registry)


@pytest.fixture
def garden(make_house):
    return Garden(make_house(["forums"], language="en"))


class TestDeleted:
    def test_public_words_are_in_the_catalog_only_and_nowhere_after_the_pack(self, garden):
        """Found by who looks for them, they are in its index: that they go is what is proven."""
        places = {place.partition("-")[0] for place, _marker in traces(garden.var, TITLE, REPLY)}
        assert places == {"catalog.sqlite"}
        garden.delete_all()
        garden.house.registry.getUtility(IClock).offset += timedelta(seconds=11)
        run_due(garden.house.registry)
        pack(stores_of(garden.house.registry))
        assert traces(garden.var, TITLE, BODY, REPLY) == []

    def test_erased_words_are_nowhere_after_the_erasure(self, garden):
        assert traces(garden.var, BODY)
        garden.erase()
        assert traces(garden.var, TITLE, BODY, ADDRESS) == []


class TestOldCopy:
    """A backup holds tree and blobs; the catalog is in none, and the keys are today's."""

    @pytest.fixture
    def copy(self, garden, tmp_path):
        """Return the data of before an erasure beside the key ring of after it, opened."""
        old = tmp_path / "old"
        garden.house.close()
        shutil.copytree(garden.var, old / "var", ignore=shutil.ignore_patterns("*.sqlite*", "run"))
        garden.house.boot(["forums"])
        garden.erase()
        garden.house.close()
        (old / ".secrets").mkdir(0o700)
        shutil.copy(garden.house.folder / ".secrets" / "master.key", old / ".secrets")
        for path in garden.var.glob("keyring.sqlite*"):
            shutil.copy(path, old / "var")
        house = House(old, ["forums"], {"language": "en"})
        yield house
        house.close()
        garden.house.boot(["forums"])

    def test_shows_no_page_with_erased_words(self, garden, copy):
        places = ("/", "/forums", "/forums/general", garden.topic.rpartition("-")[0])
        pages = [
            browser.get(place).maybe_follow().text
            for browser in (copy.browser("paul", SECRET), copy.browser())
            for place in places
        ]
        assert REPLY in pages[-1]
        for page in pages:
            assert not any(marker in page for marker in (TITLE, BODY))

    def test_opens_no_object_that_holds_them(self, garden, copy):
        opened = copy.work(lambda request: list(self.texts(copy, request)))
        assert any(REPLY in text for text in opened)  # of somebody who is still there
        assert [text for text in opened if TITLE in text or BODY in text] == []

    def texts(self, house, request):
        """Yield what can be opened of everything sealed in the tree, and every state."""
        seals, following = request.find_service(ISeals), None
        storage = house.registry.getUtility(IDatabase).storage
        while True:
            oid, _tid, data, following = storage.record_iternext(following)
            yield data.decode("latin-1")
            state = request.site._p_jar.get(oid).__getstate__()
            for value in (state if isinstance(state, dict) else {}).values():
                if isinstance(value, Sealed):
                    yield seals.text(value) or ""
            if following is None:
                return

    def test_fills_no_catalog_with_them(self, copy):
        assert reindex(copy.registry).failed == {}
        stores_of(copy.registry).catalog.checkpoint()
        var = copy.folder / "var"
        assert traces(var, TITLE, BODY) == []
        assert traces(var, REPLY)

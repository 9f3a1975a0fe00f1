"""One walk through the site, the same on the embedded stores and on PostgreSQL for all three."""

import re
from contextlib import ExitStack
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy

from communicate.audience import MEMBERS, PRIVATE, PUBLIC
from communicate.catalog.reindex import reindex
from communicate.catalog.tables import item
from communicate.clock import milliseconds, now
from communicate.interfaces import ICatalog, IClock, IKeyRing, IMembers
from communicate.outbox.mail.file import FileTransport
from communicate.outbox.runner import run_due
from communicate.principals import Viewer
from communicate.storage.pack import pack
from communicate.stores import stores_of
from communicate.testing import postgres
from communicate.testing.house import PASSWORD
from communicate.testing.kit import form_with
from communicate_articles.interfaces import IArticles
from communicate_articles.words import Written
from communicate_email.interfaces import IDelivery, IMailStore
from communicate_email.letters import Letter
from communicate_messages.interfaces import IMessages
from communicate_sms.interfaces import ITexts
from communicate_sms.reach import ToNumber
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.sharing import share

from .planting.people import PLUGINS

LOGIN, ADDRESS = "ines", "ines@example.org"
TITLE, BODY, REPLY, EDITED = "Le volet grince", "Une burette ?", "Du savon.", "De la cire."
TEXT = "Le fil est chez la voisine."
ARTICLE, COMMENT, MESSAGE = (
    "La taille des haies",
    "Un bouvreuil chante.",
    "La clé est sous le pot.",
)
FOLDER, FILE, BYTES = "Rempotage", "Terreau.txt", "Un tiers de sable."
SUBJECT, WROTE, BOX = "La haie de charmes", "Elle est taillée.", "Voisinage"
MAIL = (
    f"From: Luce <luce@x.example>\r\nSubject: {SUBJECT}\r\n"
    f"Content-Type: text/plain; charset=utf-8\r\n\r\n{WROTE}\r\n"
)


@pytest.fixture(params=["embedded", pytest.param("postgresql", marks=pytest.mark.slow)])
def stores(request):
    """Return the settings of nothing but the default stores, then of three databases."""
    if request.param == "embedded":
        yield {}
        return
    server = request.getfixturevalue("postgres_server")
    with ExitStack() as made:
        tree, catalog, ring = (
            made.enter_context(postgres.database(server, name))
            for name in ("tree", "catalog", "keyring")
        )
        yield {
            "database": tree,
            "catalog": catalog.replace("postgresql:", "postgresql+psycopg:"),
            "keyring": ring.replace("postgresql:", "postgresql+psycopg:"),
        }


@pytest.fixture
def house(make_house, stores):
    house = make_house(PLUGINS, language="en", **stores)
    yield house
    house.close()  # before the databases are dropped


class Walk:
    """Somebody who joins, writes and leaves."""

    def __init__(self, house):
        self.house = house
        self.browser = house.browser()

    def join(self):
        """Ask for an account, take the link from the mail, confirm, and sign in."""
        form = form_with(self.browser.get("/join"), "email")
        form["login"], form["email"], form["password"] = LOGIN, ADDRESS, PASSWORD
        form["terms"] = True
        form.submit("join", status=303)
        run_due(self.house.registry)
        link = re.search(r"http://localhost(/confirm\?token=\S+)", self.letter())[1]
        page = self.browser.get(link)
        next(form for form in page.forms.values() if "confirm" in form.fields).submit("confirm")
        self.sign_in()

    def letter(self):
        """Return the text of the one mail that is kept."""
        transport = FileTransport(self.house.registry.settings["communicate.outbox"])
        ((_kept, message),) = self.house.work(lambda r: list(transport.readable(r)))
        assert message["To"] == ADDRESS
        return message.get_content()

    def sign_in(self, status=303):
        """Send the form with login and password."""
        form = self.browser.get("/login").forms["sign-in"]
        form["login"], form["password"] = LOGIN, PASSWORD
        return form.submit(status=status)

    def write(self, address, **values):
        """Fill the form at *address* and send it; return the page that it leads to."""
        form = form_with(self.browser.get(address), next(iter(values)))
        for name, value in values.items():
            form[name] = value
        return form.submit("post", status=303).follow()

    def press(self, page, ending):
        """Press the last button of *page* that leads to an address with that *ending*."""
        forms = [form for form in page.forms.values() if form.action.endswith(ending)]
        return forms[-1].submit(status=303).follow()

    def later(self, seconds):
        """Let time pass, and do what is due by then."""
        self.house.registry.getUtility(IClock).offset += timedelta(seconds=seconds)
        run_due(self.house.registry)

    def found(self, words):
        """Return how many things a stranger finds by *words*."""

        def search(request):
            catalog = request.find_service(ICatalog)
            viewer = Viewer(None, request.site["members"])
            return len(catalog.load(catalog.search(viewer, words)))

        return self.house.work(search)

    def empty_catalog(self):
        """Take every row of the things that can be found out of the catalog."""
        with self.house.registry.getUtility(ICatalog).engine.begin() as connection:
            connection.execute(sqlalchemy.delete(item))
            connection.commit()


def test_the_whole_way(house, stores):
    assert (house.folder / "var" / "Data.fs").exists() is (not stores)
    walk = Walk(house)
    walk.join()
    address = write_and_change(walk)
    delete_and_take_back(walk, address)
    say_more(walk)
    have_mail(walk)
    have_texts(walk)
    switch_the_plugin_off_and_on(house, address)
    read_mail(walk)
    mend_and_pack(walk)
    erase(walk, address)


def write_and_change(walk):
    page = walk.write("/forums/general/new", title=TITLE, body=BODY)
    address = page.request.path
    assert BODY in page
    page = walk.write(address, body=REPLY)
    assert REPLY in page
    page = walk.write(page.html.select("article a[href$='/edit']")[-1]["href"], body=EDITED)
    assert EDITED in page
    assert REPLY not in page
    assert (walk.found("cire"), walk.found("savon"), walk.found("burette")) == (1, 0, 1)
    return address


def delete_and_take_back(walk, address):
    page = walk.press(walk.browser.get(address), "/delete")
    assert EDITED not in page
    assert walk.found("cire") == 0
    page = walk.press(page, "/undo")
    assert EDITED in page
    assert walk.found("cire") == 1
    walk.press(page, "/delete")
    walk.later(11)
    assert EDITED not in walk.browser.get(address)


def say_more(walk):
    """Publish an article, comment one's own space, and write to Paul, who reads all of it."""
    house, paul = walk.house, walk.house.member("paul")

    def say(request):
        uid = request.find_service(IMembers).by_login(LOGIN).uid
        articles = request.find_service(IArticles)
        article = articles.begin(uid, Written(ARTICLE, ARTICLE), PUBLIC)
        articles.publish(article)
        rules = request.find_service(IRules)
        rules.open_space(uid, PUBLIC, MEMBERS, approval=False)
        request.find_service(ICommenting).add(rules.thread(rules.wall(uid)), uid, COMMENT)
        request.site["messages"].box(paul).open_to = MEMBERS
        request.find_service(IMessages).start(uid, [paul], MESSAGE)
        disks = request.find_service(IDisk)
        folder = disks.make_folder(disks.disk(uid), FOLDER, uid)
        share(request, folder, PUBLIC, PRIVATE, PRIVATE)
        disks.put(folder, FILE, BytesIO(BYTES.encode() * 9999), uid)

    house.work(say)
    assert (walk.found("haies"), walk.found("bouvreuil"), walk.found("pot")) == (1, 1, 0)
    assert (walk.found("rempotage"), walk.found("sable")) == (1, 1)
    walk.file = fetched(house)
    reader = house.browser("paul")
    assert ARTICLE in reader.get("/articles")
    assert COMMENT in reader.get(f"/members/{LOGIN}/comments")
    assert "pot" in reader.get("/messages/requests")


def have_mail(walk):
    """Have mail come in, a small one and one that is a file, found by its words and put away."""

    def come(request):
        for text in (MAIL, f"{MAIL}{WROTE}\r\n" + "Des feuilles.\r\n" * 9999):
            request.find_service(IDelivery).deliver(Letter(text.encode()), [f"{LOGIN}@localhost"])
        store = request.find_service(IMailStore)
        account = store.opened(request.find_service(IMembers).by_login(LOGIN).uid)
        store.copy(account.box("inbox"), [1, 2], store.boxes(account).make(BOX))

    walk.house.work(come)
    read_mail(walk)
    # Nobody else finds it, on any path.
    assert walk.found("charmes") == 0
    walk.house.browser("paul").get(f"/members/{LOGIN}/mail", status=404)


def have_texts(walk):
    """Write to a telephone, and be answered; nobody else reads it."""

    def write(request):
        uid = request.find_service(IMembers).by_login(LOGIN).uid
        texts, to = request.find_service(ITexts), ToNumber("+33612345678")
        texts.send(uid, to, TEXT)
        texts.receive(uid, to, TEXT, milliseconds(now(request)))

    walk.house.work(write)
    read_texts(walk)
    walk.house.browser("paul").get(f"/members/{LOGIN}/sms", status=404)


def read_texts(walk):
    """Open the conversation, and find in it what was written."""
    talk = walk.house.browser(LOGIN).get(f"/members/{LOGIN}/sms").click(href=r"/sms/\w{13}$")
    assert TEXT in talk.html.main.text


def read_mail(walk):
    """Find the mail by its words, open it, and find it in its folder, too."""
    browser = walk.house.browser(LOGIN)
    found = browser.get(f"/members/{LOGIN}/mail/search?q=charmes").html.main
    links = [link["href"] for link in found.select("a[href*='/read/']")]
    assert len(links) >= 2
    for link in links:
        assert WROTE in browser.get(link)
    assert SUBJECT in browser.get("/mail").maybe_follow().click(BOX, index=0)


def fetched(house):
    """Follow the links from the disk to the file in it, as a stranger; return its address."""
    page = house.browser().get(f"/members/{LOGIN}/disk").click(FOLDER).click(FILE)
    assert house.browser().get(f"{page.request.path}/download").text == BYTES * 9999
    return page.request.path


def switch_the_plugin_off_and_on(house, address):
    house.reboot([])
    house.browser().get(address, status=404)
    house.browser("paul").get(f"/members/{LOGIN}/disk", status=404)
    house.reboot(PLUGINS)
    assert BODY in house.browser().get(address)
    fetched(house)


def mend_and_pack(walk):
    pack(stores_of(walk.house.registry))
    assert walk.found("burette") == 1
    walk.empty_catalog()
    assert (walk.found("burette"), walk.found("haies"), walk.found("sable")) == (0, 0, 0)
    assert reindex(walk.house.registry).failed == {}
    assert (walk.found("burette"), walk.found("haies"), walk.found("bouvreuil")) == (1, 1, 1)
    assert (walk.found("rempotage"), walk.found("sable"), walk.found("charmes")) == (1, 1, 0)
    read_mail(walk)
    read_texts(walk)


def erase(walk, address):
    house = walk.house
    uid = house.work(lambda request: request.find_service(IMembers).by_login(LOGIN).uid)
    walk.browser = house.browser(LOGIN)
    form = form_with(walk.browser.get("/account/erase"), "present")
    form["present"] = PASSWORD
    receipt = form.submit("erase", status=303).location
    walk.sign_in(status=400)
    run_due(house.registry)
    pack(stores_of(house.registry))
    assert not house.registry.getUtility(IKeyRing).holds(uid)
    assert "to be finished" not in house.browser().get(receipt)
    house.browser().get(f"/members/{LOGIN}", status=404)
    house.browser().get(walk.file, status=404)
    for login in (None, "paul"):
        house.browser(login).get(f"/members/{LOGIN}/mail", status=404)
        house.browser(login).get(f"/members/{LOGIN}/sms", status=404)
    assert house.work(lambda request: request.find_service(IMailStore).account(uid)) is None
    assert house.work(lambda request: request.find_service(ITexts).talks(uid)) == []
    assert (walk.found("rempotage"), walk.found("sable")) == (0, 0)
    reader = house.browser("paul")
    for page in ("/articles", "/messages", "/messages/requests", "/"):
        shown = reader.get(page).text
        assert [one for one in (ARTICLE, COMMENT, MESSAGE, LOGIN) if one in shown] == []
    for words in (TITLE, BODY, LOGIN):
        assert words not in house.browser().get(address, expect_errors=True)
        assert words not in house.browser().get("/forums/general")
    assert reindex(house.registry).failed == {}
    assert (walk.found("burette"), walk.found("haies"), walk.found("bouvreuil")) == (0, 0, 0)

"""The whole kit over the disk: every viewer looks everywhere, and every path agrees with the ACLs.

Olga has a folder and files for each audience, in every state, each with a word of its own in its
name; files of text hold the word too.
"""

from io import BytesIO

import pytest

from communicate.audience import LEVELS, Audience
from communicate.interfaces import IAudiences, IContacts, IMembers
from communicate.principals import circle
from communicate.testing.canaries import COMPANION, Canaries
from communicate.testing.house import House
from communicate.testing.matrix import Matrix
from communicate_vdisk.interfaces import IDisk, ITrash

ROLES = {
    "stranger": None,
    "member": "marie",
    "contact": "colin",
    "circle": "circe",
    "blocked": "bela",
    "owner": "olga",
    "moderator": "moira",
}
SIGNED_IN = {"member", "contact", "circle", "moderator"}
READERS = {
    "private": set(),
    "contacts": {"contact", "circle"},
    "chosen": {"circle"},
    "members": SIGNED_IN,
    "public": {*SIGNED_IN, "stranger"},
}


class Planting:
    """Folders and files of olga for each audience, each in every state."""

    def __init__(self, request, plant):
        self.request, self.plant = request, plant
        members = request.find_service(IMembers)
        self.uids = {login: members.by_login(login).uid for login in ROLES.values() if login}
        self.service, self.trash = request.find_service(IDisk), request.find_service(ITrash)
        self.disk = self.service.disk(self.uids["olga"])

    def all(self):
        contacts, olga = self.request.find_service(IContacts), self.uids["olga"]
        for login in ("colin", "circe"):
            contacts.request(self.uids[login], olga)
            contacts.accept(olga, self.uids[login])
        number = contacts.make_circle(olga, "Chorale")
        contacts.put(olga, number, self.uids["circe"])
        contacts.block(olga, self.uids["bela"])
        for level in LEVELS:
            self.level(level, Audience(level, [circle(number)] if level == "chosen" else ()))

    def level(self, level, audience):
        """Make what *level* reads."""
        folder = self.plant("folder", level, lambda words: self.folder(audience, words))
        self.plant("inside", level, lambda words: self.file(folder, words))
        self.plant("inner", "private", lambda words: self.closed(folder, words))
        self.plant(
            "alone", level, lambda words: self.chosen(self.file(self.disk, words), audience)
        )
        hidden = self.plant("hidden", level, lambda words: self.folder(audience, words))
        self.plant("hidden", level, lambda words: self.file(hidden, words))
        self.trash.set_hidden(hidden, True)
        thrown = self.plant("thrown", level, lambda words: self.folder(audience, words))
        self.plant("thrown", level, lambda words: self.file(thrown, words))
        self.trash.throw(thrown)
        former = self.plant("former", level, lambda words: self.file(folder, "F", words))
        self.service.replace(former, BytesIO(b"Autre chose"), None)

    def folder(self, audience, words):
        return self.chosen(self.service.make_folder(self.disk, name(words), None), audience)

    def file(self, folder, words, text=None):
        called = name(words if text is None else f"Ancien {len(folder)}")
        data = (words if text is None else text).encode()
        return self.service.add_file(folder, f"{called}.txt", BytesIO(data), None)

    def alone(self, audience, words):
        return self.chosen(self.file(self.disk, words), audience)

    def closed(self, folder, words):
        return self.chosen(self.file(folder, words), Audience("private"))

    def chosen(self, node, audience):
        self.request.find_service(IAudiences).choose(node, audience)
        return node


def name(words):
    """Return *words* as a name that is short enough."""
    return words.replace("/", " ").replace("\n", " ").encode()[:150].decode("utf-8", "ignore")


def house_of(folder):
    house = House(folder, ["vdisk"], {})
    for login in filter(None, ROLES.values()):
        house.member(login, *(("moderators",) if login == "moira" else ()))
    return house


def readers(what, level):
    """Return who may see the words in that state, and who must."""
    if what == "thrown":
        return {"owner"}, {"owner"}  # in the trash
    if what == "hidden" and level in ("members", "public"):
        return {"moderator", "owner"}, {"owner"}
    if what in ("hidden", "former"):
        return {"owner"}, set() if what == "former" else {"owner"}
    return {*READERS[level], "owner"}, {*READERS[level], "owner"}


@pytest.fixture(scope="module")
def canaries(tmp_path_factory):
    house = house_of(tmp_path_factory.mktemp("canaries"))
    canaries = Canaries(house, ROLES)

    def plant(what, level, write):
        may, must = readers(what, level)
        if what == "thrown":
            must = set()  # what lies in a folder in the trash is listed when that is put back
        return write(canaries.text(f"{what} ({level})", may, must))

    house.work(lambda request: Planting(request, plant).all())
    house.run_jobs()
    pages = [f"/search?q={COMPANION}", "/members/olga/disk", "/disk/shared", "/"]
    for role in ROLES:
        more = ["/members/olga/disk/trash"] if role == "owner" else []
        canaries.look(role, [*pages, *more], steps=1)
    yield canaries
    house.close()


class TestCanaries:
    def test_each_word_is_seen_by_exactly_those_who_may(self, canaries):
        canaries.settle()

    def test_a_search_tells_nothing_of_what_cannot_be_read(self, canaries):
        closed = [one.word for one in canaries.planted if "member" not in one.may]
        assert len(closed) > 20
        assert canaries.ask_for("member", closed) == []


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    house = house_of(tmp_path_factory.mktemp("matrix"))
    matrix = Matrix(house, ROLES)

    def plant(what, _level, write):
        word = matrix.word()
        node = write(word)
        if what != "former":  # of which the file's own rights say nothing
            matrix.belongs(word, node)
        return node

    house.work(lambda request: Planting(request, plant).all())
    yield matrix
    house.close()


class TestMatrix:
    @pytest.mark.parametrize(
        "viewer",
        [
            *("stranger", "member"),
            *(
                pytest.param(one, marks=pytest.mark.slow)
                for one in ("contact", "circle", "blocked", "owner", "moderator")
            ),
        ],
    )
    def test_no_path_differs(self, matrix, viewer):
        before = matrix.asked
        # The trash says to its owner what it holds, which no other page shows.
        known = "views.trash.trash shows"
        found = [one for one in matrix.differences(viewer) if known not in one]
        assert found == []
        assert matrix.asked - before > 60

    def test_a_page_that_shows_too_much_is_named(self, matrix, monkeypatch):
        monkeypatch.setattr("communicate_vdisk.views.rows.permits", lambda *_asked: True)
        found = matrix.differences("stranger", within="/members/olga/disk")
        assert found

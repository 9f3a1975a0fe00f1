"""The whole kit over articles: every viewer looks everywhere, and every path agrees with the ACLs.

Olga writes an article for each audience, in every state, with a word of its own in title, text,
summary and tags.
"""

from datetime import timedelta

import pytest

from communicate.audience import LEVELS, Audience
from communicate.clock import now
from communicate.interfaces import IContacts, IMembers
from communicate.principals import circle
from communicate.testing.canaries import COMPANION, Canaries
from communicate.testing.house import House
from communicate.testing.matrix import Matrix
from communicate_articles.interfaces import IArticles, IRemovals
from communicate_articles.translations import link
from communicate_articles.words import Written

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
    """Articles of olga for each audience, each in every state."""

    def __init__(self, request, plant):
        self.request, self.plant = request, plant
        members = request.find_service(IMembers)
        self.uids = {login: members.by_login(login).uid for login in ROLES.values() if login}
        self.service = request.find_service(IArticles)
        self.removals = request.find_service(IRemovals)

    def all(self):
        contacts, olga = self.request.find_service(IContacts), self.uids["olga"]
        for login in ("colin", "circe"):
            contacts.request(self.uids[login], olga)
            contacts.accept(olga, self.uids[login])
        number = contacts.make_circle(olga, "Chorale")
        contacts.put(olga, number, self.uids["circe"])
        contacts.block(olga, self.uids["bela"])
        for level in LEVELS:
            self.shelf(level, Audience(level, [circle(number)] if level == "chosen" else ()))

    def shelf(self, level, audience):
        """Write what *level* reads once it is out."""
        out = self.plant("out", level, lambda words: self.out(audience, words))
        self.plant("beside", level, lambda words: self.save(out, words))
        self.plant("begun", level, lambda words: self.begin(audience, words))
        later = self.plant("later", level, lambda words: self.begin(audience, words))
        self.service.schedule(later, now(self.request) + timedelta(days=9))
        hidden = self.plant("hidden", level, lambda words: self.out(audience, words))
        self.removals.set_hidden(hidden, True)
        deleted = self.plant("deleted", level, lambda words: self.out(audience, words))
        self.removals.delete(deleted)
        former = self.plant("former", level, lambda words: self.out(audience, words))
        self.save(former, "Autre chose")
        self.service.publish(former)
        link(self.request, out, former)

    def begin(self, audience, words):
        return self.service.begin(self.uids["olga"], self.written(words), audience)

    def out(self, audience, words):
        article = self.begin(audience, words)
        self.service.publish(article)
        return article

    def save(self, article, words):
        self.service.save(article, self.written(words))
        return article

    def written(self, words):
        return Written(words[:120], f"## {words[:120]}\n\n{words}", words, (words[:30],), "fr")


def house_of(folder):
    house = House(folder, ["articles"], {})
    for login in filter(None, ROLES.values()):
        house.member(login, *(("moderators",) if login == "moira" else ()))
    return house


def readers(what, level):
    """Return who may see the words in that state, and who must."""
    if what == "deleted":
        return set(), set()
    if what == "hidden" and level in ("members", "public"):
        return {"moderator", "owner"}, {"owner"}
    if what != "out":
        return {"owner"}, {"owner"}
    return {*READERS[level], "owner"}, {*READERS[level], "owner"}


@pytest.fixture(scope="module")
def canaries(tmp_path_factory):
    house = house_of(tmp_path_factory.mktemp("canaries"))
    canaries = Canaries(house, ROLES)

    def plant(what, level, write):
        may, must = readers(what, level)
        return write(canaries.text(f"{what} ({level})", may, must))

    house.work(lambda request: Planting(request, plant).all())
    house.run_jobs()
    pages = [f"/search?q={COMPANION}", "/members/olga/articles", "/articles", "/"]
    for role in ROLES:
        more = ["/articles/drafts", *versions(house)] if role == "owner" else []
        canaries.look(role, [*pages, *more], steps=1)
    yield canaries
    house.close()


def versions(house):
    """Return the addresses at which the owner compares what was replaced."""

    def addresses(request):
        service = request.find_service(IArticles)
        found = map(service.find, request.site["articles"].owners)
        return [f"{service.path(one)}/versions" for one in found if one.versions]

    return house.work(addresses)


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
        article = write(word)
        if what not in ("beside", "former"):  # of which the article's own rights say nothing
            matrix.belongs(word, article)
        return article

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
        assert matrix.differences(viewer) == []
        assert matrix.asked - before > 60

    def test_a_page_that_shows_too_much_is_named(self, matrix, monkeypatch):
        monkeypatch.setattr("communicate_articles.views.article.permits", lambda *_asked: True)
        found = matrix.differences("stranger", within="/members/olga/articles")
        assert any("views.article.article offers" in one for one in found), found

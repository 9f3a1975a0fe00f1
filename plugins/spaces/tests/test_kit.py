"""The whole kit over comments: every viewer looks everywhere, and every path agrees with the ACLs.

Olga's things, one for each audience, are commented by a member, in every state.
"""

import pytest

from communicate.audience import LEVELS, MEMBERS, Audience
from communicate.interfaces import IContacts, IMembers
from communicate.principals import circle
from communicate.profile.interfaces import IProfiles
from communicate.testing.canaries import COMPANION, Canaries
from communicate.testing.house import House
from communicate.testing.matrix import Matrix
from communicate_spaces.interfaces import ICommenting, ICommentRemovals, IRules
from communicate_spaces.permissions import COMMENT

ROLES = {
    "stranger": None,
    "member": "marie",
    "contact": "colin",
    "circle": "circe",
    "blocked": "bela",
    "owner": "olga",
    "author": "anna",
    "moderator": "moira",
}
SIGNED_IN = {"member", "contact", "circle", "moderator"}
READERS = {
    "private": set(),
    "contacts": {"contact", "circle", "author"},
    "chosen": {"circle"},
    "members": SIGNED_IN,
    "public": {*SIGNED_IN, "stranger"},
}
#: Seen by every run; the others take their turn with the slow tests.
FIRST = ("stranger", "member", "owner")
WATCHED = "communicate_spaces.lines"


class Planting:
    """Comments of anna, who is olga's contact, on what olga shows to each audience."""

    def __init__(self, request, plant):
        self.request, self.plant = request, plant
        members = request.find_service(IMembers)
        self.uids = {login: members.by_login(login).uid for login in ROLES.values() if login}
        self.rules = request.find_service(IRules)
        self.words = request.find_service(ICommenting)
        self.removals = request.find_service(ICommentRemovals)

    def all(self):
        contacts, olga = self.request.find_service(IContacts), self.uids["olga"]
        for login in ("colin", "circe", "anna"):
            contacts.request(self.uids[login], olga)
            contacts.accept(olga, self.uids[login])
        number = contacts.make_circle(olga, "Chorale")
        contacts.put(olga, number, self.uids["circe"])
        contacts.block(olga, self.uids["bela"])
        self.rules.open_space(olga, MEMBERS, MEMBERS, approval=False)
        profiles, account = self.request.find_service(IProfiles), self.request.site["members"]
        for level in LEVELS:
            audience = Audience(level, [circle(number)] if level == "chosen" else ())
            given = {"value": level, "audience": audience}
            thing = profiles.add(account["olga"], "interest", given)
            self.thread(self.rules.thread(thing), level)
        self.thread(self.rules.thread(self.rules.wall(olga)), "members")

    def thread(self, thread, level):
        """Comment what *level* reads, in every state."""
        anna = self.uids["anna"]
        add = self.words.add
        self.plant("comment", level, lambda text: add(thread, anna, text))
        top = add(thread, anna, "Une question")
        self.plant("reply", level, lambda text: add(thread, anna, text, top))
        hidden = self.plant("hidden", level, lambda text: add(thread, anna, text))
        self.removals.set_hidden(hidden, True, "", self.uids["moira"])
        deleted = self.plant("deleted", level, lambda text: add(thread, anna, text))
        self.removals.delete(deleted, anna)
        thread.approval, thread.grants = True, {COMMENT: MEMBERS}
        self.plant("waiting", level, lambda text: add(thread, anna, text))
        thread.approval = False


def house_of(folder):
    house = House(folder, ["spaces"], {})
    for login in filter(None, ROLES.values()):
        house.member(login, *(("moderators",) if login == "moira" else ()))
    return house


def readers(what, level):
    """Return who may see the words of a comment in that state, and who must."""
    common = level in ("members", "public")
    if what == "deleted":
        return set(), set()
    if what == "hidden":
        return ({"moderator", "author"}, {"moderator"}) if common else ({"author"}, set())
    if what == "waiting":
        return {"owner", "author"}, {"owner"}
    wide = READERS[level]
    return {*wide, "owner", "author"}, {*wide, "owner"} - {"author"}


@pytest.fixture(scope="module")
def canaries(tmp_path_factory):
    house = house_of(tmp_path_factory.mktemp("canaries"))
    canaries = Canaries(house, ROLES)

    def plant(what, level, write):
        may, must = readers(what, level)
        return write(canaries.text(f"{what} ({level})", may, must))

    house.work(lambda request: Planting(request, plant).all())
    pages = [f"/search?q={COMPANION}", "/members/olga", "/members/olga/comments", "/"]
    for role in ROLES:
        canaries.look(role, pages, steps=1)
    yield canaries
    house.close()


class TestCanaries:
    def test_each_comment_is_seen_by_exactly_those_who_may(self, canaries):
        canaries.settle()

    def test_a_search_tells_nothing_of_what_cannot_be_read(self, canaries):
        closed = [one.word for one in canaries.planted if "member" not in one.may]
        assert len(closed) > 10
        assert canaries.ask_for("member", closed) == []


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    house = house_of(tmp_path_factory.mktemp("matrix"))
    matrix = Matrix(house, ROLES)

    def plant(_what, _level, write):
        word = matrix.word()
        comment = write(word)
        matrix.belongs(word, comment)
        return comment

    house.work(lambda request: Planting(request, plant).all())
    yield matrix
    house.close()


class TestMatrix:
    @pytest.mark.parametrize(
        "viewer",
        [
            *("stranger", "member", "owner"),
            *(
                pytest.param(one, marks=pytest.mark.slow)
                for one in ("contact", "blocked", "author")
            ),
            pytest.param("moderator", marks=pytest.mark.slow),
        ],
    )
    def test_no_path_differs(self, matrix, viewer):
        before = matrix.asked
        assert matrix.differences(viewer, within="/members/olga") == []
        assert matrix.asked - before > 60

    def test_a_page_whose_question_is_removed_is_named(self, matrix, monkeypatch):
        monkeypatch.setattr(f"{WATCHED}.permits", lambda *_asked: True)
        found = matrix.differences("member", within="/members/olga/comments")
        assert any("shows /members/olga/comments/" in one for one in found), found

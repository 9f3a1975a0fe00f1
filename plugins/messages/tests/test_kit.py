"""The whole kit over messages: every viewer looks everywhere, and every path agrees with the ACLs.

Anna writes to paula, to paula and others from whom somebody leaves and to whom somebody comes,
and to somebody whom she blocks afterwards.
"""

import pytest

from communicate.interfaces import IContacts, IMembers
from communicate.testing.canaries import COMPANION, Canaries
from communicate.testing.house import House
from communicate.testing.matrix import Matrix
from communicate_messages.interfaces import ILife, IMessages, IRemovals, ITaking

ROLES = {
    "stranger": None,
    "member": "marie",
    "author": "anna",
    "other": "paula",
    "left": "leo",
    "later": "tess",
    "blocked": "bela",
    "moderator": "moira",
    "operator": "oscar",
}
GROUPS = {"moira": ("moderators",), "oscar": ("operators",)}
#: Seen by every run; the others take their turn with the slow tests.
FIRST = ("member", "other", "moderator")


def house_of(folder):
    house = House(folder, ["messages"], {"messages.page_size": 50})
    for login in filter(None, ROLES.values()):
        house.member(login, *GROUPS.get(login, ()))
    return house


def fill(request, plant):
    """Have anna write in every state; *plant* is told who may read, and who must."""
    members, contacts = request.find_service(IMembers), request.find_service(IContacts)
    uids = {login: members.by_login(login).uid for login in ROLES.values() if login}
    anna = uids["anna"]
    for login in ("paula", "leo", "tess", "bela"):
        contacts.request(uids[login], anna)
        contacts.accept(anna, uids[login])
    words, taking = request.find_service(IMessages), request.find_service(ITaking)
    removals, life = request.find_service(IRemovals), request.find_service(ILife)

    def say(what, conversation, readers):
        text = plant(what, {"author", *readers}, {"author", *readers})
        return text(lambda body: words.say(conversation, anna, body))

    two = plant("begun", {"author", "other"}, {"author", "other"})(
        lambda body: words.start(anna, [uids["paula"]], body)
    ).__parent__
    say("of two", two, ["other"])
    for state, act in (("deleted", removals.delete), ("destroyed", removals.destroy)):
        message = plant(state, set(), set())(lambda body: words.say(two, anna, body))
        act(message)
    hidden = plant("hidden", set(), set())(lambda body: words.say(two, anna, body))
    removals.set_hidden(hidden, True)

    people = [uids["paula"], uids["leo"]]
    several = plant("before", {"author", "other"}, {"author", "other"})(
        lambda body: words.start(anna, people, body)
    ).__parent__
    taking.leave(several, uids["leo"])
    taking.add(several, anna, uids["tess"])
    say("after", several, ["other", "later"])
    title = plant("title", {"author", "other", "later"}, {"author", "other", "later"})
    title(lambda text: words.entitle(several, anna, text))

    apart = plant("to the blocked", {"author"}, {"author"})(
        lambda body: words.start(anna, [uids["bela"]], body)
    ).__parent__
    contacts.block(anna, uids["bela"])
    life.propose(two, anna, 86_400)
    for each in (two, several, apart):
        taking.see(each, anna, each.lines.maxKey())


@pytest.fixture(scope="module")
def canaries(tmp_path_factory):
    house = house_of(tmp_path_factory.mktemp("canaries"))
    canaries = Canaries(house, ROLES)

    def plant(what, may, must):
        text = canaries.text(what, may, must)
        return lambda write: write(text)

    house.work(lambda request: fill(request, plant))
    places = house.work(
        lambda request: [
            f"/messages/{one.__name__}" for one in request.site["messages"].conversations.values()
        ]
    )
    pages = [
        "/messages",
        "/messages/archived",
        "/messages/requests",
        f"/messages/search?q={COMPANION}",
        f"/search?q={COMPANION}",
        "/",
        "/members/anna",
        "/account/privacy/shared",
        *(f"{place}{more}" for place in places for more in ("", "/about", "/since")),
    ]
    for role in ROLES:
        canaries.look(role, pages, steps=1)
    yield canaries
    house.close()


class TestCanaries:
    def test_each_message_is_seen_by_exactly_those_who_take_part(self, canaries):
        canaries.settle()

    def test_a_search_tells_nothing_of_what_cannot_be_read(self, canaries):
        words = [one.word for one in canaries.planted]
        assert len(words) > 7
        for role in ("member", "moderator", "operator", "left"):
            assert canaries.ask_for(role, words) == []


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    house = house_of(tmp_path_factory.mktemp("matrix"))
    matrix = Matrix(house, ROLES)

    def plant(_what, _may, _must):
        word = matrix.word()

        def planted(write):
            made = write(word)
            if made is not None:
                matrix.belongs(word, made)
            return made

        return planted

    house.work(lambda request: fill(request, plant))
    yield matrix
    house.close()


class TestMatrix:
    @pytest.mark.parametrize(
        "viewer",
        [pytest.param(one, marks=[] if one in FIRST else [pytest.mark.slow]) for one in ROLES],
    )
    def test_no_path_differs(self, matrix, viewer):
        before = matrix.asked
        assert matrix.differences(viewer, within="/messages") == []
        assert matrix.asked - before > 20

    def test_a_page_whose_question_is_removed_is_named(self, matrix, monkeypatch):
        monkeypatch.setattr("communicate_messages.lines.permits", lambda *_asked: True)
        found = matrix.differences("other", within="/messages")
        assert any("shows /messages/" in one for one in found), found

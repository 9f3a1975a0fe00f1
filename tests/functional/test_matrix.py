"""Viewer x audience x verb x path: no path differs from the ACL, and one that would is named."""

import pytest

from communicate.audience import LEVELS, Audience
from communicate.declarations import Path
from communicate.interfaces import IContacts, IMembers
from communicate.principals import circle
from communicate.profile.interfaces import IProfiles
from communicate.testing.house import House
from communicate.testing.matrix import Matrix
from communicate_forums.interfaces import IForums, IRemovals

VIEWERS = {
    "stranger": None,
    "member": "marie",
    "contact": "colin",
    "circle": "circe",
    "blocked": "bela",
    "owner": "olga",
    "moderator": "moira",
    "operator": "oscar",
}
GROUPS = {"moira": ("moderators",), "oscar": ("operators",)}


def fill(matrix, request):
    """Have Olga write something for every audience, each with a word of its own."""
    members = request.find_service(IMembers)
    uids = {login: members.by_login(login).uid for login in VIEWERS.values() if login}
    owner, contacts = uids["olga"], request.find_service(IContacts)
    for login in ("colin", "circe"):
        contacts.request(uids[login], owner)
        contacts.accept(owner, uids[login])
    number = contacts.make_circle(owner, "Chorale")
    contacts.put(owner, number, uids["circe"])
    contacts.block(owner, uids["bela"])
    for level in LEVELS:
        chosen = [circle(number)] if level == "chosen" else ()
        audience = Audience(level, chosen)
        speak(matrix, request, members.by_login("olga"), audience)
        if level in ("public", "members", "chosen"):
            discuss(matrix, request, owner, audience)


def speak(matrix, request, member, audience):
    """Have *member* say something in the space."""
    word = matrix.word()
    profiles = request.find_service(IProfiles)
    matrix.belongs(word, profiles.add(member, "interest", {"value": word, "audience": audience}))


def discuss(matrix, request, uid, audience):
    """Have *uid* write a topic with posts in every state."""
    words, removals = request.find_service(IForums), request.find_service(IRemovals)
    forum = words.add_forum(f"f-{audience.level}", audience.level, audience=audience)
    title, body = matrix.word(), matrix.word()
    post = words.open_topic(forum, uid, title, body)
    matrix.belongs(title, post.__parent__)
    matrix.belongs(body, post)
    for act in (lambda _post: None, removals.delete, lambda one: removals.set_hidden(one, True)):
        body = matrix.word()
        post = words.reply(post.__parent__, uid, body)
        matrix.belongs(body, post)
        act(post)


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("matrix"), ["forums"], {})
    for login in filter(None, VIEWERS.values()):
        house.member(login, *GROUPS.get(login, ()))
    matrix = Matrix(house, VIEWERS)
    house.work(lambda request: fill(matrix, request))
    yield matrix
    house.close()


#: Seen by every run; the others take their turn with the slow tests.
FIRST = ("stranger", "member", "contact", "moderator")
#: Where `permits` is taken out, whose eyes look where, and the view that then shows too much.
REMOVED = {
    "communicate_forums.views.forums": (
        "member",
        "/forums",
        "communicate_forums.views.forums.forums offers GET communicate_forums.views.forums.forum",
    ),
    "communicate_forums.lines": (
        "member",
        "/forums/f-public",
        "communicate_forums.views.topic.topic shows /forums/f-public/",
    ),
    "communicate_forums.feeds": (
        "stranger",
        "/forums/f-public",
        "communicate_forums.views.feeds.forum_feed shows /forums/f-public/",
    ),
    "communicate_forums.views.topic": (
        "stranger",
        "/forums/f-public",
        "communicate_forums.views.topic.topic offers POST communicate_forums.views.topic.",
    ),
    "communicate.profile.services": (
        "stranger",
        "/members/olga",
        "communicate.profile.views.space.space shows /members/olga/profile/",
    ),
}


class TestMatrix:
    @pytest.mark.parametrize(
        "viewer",
        [pytest.param(one, marks=[] if one in FIRST else [pytest.mark.slow]) for one in VIEWERS],
    )
    def test_no_path_differs(self, matrix, viewer):
        before = matrix.asked
        assert matrix.differences(viewer) == []
        assert matrix.asked - before > 150

    @pytest.mark.parametrize("module", REMOVED)
    def test_a_view_whose_question_is_removed_is_named(self, matrix, monkeypatch, module):
        viewer, within, named = REMOVED[module]
        assert matrix.differences(viewer, within=within) == []
        monkeypatch.setattr(f"{module}.permits", lambda *_asked: True)
        found = matrix.differences(viewer, within=within)
        assert any(difference.startswith(named) for difference in found), found

    def test_a_declared_path_that_is_too_wide_is_named(self, matrix, monkeypatch):
        wide = Path("forums/feed", "read", lambda _request, _thing: True)
        monkeypatch.setattr("communicate_forums.duties.PATHS", (wide,))
        found = matrix.differences("stranger", within="/forums/general")
        assert found
        assert all(one.startswith("forums/feed: read of /forums/f-") for one in found)
        assert all(one.endswith("by stranger is True") for one in found)

"""Viewer x audience x verb x path: no path differs from the ACL, and one that would is named."""

from importlib import import_module

import pytest

from communicate.declarations import Path
from communicate.testing.matrix import Matrix

from .planting.people import LOOKING, ROLES
from .planting.site import Site

VIEWERS = {role: ROLES[role] for role in (*LOOKING, "owner of members")}
#: Seen by every run; the others take their turn with the slow tests.
FIRST = ("stranger", "contact")
#: Who has written what a moderator hid is told of it among all that one wrote, elsewhere.
WITHIN = {"author": "/members"}
#: What is put in the place of the questions of `communicate.security`.
ANSWERS = {
    "permits": lambda *_asked: True,
    "held": lambda _request, _thing, *permissions: frozenset(permissions),
}
#: Where the question is taken out, whose eyes look where, and the view that then shows too much.
REMOVED = {
    "communicate_forums.views.forums": (
        "member",
        "/forums",
        "communicate_forums.views.forums.forums offers GET communicate_forums.views.forums.forum",
    ),
    "communicate_forums.lines": (
        "member",
        "/forums/f-public",
        "communicate_forums.views.topic.read shows /forums/f-public/",
    ),
    "communicate_forums.feeds": (
        "stranger",
        "/forums/f-public",
        "communicate_forums.views.feeds.forum_feed shows /forums/f-public/",
    ),
    "communicate_forums.views.topic": (
        "stranger",
        "/forums/f-public",
        "communicate_forums.views.topic.read offers POST communicate_forums.views.topic.",
    ),
    "communicate.profile.services": (
        "stranger",
        "/members/owner-contacts",
        "communicate.profile.views.space.space shows /members/owner-contacts/profile/",
    ),
    "communicate_spaces.lines": (
        "circle",
        "/members/owner-chosen/comments",
        "communicate_spaces.views.walls.wall shows /members/owner-chosen/comments/",
    ),
    "communicate_articles.views.article": (
        "stranger",
        "/members/owner-public/articles",
        "communicate_articles.views.article.article offers ",
    ),
    "communicate_vdisk.views.rows": (
        "circle",
        "/members/owner-chosen/disk",
        "communicate_vdisk.views.folder.folder shows /members/owner-chosen/disk/",
    ),
    "communicate_messages.lines": (
        "contact",
        "/messages",
        "communicate_messages.views.conversation.conversation shows /messages/",
    ),
}


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("matrix"), ("other",), full=False)
    matrix = Matrix(site.house, VIEWERS)
    matrix.words = site.things
    yield matrix
    site.house.close()


class TestMatrix:
    @pytest.mark.parametrize(
        "viewer",
        [pytest.param(one, marks=[] if one in FIRST else [pytest.mark.slow]) for one in VIEWERS],
    )
    def test_no_path_differs(self, matrix, viewer):
        before = matrix.asked
        assert matrix.differences(viewer, within=WITHIN.get(viewer, "/")) == []
        assert matrix.asked - before > 500

    @pytest.mark.parametrize("module", REMOVED)
    def test_a_view_whose_question_is_removed_is_named(self, matrix, monkeypatch, module):
        viewer, within, named = REMOVED[module]
        assert matrix.differences(viewer, within=within) == []
        for question, answer in ANSWERS.items():
            if hasattr(import_module(module), question):
                monkeypatch.setattr(f"{module}.{question}", answer)
        found = matrix.differences(viewer, within=within)
        assert any(difference.startswith(named) for difference in found), found

    def test_a_declared_path_that_is_too_wide_is_named(self, matrix, monkeypatch):
        wide = Path("forums/feed", "read", lambda _request, _thing: True)
        monkeypatch.setattr("communicate_forums.duties.PATHS", (wide,))
        found = matrix.differences("stranger", within="/forums/general")
        assert found
        assert all(one.startswith("forums/feed: read of /forums/f-") for one in found)
        assert all(one.endswith("by stranger is True") for one in found)

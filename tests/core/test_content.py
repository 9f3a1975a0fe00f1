"""Content and folders: rights resolved inside ``__acl__``, children counted, names refused."""

import pytest
from pyramid.authorization import DENY_ALL

from communicate import audience as aud
from communicate.content import Content, Folder, NameTaken, Site
from communicate.permissions import DELETE, EDIT, MODERATE, OPEN, VIEW

REPLY = "forums.reply"


def who(content: Content, permission: str) -> set[str]:
    return {
        principal
        for _allow, principal, permissions in content.allowances()
        if permission in permissions
    }


class TestDefaults:
    def test_a_thing_starts_private(self):
        assert Content(7).effective_audience() == aud.PRIVATE

    def test_its_owner_alone_reads_changes_and_deletes(self):
        thing = Content(7)
        assert who(thing, VIEW) == who(thing, EDIT) == who(thing, DELETE) == {"member:7"}

    def test_every_acl_ends_by_denying_everyone(self):
        assert all(thing.__acl__[-1] == DENY_ALL for thing in (Content(7), Folder(), Site()))

    def test_the_site_lets_everyone_open_its_own_pages_and_read_nothing_else(self):
        assert who(Site(), OPEN) == {"system.Everyone"}
        assert who(Site(), VIEW) == set()


class TestInheritance:
    def test_what_says_nothing_follows_what_holds_it(self, folder):
        folder["a"] = Content(7)
        folder.audience = aud.MEMBERS
        assert folder["a"].effective_audience() == aud.MEMBERS

    def test_it_follows_at_once_when_the_folder_changes(self, folder):
        folder["a"] = Content(7)
        folder.audience = aud.PUBLIC
        folder.audience = aud.PRIVATE
        assert folder["a"].effective_audience() == aud.PRIVATE

    def test_a_choice_of_its_own_counts_even_inside_a_narrower_folder(self, folder):
        folder["a"] = Content(7, aud.PUBLIC)
        assert "public" in who(folder["a"], VIEW)
        assert who(folder, VIEW) == {"member:1"}

    def test_the_sites_own_audience_is_never_inherited(self):
        site = Site()
        site["a"] = Content(7)
        assert site["a"].effective_audience() == aud.PRIVATE


class TestGrants:
    def test_a_grant_gives_its_permission_to_its_audience_alone(self, folder):
        folder.grants = {REPLY: aud.MEMBERS}
        assert who(folder, REPLY) == {"member:1", "members"}
        assert who(folder, VIEW) == {"member:1"}

    def test_a_grant_above_counts_where_the_class_says_so(self, folder):
        class Topic(Content):
            inherited_grants = (REPLY,)

        folder.grants = {REPLY: aud.MEMBERS}
        folder["topic"] = Topic(7)
        folder["other"] = Content(7)
        assert who(folder["topic"], REPLY) == {"member:7", "members"}
        assert who(folder["other"], REPLY) == set()


class TestModerators:
    @pytest.mark.parametrize("level", aud.LEVELS)
    def test_they_act_only_on_what_members_or_everyone_may_read(self, level):
        allowed = who(Content(7, aud.Audience(level)), MODERATE)
        assert allowed == ({"group:moderators"} if level in ("members", "public") else set())


class TestFolder:
    def test_it_counts_what_it_holds(self, folder):
        folder["a"], folder["b"] = Content(), Content()
        del folder["a"]
        assert len(folder) == 1
        assert list(folder) == ["b"]

    def test_a_taken_name_is_refused_and_nothing_changes(self, folder):
        first = folder["a"] = Content()
        with pytest.raises(NameTaken, match="another name"):
            folder["a"] = Content()
        assert folder["a"] is first

    @pytest.mark.parametrize("name", ["", ".", "..", "a/b", "new"])
    def test_names_that_are_paths_or_views_are_refused(self, folder, name, monkeypatch):
        monkeypatch.setattr(Folder, "reserved_names", frozenset({"new"}))
        with pytest.raises(NameTaken):
            folder[name] = Content()

    def test_an_empty_one_is_still_true(self, folder):
        assert folder


@pytest.fixture
def folder() -> Folder:
    return Folder(1)

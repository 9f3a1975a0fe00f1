"""Who finds an element, and a member, by which words."""

from typing import Any

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC
from communicate.catalog.reindex import reindex
from communicate.interfaces import ICatalog, IMembers
from communicate.principals import Viewer
from communicate.profile.indexing import ELEMENT, MEMBER


def found(spaces: Any, words: str, login: str | None, kind: str = ELEMENT) -> list[str]:
    """Return the logins whose *kind* of entry *login* finds by *words*."""

    def ask(request: Any) -> list[str]:
        members = request.find_service(IMembers)
        request.member = members.by_login(login) if login else None
        request.viewer = Viewer.of(request)
        catalog = request.find_service(ICatalog)
        hits = catalog.search(request.viewer, words, kinds=(kind,))
        return [members.login_of(thing.owner) for _hit, thing in catalog.load(hits)]

    return list(spaces.house.work(ask))


def choose(spaces: Any, path: str, level: str) -> None:
    """Choose another audience by the picker."""
    picker = spaces.get(f"{path}/audience", "claire").forms["picker"]
    picker["visible"] = level
    picker.submit("save")
    spaces.house.run_jobs()


class TestElement:
    @pytest.mark.parametrize(
        ("audience", "finders"),
        [(PRIVATE, ""), (CONTACTS, ""), (MEMBERS, "paul rose"), (PUBLIC, "paul rose stranger")],
    )
    def test_it_is_found_by_words_that_many_may_read(
        self, spaces: Any, audience: Any, finders: str
    ) -> None:
        spaces.say("claire", "occupation", "horlogère", audience)
        people = {"paul": "paul", "rose": "rose", "stranger": None}
        seen = [name for name, login in people.items() if found(spaces, "horlogere", login)]
        assert seen == finders.split()

    def test_a_page_of_search_shows_narrower_ones_to_those_who_may_read_them(
        self, spaces: Any
    ) -> None:
        spaces.say("claire", "occupation", "horlogère", CONTACTS, label="Métier")
        assert "horlogère" in spaces.get("/search?q=horlogere", "paul")
        assert "horlogère" in spaces.get("/search?q=horlogere", "claire")
        assert "horlogère" not in spaces.get("/search?q=horlogere", "rose").html.main.text

    def test_it_is_not_found_by_the_year_that_is_not_shown(self, spaces: Any) -> None:
        spaces.say("claire", "birthday", "1984-04-09", PUBLIC, shows_year=False)
        assert not found(spaces, "1984", "rose")

    def test_a_number_is_found_however_it_is_written(self, spaces: Any) -> None:
        spaces.say("claire", "phone", "06 12-34 56", MEMBERS)
        assert found(spaces, "06123456", "rose") == ["claire"]

    def test_words_that_were_changed_or_deleted_find_nothing(self, spaces: Any) -> None:
        path = spaces.say("claire", "place", "Quimper", PUBLIC)
        form = spaces.get(f"{path}/edit", "claire").forms["element"]
        form["value"] = "Rennes"
        form.submit("save")
        assert (found(spaces, "quimper", "rose"), found(spaces, "rennes", "rose")) == (
            [],
            ["claire"],
        )
        spaces.get(f"{path}/edit", "claire").forms["element"].submit("delete")
        assert not found(spaces, "rennes", "rose")

    def test_narrowing_takes_it_out_at_once(self, spaces: Any) -> None:
        path = spaces.say("claire", "place", "Quimper", PUBLIC)
        choose(spaces, path, "contacts")
        assert not found(spaces, "quimper", "rose")


class TestDirectory:
    def test_nobody_is_in_it_unless_they_say_so(self, spaces: Any) -> None:
        spaces.say("claire", "name", "Claire Morvan", PUBLIC)
        assert not found(spaces, "claire", "rose", MEMBER)
        spaces.let("claire", "directory", MEMBERS)
        assert found(spaces, "claire", "rose", MEMBER) == ["claire"]
        assert not found(spaces, "claire", None, MEMBER)
        spaces.let("claire", "directory", PRIVATE)
        spaces.house.run_jobs()
        assert not found(spaces, "claire", "rose", MEMBER)

    def test_what_is_for_members_helps_no_stranger_to_find_anybody(self, spaces: Any) -> None:
        spaces.say("claire", "occupation", "horlogère", MEMBERS)
        spaces.say("claire", "place", "Quimper", PUBLIC)
        spaces.let("claire", "directory", PUBLIC)
        assert not found(spaces, "horlogere", None, MEMBER)
        assert found(spaces, "quimper", None, MEMBER) == ["claire"]
        spaces.let("claire", "directory", MEMBERS)
        assert found(spaces, "horlogere", "rose", MEMBER) == ["claire"]

    def test_a_value_that_narrows_leaves_it_at_once(self, spaces: Any) -> None:
        path = spaces.say("claire", "place", "Quimper", PUBLIC)
        spaces.let("claire", "directory", MEMBERS)
        assert found(spaces, "quimper", "rose", MEMBER) == ["claire"]
        choose(spaces, path, "private")
        assert not found(spaces, "quimper", "rose", MEMBER)
        assert found(spaces, "claire", "rose", MEMBER) == ["claire"]

    def test_a_value_that_is_deleted_leaves_it_at_once(self, spaces: Any) -> None:
        path = spaces.say("claire", "place", "Quimper", PUBLIC)
        spaces.let("claire", "directory", PUBLIC)
        spaces.get(f"{path}/edit", "claire").forms["element"].submit("delete")
        assert not found(spaces, "quimper", "rose", MEMBER)


class TestReindex:
    def test_all_is_made_anew(self, spaces: Any) -> None:
        spaces.say("claire", "place", "Quimper", PUBLIC)
        spaces.let("claire", "directory", MEMBERS)

        def lose(request: Any) -> None:
            uid = request.find_service(IMembers).by_login("claire").uid
            request.find_service(ICatalog).forget(uid)

        spaces.house.work(lose)
        assert not found(spaces, "quimper", "rose")
        done = reindex(spaces.house.registry)
        assert (done.failed, done.items[ELEMENT], done.items[MEMBER]) == ({}, 1, 1)
        assert found(spaces, "quimper", "rose") == ["claire"]
        assert found(spaces, "quimper", "rose", MEMBER) == ["claire"]

"""The policy: the context's own ACL decides, and anything wrong with it is a denial."""

import logging
from types import SimpleNamespace

import pytest
from pyramid.authorization import Allow, Everyone

from communicate import audience as aud
from communicate.content import Content, Folder, Site
from communicate.permissions import EDIT, MODERATE, OPERATE, VIEW
from communicate.principals import Viewer
from communicate.security import decide, held


class People:
    """Who is whose contact and in whose circle, as the members' folder answers it."""

    def __init__(self):
        self.contacts: set[tuple[int, int]] = set()
        self.circles: set[tuple[int, int]] = set()

    def is_contact(self, owner, uid):
        return (owner, uid) in self.contacts

    def is_in_circle(self, number, uid):
        return (number, uid) in self.circles


def viewer(uid=None, groups=(), people=None, *, walled=False):
    member = None if uid is None else SimpleNamespace(uid=uid, groups=groups)
    return Viewer(member, people or People(), walled=walled)


class TestDecide:
    @pytest.mark.parametrize(
        ("level", "expected"),
        [
            ("private", {"owner"}),
            ("contacts", {"owner", "contact"}),
            ("chosen", {"owner", "chosen", "in circle"}),
            ("members", {"owner", "contact", "chosen", "in circle", "member"}),
            ("public", {"owner", "contact", "chosen", "in circle", "member", "stranger"}),
        ],
    )
    def test_each_audience_is_read_by_exactly_those_it_names(self, level, expected, viewers):
        thing = Content(1, aud.Audience(level, ["member:3", "circle:9"]))
        assert {name for name, who in viewers.items() if decide(who, thing, VIEW)} == expected

    def test_no_role_opens_what_is_narrower_than_members(self):
        staff = viewer(8, ("moderators", "operators"))
        for level in ("private", "contacts", "chosen"):
            thing = Content(1, aud.Audience(level))
            assert not any(decide(staff, thing, verb) for verb in (VIEW, MODERATE, OPERATE))

    def test_a_removed_contact_is_out_at_the_next_question(self, people):
        thing = Content(1, aud.CONTACTS)
        people.contacts = {(1, 2)}
        assert decide(viewer(2, people=people), thing, VIEW)
        people.contacts.clear()
        assert not decide(viewer(2, people=people), thing, VIEW)

    def test_a_walled_site_keeps_what_is_public_from_strangers_and_rewrites_nothing(self):
        thing = Content(1, aud.PUBLIC)
        assert not decide(viewer(walled=True), thing, VIEW)
        assert decide(viewer(2, walled=True), thing, VIEW)
        assert thing.audience == aud.PUBLIC


class TestHeld:
    def test_several_are_answered_as_each_is(self, viewers):
        asked = (VIEW, EDIT, MODERATE)
        for level in aud.LEVELS:
            thing = Content(1, aud.Audience(level, ["member:3", "circle:9"]))
            for who in (*viewers.values(), viewer(8, ("moderators",))):
                each = {verb for verb in asked if decide(who, thing, verb)}
                assert held(SimpleNamespace(viewer=who), thing, *asked) == each

    def test_the_acl_is_derived_once(self):
        class Counted(Content):
            derived = 0

            def allowances(self):
                self.derived += 1
                return super().allowances()

        thing = Counted(1, aud.PUBLIC)
        assert held(SimpleNamespace(viewer=viewer(1)), thing, VIEW, EDIT) == {VIEW, EDIT}
        assert thing.derived == 1

    def test_an_acl_that_raises_holds_nothing_and_is_logged(self, caplog):
        class Torn(Content):
            def allowances(self):
                raise LookupError("torn")

        assert held(SimpleNamespace(viewer=viewer(1)), Torn(1, aud.PUBLIC), VIEW, EDIT) == set()
        assert "Torn" in caplog.text


class TestFailure:
    def test_a_context_without_an_acl_is_refused_even_inside_an_open_one(self):
        site = Site()
        inner = SimpleNamespace(__parent__=site, __name__="x")
        assert decide(viewer(), site, "communicate.open")
        assert not decide(viewer(), inner, "communicate.open")

    def test_an_acl_that_raises_is_a_denial_and_is_logged(self, caplog):
        class Torn(Content):
            @property
            def __acl__(self):
                raise RuntimeError("the owner cannot be loaded")

        parent = Folder(1, aud.PUBLIC)
        parent["torn"] = Torn(1)
        with caplog.at_level(logging.ERROR):
            assert not decide(viewer(1), parent["torn"], VIEW)
        assert "Torn" in caplog.text

    def test_an_acl_that_raises_attribute_error_is_no_acl(self):
        class Torn(Content):
            @property
            def __acl__(self):
                raise AttributeError("nothing here")

        assert not decide(viewer(1), Torn(1), VIEW)

    def test_an_acl_that_is_not_one_is_a_denial(self):
        broken = SimpleNamespace(__acl__=[(Allow, Everyone)])
        assert not decide(viewer(), broken, VIEW)


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
def viewers(people) -> dict[str, Viewer]:
    people.contacts, people.circles = {(1, 2)}, {(9, 4)}
    return {
        "owner": viewer(1, people=people),
        "contact": viewer(2, people=people),
        "chosen": viewer(3, people=people),
        "in circle": viewer(4, people=people),
        "member": viewer(5, people=people),
        "stranger": viewer(people=people),
    }

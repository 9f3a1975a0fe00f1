"""Audiences: five levels, values that do not change, and the narrower of two."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate.audience import CONTACTS, LEVELS, MEMBERS, PRIVATE, PUBLIC, Audience, narrower

audiences = st.builds(
    Audience,
    st.sampled_from(LEVELS),
    st.sets(st.sampled_from(["member:1", "member:2", "circle:3"])),
)


class TestAudience:
    def test_an_unknown_level_is_refused_with_the_levels_there_are(self):
        with pytest.raises(ValueError, match="private, contacts, chosen"):
            Audience("friends")

    def test_it_cannot_be_changed(self):
        with pytest.raises(AttributeError, match="make another"):
            PRIVATE.level = "public"

    @given(audiences)
    def test_it_survives_pickling(self, audience):
        assert pickle.loads(pickle.dumps(audience)) == audience

    def test_people_count_only_where_people_are_chosen(self):
        assert Audience("members", ["member:1"]) == MEMBERS

    def test_its_repr_names_nobody(self):
        assert "member:1" not in repr(Audience("chosen", ["member:1"]))


class TestPrincipals:
    def test_the_owner_always_reads(self):
        assert all("member:7" in Audience(level).principals(7) for level in LEVELS)

    def test_private_is_the_owner_alone(self):
        assert PRIVATE.principals(7) == ("member:7",)

    def test_contacts_are_those_of_the_owner(self):
        assert "contacts:7" in CONTACTS.principals(7)

    def test_contacts_of_nobody_are_nobody(self):
        assert CONTACTS.principals(None) == ()

    def test_chosen_people_and_circles_are_named(self):
        assert set(Audience("chosen", ["member:1", "circle:3"]).principals(7)) == {
            "member:7",
            "member:1",
            "circle:3",
        }


class TestNarrower:
    @given(audiences, audiences)
    def test_it_is_never_wider_than_either(self, one, other):
        found = narrower(one, other)
        assert found.width <= min(one.width, other.width)

    def test_of_two_lists_it_is_what_both_name(self):
        one, other = Audience("chosen", ["member:1", "member:2"]), Audience("chosen", ["member:2"])
        assert narrower(one, other) == other
        assert narrower(PUBLIC, one) == one

"""Circles: names for some of one's contacts."""

import pytest

from communicate.audience import Audience
from communicate.contacts import circles
from communicate.contacts.errors import Refused
from communicate.principals import circle


@pytest.fixture
def friends(people):
    """Have Inès know Paul and Léa."""
    people.meet("ines", "paul")
    people.meet("ines", "lea")
    return people


class TestCircle:
    def test_opens_what_is_shown_to_it_to_who_is_in_it(self, friends):
        number = friends.circle("ines", "Potager", "paul")
        name = friends.note("ines", Audience("chosen", [circle(number)]))
        assert friends.reads("paul", "ines", name)
        assert friends.finds("paul") == 1
        assert not friends.reads("lea", "ines", name)
        friends.do("put", "ines", number, "lea")
        assert friends.reads("lea", "ines", name)
        friends.do("take", "ines", number, "paul")
        assert not friends.reads("paul", "ines", name)
        assert friends.finds("paul") == 0

    def test_deleted_it_opens_nothing_any_more(self, friends):
        number = friends.circle("ines", "Potager", "paul", "lea")
        name = friends.note("ines", Audience("chosen", [circle(number)]))
        friends.do("drop_circle", "ines", number)
        assert not friends.reads("paul", "ines", name)
        assert friends.finds("paul") == 0
        assert friends.do("circles", "ines") == []

    def test_who_is_no_contact_any_more_is_out_of_it(self, friends):
        number = friends.circle("ines", "Potager", "paul")
        name = friends.note("ines", Audience("chosen", [circle(number)]))
        friends.do("remove", "paul", "ines")
        assert not friends.reads("paul", "ines", name)
        assert friends.finds("paul") == 0

    def test_holds_contacts_only(self, friends):
        number = friends.circle("ines", "Potager")
        with pytest.raises(Refused):
            friends.do("put", "ines", number, "marc")

    def test_is_changed_by_its_owner_only(self, friends):
        number = friends.circle("ines", "Potager")
        with pytest.raises(Refused):
            friends.do("put", "paul", number, "ines")
        with pytest.raises(Refused):
            friends.do("drop_circle", "paul", number)
        assert friends.do("circle", "paul", number) is None

    def test_several_are_set_at_once(self, friends):
        one, two = friends.circle("ines", "Potager"), friends.circle("ines", "Lecture", "paul")
        friends.do("set_circles", "ines", "paul", {one})
        found = {each.id: list(each.members) for each in friends.do("circles", "ines")}
        assert found == {one: [friends["paul"]], two: []}


class TestName:
    def test_is_sealed_and_sorts_the_list(self, friends):
        for name in ("Potager", "école", "Lecture"):
            friends.circle("ines", name)
        assert [each.name for each in friends.do("circles", "ines")][:2] == ["Lecture", "Potager"]

    def test_is_nowhere_in_clear_and_neither_is_a_note(self, friends, house):
        friends.circle("ines", "Orchideraie")
        friends.do("request", "ines", "zoe", note="Du club de Kerbihan")
        stored = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
        assert len(stored) > 10_000
        assert b"Orchideraie" not in stored
        assert b"Kerbihan" not in stored

    @pytest.mark.parametrize("name", ["", "   ", "x" * 61, "POTAGER"])
    def test_is_there_short_and_nobody_else_s(self, friends, name):
        friends.circle("ines", "Potager")
        with pytest.raises(Refused):
            friends.circle("ines", name)

    def test_can_change(self, friends):
        number = friends.circle("ines", "Potager")
        friends.do("rename_circle", "ines", number, name="Le potager")
        friends.do("rename_circle", "ines", number, name="Le Potager")
        assert friends.do("circle", "ines", number).name == "Le Potager"

    def test_there_are_not_too_many(self, friends, monkeypatch):
        monkeypatch.setattr(circles, "MOST", 1)
        friends.circle("ines", "Potager")
        with pytest.raises(Refused, match="delete one"):
            friends.circle("ines", "Lecture")

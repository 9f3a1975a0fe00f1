"""Folders: by use, by name at any depth; what may not be."""

import unicodedata

import pytest

from communicate_email.errors import Refused
from communicate_email.interfaces import IMailStore
from communicate_email.store.boxes import DEEPEST, ROLES


@pytest.fixture
def boxes(office):
    """Return what does something with the folders of a new member."""
    uid = office.house.member(f"folders{len(office.uids)}")
    office.uids[f"folders{len(office.uids)}"] = uid

    def do(func):
        def turn(request):
            store = request.find_service(IMailStore)
            account = store.opened(uid)
            return func(store.boxes(account), account)

        return office.house.work(turn)

    return do


def test_everybody_has_the_folders_that_programs_look_for(boxes):
    found = boxes(lambda them, held: {them.path(held.box(role)): role for role in ROLES})
    assert found == {name: role for role, name in ROLES.items()}


def test_folders_lie_in_each_other_and_are_found_by_path(boxes):
    made = boxes(lambda them, _: them.make_path("Maison/Jardin/Été").id)
    assert boxes(lambda them, _: them.at("Maison/Jardin/Été").id) == made
    decomposed = unicodedata.normalize("NFD", "Été")
    assert boxes(lambda them, _: them.at(f"Maison/Jardin/{decomposed}").id) == made
    assert boxes(lambda them, _: them.at("Maison/Été")) is None
    assert boxes(lambda them, _: them.at("maison")) is None
    assert boxes(lambda them, held: [held.box("inbox") is them.at("inBox")]) == [True]


def test_a_folder_is_renamed_and_moved_with_all_it_holds(boxes):
    def turn(them, _):
        inner = them.make_path("Maison/Jardin/Haie")
        garden, other = them.at("Maison/Jardin"), them.make("Ailleurs")
        them.rename(garden, "Verger", other.id)
        assert them.path(inner) == "Ailleurs/Verger/Haie"
        assert them.at("Maison/Jardin") is None
        them.rename(garden, "verger", other.id)
        assert them.at("Ailleurs/verger/Haie") is inner
        with pytest.raises(Refused):
            them.rename(other, "Boucle", inner.id)
        with pytest.raises(Refused):
            them.rename(garden, "Maison", 0)

    boxes(turn)


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a\nb", "a\x00", "inbox", "Drafts", "é" * 101])
def test_names_that_cannot_be_are_refused_with_the_cure(boxes, name):
    with pytest.raises(Refused):
        boxes(lambda them, _: them.make(name))


def test_what_is_needed_or_holds_others_is_not_taken_away(boxes):
    def turn(them, held):
        them.make_path("Maison/Jardin")
        for box in (held.box("inbox"), them.at("Maison")):
            with pytest.raises(Refused):
                them.remove(box)
        with pytest.raises(Refused):
            them.rename(held.box("sent"), "Envoyés", 0)
        them.remove(them.at("Maison/Jardin"))
        them.remove(them.at("Maison"))
        assert them.at("Maison") is None

    boxes(turn)


def test_there_is_an_end_to_depth_and_a_validity_is_never_given_twice(boxes):
    def turn(them, held):
        path = "/".join(["x"] * DEEPEST)
        deepest = them.make_path(path)
        with pytest.raises(Refused):
            them.make("x", deepest.id)
        once = them.make("Une fois").validity
        them.remove(them.at("Une fois"))
        again = them.make("Une fois").validity
        assert again > once
        every = [box.validity for box in held.boxes.values()]
        assert len(set(every)) == len(every)

    boxes(turn)

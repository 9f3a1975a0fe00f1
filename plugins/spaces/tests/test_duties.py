from dataclasses import dataclass, field

import pytest

from communicate.interfaces import (
    IAuthored,
    IComments,
    IErasure,
    IKeyRing,
)
from communicate.profile.interfaces import IProfiles
from communicate.testing import kit
from communicate.testing.archives import exported
from communicate_spaces import duties
from communicate_spaces.exporting import bring_back
from communicate_spaces.places import all_in, find_comment, find_thing

from .conftest import Place, on_page

WALL = "/members/olga/comments"


@dataclass
class Member:
    """A member as the duty hooks are told of one."""

    uid: int
    request: object


@dataclass
class Receipt:
    counts: dict = field(default_factory=dict)

    def erased(self, kind, count=1):
        self.counts[kind] = self.counts.get(kind, 0) + count


def erase(place, login):
    """Have the plugin erase in batches; return the receipt's counts and how many batches."""
    receipt, batches = Receipt(), 1

    def batch(request):
        return duties.erase(Member(place.uids[login], request), receipt)

    while place.do(batch):
        batches += 1
    return receipt.counts, batches


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Return a house of this module: its members are erased."""
    from communicate.testing.house import House

    house = House(tmp_path_factory.mktemp("duties"), ["spaces"], {"language": "en"})
    yield house
    house.close()


@pytest.fixture(scope="module")
def lived(house):
    """Return a place in which olga's and marie's spaces are commented, in every state."""
    place = Place(house)
    place.open()
    place.open(owner="marie")
    place.element_id = place.element()
    place.numbers = {
        "top": place.comment("marie", "Une question de Marie"),
        "on": place.comment("marie", "Un mot sur le jardin", on=place.element_id),
        "own": place.comment("marie", "Chez moi", owner="marie"),
        "guest": place.comment("colin", "Chez Marie", owner="marie"),
    }
    place.numbers["reply"] = place.comment("colin", "La réponse", to=place.numbers["top"])
    place.numbers["hidden"] = place.comment("marie", "Un mot de trop")
    place.act(place.numbers["hidden"], "set_hidden", True, "Trop long", place.uids["moira"])
    return place


class TestStored:
    def test_every_class_that_holds_words_is_declared(self, lived):
        assert kit.undeclared_classes(lived.house, "spaces") == []
        assert kit.intruders(lived.house) == []

    def test_no_comment_holds_anything_of_what_it_is_about(self, lived):
        records = [one for one in kit.records(lived.house) if one.package == "communicate_spaces"]
        assert records
        outside = {name for one in records for name in (*one.holds, *one.refers)}
        assert not [name for name in outside if "profile" in name]

    def test_all_that_members_author_is_listed(self, lived):
        kinds = lived.do(lambda r: r.find_service(IAuthored).kinds(lived.uids["colin"]))
        assert kinds == [duties.KIND]


class TestExport:
    def test_holds_own_comments_and_nothing_of_others(self, lived):
        archive = exported(lived.house, "marie")
        rows = {row["text"]: row for row in archive.records("spaces", "comment")}
        assert set(rows) == {
            "Une question de Marie", "Un mot sur le jardin", "Chez moi", "Un mot de trop",
        }  # fmt: skip
        assert rows["Un mot de trop"]["hidden"] == "Trop long"
        assert rows["Chez moi"]["path"].startswith("/members/marie/comments/")
        assert "Chez Marie" not in archive.text
        assert "La réponse" not in archive.text

    def test_comments_stand_in_a_place_of_others(self, lived):
        names = exported(lived.house, "marie").names
        assert "participations/spaces/comment.json" in names
        assert "data/spaces/rules.json" in names

    def test_rules_come_back_alike(self, lived):
        lived.open(lived.only("colin"), "contacts", approval=True, owner="oscar")
        (row,) = exported(lived.house, "oscar").records("spaces", "rules")
        assert row == {"readers": {"people": ["colin"], "circles": []}, "who": "contacts",
                       "approval": True}  # fmt: skip

        class Archive:
            here = True

            def records(self, kind, most):
                return [row]

        lived.open("private", "private", owner="oscar")

        def restore(request):
            bring_back(Member(lived.uids["oscar"], request), Archive())

        lived.do(restore)
        assert exported(lived.house, "oscar").records("spaces", "rules") == [row]


class TestForget:
    """What is deleted takes what was said about it along."""

    def test_deleting_a_part_of_a_space(self, lived):
        element = lived.element(value="La poterie")
        number = lived.comment("marie", "Un mot sur la poterie", on=element)
        assert lived.found("colin", "poterie")
        lived.do(lambda r: r.find_service(IProfiles).delete(find_thing(r, element)))
        assert lived.do(lambda r: find_comment(r, number)) is None
        assert lived.found("colin", "poterie") == set()
        assert lived.status("colin", on_page(element)) == 404

    def test_many_go_in_batches_and_none_is_reached_meanwhile(self, lived, monkeypatch):
        monkeypatch.setattr("communicate_spaces.removal.BATCH", 2)
        element = lived.element(value="La poterie")
        top = lived.comment("marie", on=element)
        numbers = [lived.comment("colin", on=element, to=top) for _n in range(4)] + [top]
        path = lived.path(top)
        lived.do(lambda r: r.find_service(IComments).forget(find_thing(r, element)))
        assert lived.status("olga", path) == 404
        lived.house.run_jobs()
        for number in numbers:
            assert lived.do(lambda r, number=number: find_comment(r, number)) is None
        assert lived.do(lambda r: len(all_in(r).going)) == 0


class TestDisable:
    def test_off_nothing_shows_and_on_again_all_is_back(self, lived):
        number = lived.comment("colin", "Je reviendrai")
        element = lived.element("public")
        kit.check_switching(lived.house, "spaces", on_page(element))
        lived._browsers.clear()
        assert lived.shows("colin", WALL, "Je reviendrai")
        assert lived.do(lambda r: find_comment(r, number)) is not None

    def test_every_view_names_a_permission(self, lived):
        views = lived.house.registry.introspector.get_category("views")
        own = [
            item
            for item in views
            if getattr(item["introspectable"]["callable"], "__module__", "").startswith(
                "communicate_spaces"
            )
        ]
        assert len(own) > 12
        for item in own:
            assert any(other.category_name == "permissions" for other in item["related"])


class TestErase:
    """Last in this module: afterwards Marie and Colin are gone."""

    def test_empties_words_everywhere_and_keeps_the_place_of_what_was_answered(self, lived):
        code = lived.do(lambda r: r.find_service(IErasure).start(lived.uids["marie"]))
        assert not lived.shows("olga", WALL, "Une question de Marie")
        lived.house.run_jobs()
        page = lived.browser("olga").get(WALL).text
        assert "Une question de Marie" not in page
        assert "La réponse" in page
        assert "Comment deleted" in page
        receipt = lived.do(lambda r: r.find_service(IErasure).receipt(code))
        assert receipt.plugins["spaces"] == "done"
        assert receipt.counts[duties.KIND] == 4
        assert lived.do(lambda r: find_comment(r, lived.numbers["guest"])) is None
        authored = lived.do(
            lambda r: r.find_service(IAuthored).items(lived.uids["colin"], duties.KIND)
        )
        assert lived.numbers["guest"] not in authored

    def test_goes_on_where_the_key_is_gone(self, lived):
        place = lived
        place.comment("colin", "Bientôt illisible")
        place.house.registry.getUtility(IKeyRing).destroy(place.uids["colin"])
        assert not place.shows("olga", WALL, "illisible")
        counts, batches = erase(place, "colin")
        assert counts[duties.KIND] >= 2
        assert batches >= 2
        assert erase(place, "colin") == ({}, 1)

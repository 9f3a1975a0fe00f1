"""What the people of a demo show of themselves."""

from collections import Counter
from io import BytesIO
from random import Random

import pytest
from PIL import Image

from communicate.audience import LEVELS
from communicate.demo import running
from communicate.demo.pictures import paint
from communicate.interfaces import IMembers
from communicate.profile.content import profile_of
from communicate.profile.kinds import KINDS, STANDING
from communicate.testing.house import House

MANY = 40


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("demo"), [], {})
    house.made = running.make(house.registry, MANY, 1, lambda _line: None)
    yield house
    house.close()


@pytest.fixture(scope="module")
def elements(demo):
    """Return the kind and the audience of every element, by login."""

    def look(request):
        members = request.find_service(IMembers)
        profiles = {
            person.login: profile_of(members.by_uid(person.uid)) for person in demo.made.people
        }
        return {
            login: [(each.kind, each.audience.level) for each in profile.values()]
            for login, profile in profiles.items()
            if profile is not None
        }

    return demo.work(look)


class TestElements:
    def test_there_is_something_of_every_kind_for_every_audience(self, elements):
        found = [each for theirs in elements.values() for each in theirs]
        assert {kind for kind, _level in found} == set(KINDS) | set(STANDING)
        assert {level for _kind, level in found} == set(LEVELS)

    def test_most_say_something_and_some_say_nothing(self, elements):
        assert MANY / 2 < len(elements) < MANY

    def test_what_is_near_is_kept_nearer(self, elements):
        def wide(kinds):
            levels = Counter(
                level for theirs in elements.values() for kind, level in theirs if kind in kinds
            )
            return (levels["members"] + levels["public"]) / levels.total()

        assert wide({"phone", "postal", "birthday"}) < wide({"interest", "place"})


class TestPictures:
    def test_one_is_small_and_the_other_is_large_and_neither_is_heavy(self):
        picture = paint(Random(1))
        sizes = [Image.open(BytesIO(data)).size for data in picture]
        assert sizes == [(256, 256), (96, 96)]
        assert sum(map(len, picture)) < 10_000

    def test_the_same_drawing_gives_the_same_picture(self):
        assert paint(Random(1)) == paint(Random(1)) != paint(Random(2))

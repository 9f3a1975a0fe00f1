"""A site that is there to be looked at: people and words, the same ones from the same seed."""

from datetime import UTC, datetime, timedelta

import pytest

from communicate.demo import people, running
from communicate.interfaces import IClock, IMembers
from communicate.testing.house import House
from communicate.testing.seen import seen

NOW = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
FEW = 8


class StandingClock:
    """A clock that stands still."""

    def now(self):
        return NOW


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Return what builds a house with a demo in it: `house` and what `made` it."""
    houses = []

    def build(count=FEW, seed=1, **settings):
        house = House(tmp_path_factory.mktemp("demo"), ["forums"], settings)
        house.registry.registerUtility(StandingClock(), IClock)
        houses.append(house)
        house.said = []
        house.made = running.make(house.registry, count, seed, house.said.append)
        return house

    yield build
    for house in houses:
        house.close()


@pytest.fixture(scope="module")
def demo(build):
    return build()


def look(house, place, most=5_000):
    """Return what the person at *place* in the demo sees, a stranger for None.

    Pages for operators tell of the machine too: how much of its disk is free.
    """
    login = None if place is None else house.made.people[place].login
    found = seen(house.browser(login, house.made.password), most=most)
    return {path: page for path, page in found.items() if not path.startswith("/operate")}


class TestPeople:
    def test_they_are_as_many_as_were_asked_for_and_sign_in_with_one_password(self, demo):
        assert len(demo.made.people) == FEW
        assert demo.said[0] == f"{FEW} members"
        for person in demo.made.people[3:5]:
            page = demo.browser(person.login, demo.made.password).get("/account")
            assert page.html.select_one(".tools .tool-name").get_text() == person.login

    def test_both_languages_are_spoken_and_each_reads_their_own(self, demo):
        languages = {person.language for person in demo.made.people}
        assert languages == {"fr", "en"}
        for language in languages:
            one = next(one for one in demo.made.people[3:] if one.language == language)
            page = demo.browser(one.login, demo.made.password).get("/")
            assert page.html.html["lang"] == language

    def test_they_joined_one_after_the_other_before_now(self, demo):
        joined = [person.joined for person in demo.made.people]
        assert joined == sorted(joined)
        assert joined[-1] < NOW - timedelta(minutes=59)
        created = demo.work(
            lambda request: [
                request.find_service(IMembers).by_uid(person.uid).created
                for person in demo.made.people
            ]
        )
        assert created == [int(moment.timestamp() * 1000) for moment in joined]

    def test_the_first_look_after_the_site(self, demo):
        groups = demo.work(lambda r: [m.groups for m in r.site["members"].values() if m.groups])
        assert sorted(groups) == [("moderators",), ("moderators",), ("operators",)]

    def test_a_login_that_is_taken_is_given_to_nobody_else(self, build):
        house = build(2)
        before = {person.login for person in house.made.people}
        again = running.make(house.registry, 2, 1, house.said.append)
        assert not before & {person.login for person in again.people}
        assert house.work(lambda request: len(request.site["members"])) == 4


class TestSeed:
    @pytest.mark.parametrize(
        "place", [None, *(pytest.param(place, marks=pytest.mark.slow) for place in (0, 5))]
    )
    def test_the_same_one_makes_the_same_site_for_every_eye(self, demo, twin, place):
        first, second = look(demo, place), look(twin, place)
        assert list(first) == list(second)
        assert first == second
        assert len(first) > 20

    @pytest.fixture(scope="class")
    @classmethod
    def twin(cls, build):
        return build()

    def test_another_one_makes_another(self, demo, build):
        other = build(seed=2)
        logins = [{person.login for person in house.made.people} for house in (demo, other)]
        assert logins[0] != logins[1]
        assert look(demo, None) != look(other, None)

    @pytest.mark.slow
    def test_it_holds_for_two_hundred(self, build):
        first, second = build(200), build(200)
        assert [p.login for p in first.made.people] == [p.login for p in second.made.people]
        assert look(first, 0, 600) == look(second, 0, 600)


class TestProduction:
    def test_nobody_works_the_password_out_and_nobody_looks_after_the_site(
        self, build, monkeypatch
    ):
        monkeypatch.setattr(running, "is_production", lambda _registry: True)
        one, other = build(2), build(2)
        assert one.made.password != other.made.password
        assert one.work(lambda r: {m.groups for m in r.site["members"].values()}) == {()}


class TestFailure:
    def test_a_plugin_that_fails_is_named_and_the_others_do_their_part(self, build, monkeypatch):
        def fail(*_given):
            raise RuntimeError("no words")

        monkeypatch.setattr("communicate_forums.demo.make", fail)
        house = build(2)
        assert house.made.failed == {"forums": "RuntimeError: no words"}
        assert house.said == ["2 members", "what communicate makes of them"]


class TestOthers:
    def test_members_of_a_demo_and_operators_are_none(self, build):
        house = build(2)
        assert house.work(people.others) == 0
        house.member("odile", "operators")
        assert house.work(people.others) == 0
        house.member("ines")
        assert house.work(people.others) == 1

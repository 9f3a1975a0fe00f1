"""Whom the people of a demo know."""

import pytest

from communicate.demo import running
from communicate.interfaces import IContacts
from communicate.testing.house import House

MANY = 60


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Return a house with many people in it and nothing that they write: `made`."""
    house = House(tmp_path_factory.mktemp("demo"), [], {})
    house.made = running.make(house.registry, MANY, 1, lambda _line: None)
    yield house
    house.close()


def counted(house, count):
    """Return what *count* says of the contacts of each person."""
    return house.work(
        lambda request: [
            count(request.find_service(IContacts), person.uid) for person in house.made.people
        ]
    )


class TestContacts:
    def test_some_know_many_and_most_know_a_few(self, demo):
        counts = sorted(counted(demo, lambda service, uid: service.count(uid)))
        assert counts[MANY // 2] in range(3, 15)
        assert counts[-1] > 1.5 * counts[MANY // 2]

    def test_some_requests_wait(self, demo):
        assert sum(counted(demo, lambda service, uid: service.waiting(uid))) > 3

    def test_circles_hold_contacts(self, demo):
        circles = counted(demo, lambda service, uid: service.circles(uid))
        known = counted(demo, lambda service, uid: set(service.contacts(uid)))
        assert sum(map(len, circles)) > MANY / 3
        assert all(
            set(circle.members) <= held
            for theirs, held in zip(circles, known, strict=True)
            for circle in theirs
        )

    def test_a_few_keep_somebody_away(self, demo):
        assert sum(counted(demo, lambda service, uid: len(service.blocks(uid)))) in range(1, 10)

    def test_nobody_is_written_to(self, demo):
        demo.run_jobs()
        assert demo.letters() == []

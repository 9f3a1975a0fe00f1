"""Answers that are remembered hold until something is committed, and no longer."""

import pytest

from communicate.catalog.memory import remembered
from communicate.testing.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Return a site without plugins."""
    found = House(tmp_path_factory.mktemp("site"), [], {})
    yield found
    found.close()


def commit(house):
    """Commit something."""
    house.work(lambda request: request.root_map.update(turn=object))


def answer(house, key, words):
    """Return the answer for *key* as a request of its own gets it; *words* where it is made."""
    return house.work(lambda request: remembered(request, key, lambda: words))


def test_the_same_answer_until_something_is_committed(house):
    assert answer(house, "one", "first") == "first"
    assert answer(house, "one", "second") == "first"
    assert answer(house, "other", "third") == "third"
    commit(house)
    assert answer(house, "one", "second") == "second"


def test_what_was_found_out_before_a_commit_is_not_kept_for_after(house):
    """A request reads the site as it was when it began, however long it takes."""

    def slow(request):
        assert request.root_map is not None  # it has begun
        commit(house)
        return remembered(request, "slow", lambda: "before")

    assert house.work(slow) == "before"
    assert answer(house, "slow", "after") == "after"

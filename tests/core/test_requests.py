"""Requests of an application: one class, and nothing left of a request that is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from communicate.interfaces import IMembers
from communicate.testing.freed import Heard, left_by
from communicate.testing.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return a site with the forums."""
    folder: Path = tmp_path_factory.mktemp("requests")
    house = House(folder, ["forums"], {})
    house.member("ada")
    yield house
    house.close()


def test_requests_are_of_one_class_that_has_all_that_was_added(house: House) -> None:
    """Sent or made, of whatever page: the class is made once."""
    heard = Heard(house)
    browser = house.browser("ada")
    for path in ("/", "/terms", "/forums/general"):
        browser.get(path)
    made = house.work(type)
    assert heard.classes == {made}
    assert {"find_service", "member", "viewer", "tm", "page"} <= set(dir(made))


def test_a_property_is_found_out_once_for_each_request(house: House) -> None:
    """What one request found is not another's."""
    first, again = house.work(lambda request: (request.page, request.page))
    assert first is again
    assert house.work(lambda request: request.page) is not first


@pytest.mark.parametrize("path", ["/", "/notices", "/forums/general"])
def test_nothing_of_a_request_waits_for_the_garbage_collector(house: House, path: str) -> None:
    """A page, its services and what they found are freed when the answer is out."""
    browser = house.browser("ada")
    assert left_by(house, lambda: browser.get(path)) == []


def test_a_service_found_after_the_end_is_a_new_one(house: House) -> None:
    """What was found is let go of, so that a request that is over keeps nothing."""
    request, found = house.work(lambda request: (request, request.find_service(IMembers)))
    assert request.found_services == {}
    assert request.find_service(IMembers) is not found

"""Requests of an application: one class, and nothing left of a request that is over."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyramid.events import NewResponse
from zope.interface import implementedBy

from communicate.interfaces import IMembers
from communicate.testing.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return a site with the forums."""
    folder: Path = tmp_path_factory.mktemp("requests")
    house = House(folder, ["forums"], {})
    house.member("ada")
    yield house
    house.close()


class Heard:
    """The requests that were answered, as far as they still exist, and their classes."""

    def __init__(self, house: House) -> None:
        self.requests: list[weakref.ref[Any]] = []
        self.classes: set[type] = set()
        house.registry.registerHandler(self, [implementedBy(NewResponse)])

    def __call__(self, event: NewResponse) -> None:
        """Keep a request without keeping it alive."""
        self.requests.append(weakref.ref(event.request))
        self.classes.add(type(event.request))


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


def test_nothing_of_a_request_waits_for_the_garbage_collector(house: House) -> None:
    """A page, its services and what they found are freed when the answer is out."""
    browser = house.browser("ada")
    browser.get("/forums/general")
    heard = Heard(house)
    gc.collect()
    gc.disable()
    try:
        browser.get("/forums/general")
        assert [found() for found in heard.requests] == [None]
    finally:
        gc.enable()


def test_a_service_found_after_the_end_is_a_new_one(house: House) -> None:
    """What was found is let go of, so that a request that is over keeps nothing."""
    request, found = house.work(lambda request: (request, request.find_service(IMembers)))
    assert request.found_services == {}
    assert request.find_service(IMembers) is not found

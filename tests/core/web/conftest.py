"""A site shared by the tests of a module, and requests that bring a form."""

from urllib.parse import urlencode

import pytest
from pyramid.threadlocal import RequestContext

from communicate.storage.work import made_request
from communicate.testing.house import House

URL = "http://localhost"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a site with a member, Claire, and an operator, Odile."""
    house = House(tmp_path_factory.mktemp("site"), [], {})
    house.member("claire.morvan")
    house.member("odile", "operators")
    yield house
    house.close()


@pytest.fixture
def stranger(site):
    """Return a browser that nobody is signed in with."""
    return site.browser()


@pytest.fixture(scope="module")
def claire(site):
    """Return Claire's browser."""
    return site.browser("claire.morvan")


@pytest.fixture
def request_with(site):
    """Return what makes a request that posts the given fields."""
    opened = []

    def make(path="/form", **fields):
        manager = made_request(site.registry)
        request = manager.__enter__()
        opened.append(manager)
        request.tm.begin()
        request.method = "POST"
        request.path_info = path
        request.content_type = "application/x-www-form-urlencoded"
        request.body = urlencode(fields, doseq=True).encode()
        return request

    yield make
    for manager in reversed(opened):
        manager.__exit__(None, None, None)


@pytest.fixture
def request_of(site):
    """Return a request of a stranger for a page."""
    with made_request(site.registry) as request, RequestContext(request):
        request.tm.begin()
        yield request

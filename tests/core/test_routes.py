"""Routes are found by the first element of an address, and are the same as Pyramid finds."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyramid.config import Configurator
from pyramid.exceptions import URLDecodeError
from pyramid.interfaces import IRoutesMapper
from pyramid.request import Request
from pyramid.urldispatch import RoutesMapper

from communicate import routes

PATTERNS = (
    "/terms",
    "help",
    "/help/{page}",
    "/report/{kind}/{id}",
    "/{name}.txt",
    "/a{b}/c",
    "/static/x.y/*path",
    "/report/{kind}/last",
    "/:old/style",
    "/café/{x}",
    "/",
)
ELEMENTS = ("terms", "help", "report", "kind", "last", "ab", "c", "robots.txt", "static", "x.y")
ELEMENTS += ("café", "style", "", "x")


def named(mapper, path):
    """Return the name of the route that *mapper* finds for *path*, and what it matched."""
    found = mapper(Request.blank(path))
    return found["route"] and found["route"].name, found["match"]


def filled(mapper):
    """Return *mapper* with all PATTERNS."""
    for pattern in PATTERNS:
        mapper.connect(pattern, pattern)
    return mapper


ALL, SORTED = filled(RoutesMapper()), filled(routes.Routes())


@settings(deadline=None)
@given(st.lists(st.sampled_from(ELEMENTS), max_size=4))
def test_what_is_found_is_what_trying_all_would_find(elements):
    """For every address, the first of the routes that match."""
    path = "/" + "/".join(map(quote, elements))
    assert named(SORTED, path) == named(ALL, path)


def test_only_routes_that_may_match_are_tried():
    """Those of other first elements are not even looked at."""
    mapper = filled(routes.Routes())
    named(mapper, "/terms")
    tried = [route.pattern for route in mapper._by_first["terms"].routelist]
    assert "/terms" in tried
    assert "/{name}.txt" in tried
    assert not {"help", "/help/{page}", "/report/{kind}/{id}"} & set(tried)


def test_a_route_that_is_added_later_is_found():
    """A plugin of a test, for one."""
    mapper = filled(routes.Routes())
    assert named(mapper, "/later") == (None, None)
    mapper.connect("later", "/later")
    assert named(mapper, "/later") == ("later", {})


def test_an_address_that_is_no_text_is_refused():
    """As Pyramid refuses it."""
    with pytest.raises(URLDecodeError):
        SORTED(Request.blank("/%ff"))


def test_an_application_finds_its_routes_so():
    """Those of every package that is included after it."""
    config = Configurator()
    routes.install(config)
    config.add_route("terms", "/terms")
    config.commit()
    assert named(config.registry.getUtility(IRoutesMapper), "/terms") == ("terms", {})

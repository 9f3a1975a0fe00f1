"""Finding services."""

import pytest
from pyramid.config import Configurator
from pyramid.request import Request, apply_request_extensions
from zope.interface import Interface

from communicate import services


class ICounter(Interface):
    pass


class IOther(Interface):
    pass


class Counter:
    made = 0

    def __init__(self, context, request):
        type(self).made += 1
        self.context = context
        self.request = request


@pytest.fixture
def config():
    Counter.made = 0
    config = Configurator()
    config.include("pyramid_services")
    services.install(config)
    config.register_service_factory(Counter, ICounter)
    config.commit()
    return config


@pytest.fixture
def make_request(config):
    def make():
        request = Request.blank("/")
        request.registry = config.registry
        apply_request_extensions(request)
        return request

    return make


class TestFindService:
    def test_a_service_is_made_once_for_a_request(self, make_request):
        request = make_request()
        assert request.find_service(ICounter) is request.find_service(ICounter)
        assert Counter.made == 1

    def test_another_context_does_not_make_another_one(self, make_request):
        request = make_request()
        first = request.find_service(ICounter)
        request.context = object()
        assert request.find_service(ICounter) is first

    def test_each_request_has_its_own(self, make_request):
        one, other = make_request(), make_request()
        assert one.find_service(ICounter).request is one
        assert other.find_service(ICounter).request is other

    def test_what_nobody_registered_is_a_lookup_error(self, make_request):
        with pytest.raises(LookupError):
            make_request().find_service(IOther)

    def test_a_service_for_a_context_is_found_with_it(self, config, make_request):
        config.register_service_factory(Counter, IOther, context=Counter)
        config.commit()
        request = make_request()
        place = Counter(None, None)
        assert request.find_service(IOther, context=place).context is place

"""``request.find_service``: each service is made once for a request, and found again at once.

`pyramid_services` chooses a factory by the kind of the context, and builds what that takes for
every request and every context: 40 µs for each service of each page.  Services here are the same
whatever the context, so that one dictionary does.
"""

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from zope.interface import Interface


def find_service(
    request: Request, iface: Any = Interface, context: Any = None, name: str = ""
) -> Any:
    """Return the service registered for *iface* under *name*; raise LookupError.

    One that was registered for a kind of *context* is found only when the context is passed.
    """
    if context is not None:
        return request.services.get(iface, context=context, name=name)
    key = (iface, name)
    found = request.found_services
    if key not in found:
        found[key] = _factory(request, key)(None, request)
    return found[key]


def _factory(request: Request, key: tuple[Any, str]) -> Any:
    known: dict[tuple[Any, str], Any] = request.registry.communicate_factories
    if key not in known:
        known[key] = request.find_service_factory(key[0], name=key[1])
    return known[key]


def found_services(request: Request) -> dict[tuple[Any, str], Any]:
    """Return where services are kept until *request* ends: they refer to it, as it does to them.

    Let go of then, a request is freed at once and need not wait for the garbage collector.
    """
    found: dict[tuple[Any, str], Any] = {}
    request.add_finished_callback(lambda _request: found.clear())
    return found


def install(config: Configurator) -> None:
    """Let requests find services; the application's own Configurator prevails."""
    config.registry.communicate_factories = {}
    config.add_request_method(find_service)
    config.add_request_method(found_services, reify=True)

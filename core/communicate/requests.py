"""The class of an application's requests, made once with all that was added to them.

Where requests were given properties and methods, Pyramid makes a class anew for every single
request and binds each method to it.  That takes as long as finding the member who asks, what the
interpreter has learned of a class is lost with it, and what is bound keeps the request in a
cycle that only the garbage collector breaks.
"""

from typing import Any

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated
from pyramid.interfaces import IRequestExtensions, IRequestFactory


def make_class_once(config: Configurator) -> None:
    """Make the class of requests when everything has been added to them."""
    config.add_subscriber(_make_class, ApplicationCreated)


def _make_class(event: ApplicationCreated) -> None:
    """Let requests be of a class that has what each of them would be given one by one."""
    router: Any = event.app
    extensions = router.request_extensions
    added = {**extensions.descriptors, **extensions.methods}
    router.request_factory = type("Request", (router.request_factory,), added)
    router.request_extensions = None
    # Requests that nobody sent are made of what is registered: see `communicate.storage.work`.
    router.registry.registerUtility(router.request_factory, IRequestFactory)
    router.registry.unregisterUtility(extensions, IRequestExtensions)

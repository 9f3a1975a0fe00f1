"""Requests and their transactions, whether a browser or the site itself asked.

``request.site`` and ``request.root_map`` are loaded when first asked for, in the transaction of
``request.tm``; the connection goes back to its pool when the request ends.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from pyramid.interfaces import IRequestFactory
from pyramid.request import Request, apply_request_extensions
from pyramid.threadlocal import RequestContext
from transaction.interfaces import NoTransaction

from communicate.courtesy import courtesy
from communicate.interfaces import IDatabase
from communicate.storage.errors import NoSite
from communicate.storage.retry import TRIES, is_retryable, pause, right_of_way

if TYPE_CHECKING:
    from pyramid.config import Configurator

Result = TypeVar("Result")


def work(registry: Any, func: Callable[[Any], Result], *, tries: int = TRIES) -> Result:
    """Return what *func* returns for a new request, once its transaction has committed.

    For jobs, commands and gateways.  A conflict, or whatever else a data manager calls
    retryable, is tried again with a new request after a pause, *tries* times in all, and before
    all others once it has often been in vain; then, as at once with any other error, everything is
    undone and the error raised.  A transaction that *func* doomed is undone without an error.
    """
    with ExitStack() as held:
        for tried in count(1):
            right_of_way.before(tried, held)
            with made_request(registry) as request:
                try:
                    return perform(request, func)
                except Exception as error:
                    if tried >= tries or not is_retryable(request.tm, error):
                        raise
            pause(tried)
    raise AssertionError  # the loop has no end


def perform(request: Any, func: Callable[[Any], Result]) -> Result:
    """Return what *func* returns, its transaction begun and committed, or undone if doomed."""
    courtesy.give_way()
    request.tm.begin()
    result = func(request)
    if request.tm.isDoomed():
        request.tm.abort()
    else:
        request.tm.commit()
    return result


@contextmanager
def made_request(registry: Any) -> Iterator[Any]:
    """Yield a request that nobody sent, current in its thread; undo what it leaves uncommitted."""
    factory = registry.queryUtility(IRequestFactory, default=Request)
    request = factory.blank("/", base_url=registry.settings.get("communicate.url") or None)
    request.registry = registry
    with RequestContext(request):
        apply_request_extensions(request)
        try:
            yield request
        finally:
            with suppress(NoTransaction):
                request.tm.abort()
            request._process_finished_callbacks()


def root_map(request: Any) -> Any:
    """Return the root mapping of the tree, read in the transaction of *request*."""
    connection = request.registry.getUtility(IDatabase).open(request.tm)
    request.add_finished_callback(lambda _request: connection.close())
    return connection.root()


def site(request: Any) -> Any:
    """Return the site; raise NoSite where none has been made."""
    try:
        return request.root_map["site"]
    except KeyError:
        raise NoSite("this database holds no site yet: run `communicate serve` once") from None


def includeme(config: "Configurator") -> None:
    """Put each request into a transaction of its own, undone when it answers 4xx or 5xx."""
    config.registry.settings.update(
        {
            "tm.manager_hook": "pyramid_tm.explicit_manager",
            "tm.annotate_user": False,
            "tm.commit_veto": "pyramid_tm.default_commit_veto",
        }
    )
    config.include("pyramid_tm")
    config.add_request_method(root_map, "root_map", reify=True)
    config.add_request_method(site, "site", reify=True)

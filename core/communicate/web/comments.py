"""Comments on a page, as far as a plugin offers them."""

from typing import Any

from markupsafe import Markup

from communicate.interfaces import IComments


def comments_on(request: Any, thing: Any) -> Markup:
    """Return the HTML of the comments on *thing*, empty where no plugin offers comments."""
    offered = service(request)
    return Markup("") if offered is None else offered.show(thing)


def link_on(request: Any, thing: Any) -> Markup:
    """Return a small link to the comments on *thing*, empty where there is nothing to see."""
    offered = service(request)
    return Markup("") if offered is None else offered.link(thing)


def count_on(request: Any, thing: Any) -> int | None:
    """Return how many comments there are on *thing*, None where no plugin offers comments."""
    offered = service(request)
    return None if offered is None else offered.count(thing)


def forget_on(request: Any, thing: Any) -> None:
    """Destroy the comments on *thing*, which is being destroyed."""
    offered = service(request)
    if offered is not None:
        offered.forget(thing)


def service(request: Any) -> Any:
    """Return the `IComments` of the plugin that offers them, or None."""
    try:
        return request.find_service(IComments)
    except LookupError:
        return None

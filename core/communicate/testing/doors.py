"""Every address that a site answers: each registered view of each thing in its tree."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from communicate.content import Content, Site
from communicate.interfaces import IDatabase

if TYPE_CHECKING:
    from communicate.testing.house import House

Result = TypeVar("Result")


class Door(NamedTuple):
    """One view of one thing: the class of the thing, its path, the address, the view itself."""

    thing: type
    path: str
    address: str
    view: Callable[..., Any]


def things(house: "House", func: Callable[[Any, Any], Result]) -> list[Result]:
    """Return what *func* makes of each content object in the tree and its request."""

    def look(request: Any) -> list[Result]:
        storage = request.registry.getUtility(IDatabase).storage
        following, made = None, []
        while True:
            oid, _tid, _data, following = storage.record_iternext(following)
            thing = request.site._p_jar.get(oid)
            if isinstance(thing, Content):
                made.append(func(thing, request))
            if following is None:
                return made

    return house.work(look)


def doors(house: "House", method: str = "GET") -> list[Door]:
    """Return every door that answers *method*, in the order of addresses."""
    paths = things(house, lambda thing, request: (type(thing), request.resource_path(thing)))
    found = {door.address: door for door in views(house, method, paths)}
    return [found[address] for address in sorted(found)]


def views(house: "House", method: str, paths: list[tuple[type, str]]) -> Iterator[Door]:
    """Yield the doors of the things at *paths*; fixed addresses are the site's."""
    introspector = house.registry.introspector
    for item in introspector.get_category("views"):
        view = item["introspectable"]
        if method not in (view["request_methods"] or ("GET", "POST")):
            continue
        route, context = view["route_name"], view["context"]
        if route is not None:
            pattern = "/" + introspector.get("routes", route)["pattern"].lstrip("/")
            if not set("{*") & set(pattern):
                yield Door(Site, "/", pattern, view["callable"])
        elif isinstance(context, type) and context is not object:
            for class_, path in paths:
                if issubclass(class_, context):
                    address = f"{path.rstrip('/')}/{view['name']}"
                    yield Door(class_, path, address.rstrip("/") or "/", view["callable"])

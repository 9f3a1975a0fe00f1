"""Every address that a site answers: each registered view of each thing in its tree."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from communicate.content import Content, Site
from communicate.interfaces import IDatabase

if TYPE_CHECKING:
    from communicate.testing.house import House

Result = TypeVar("Result")
SLUG = re.compile(r"(?<=/)([0-9a-hjkmnp-tv-z]{13})-[^/]*")


class Door(NamedTuple):
    """One view of one thing: its class and path, the address, the view, the permission it asks."""

    thing: type
    path: str
    address: str
    view: Callable[..., Any]
    permission: str

    @property
    def name(self) -> str:
        """Module and name of the view."""
        return f"{self.view.__module__}.{getattr(self.view, '__qualname__', '')}"


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


def path_of(thing: Any, request: Any) -> str:
    """Return the path of *thing* as `Door` states it."""
    return str(request.resource_path(thing)).rstrip("/") or "/"


def doors(house: "House", method: str = "GET") -> list[Door]:
    """Return every door that answers *method*, one for each address, in order."""
    paths = things(house, lambda thing, request: (type(thing), path_of(thing, request)))
    found = {door.address: door for door in views(house, method, paths)}
    return [found[address] for address in sorted(found)]


def views(house: "House", method: str, paths: list[tuple[type, str]]) -> Iterator[Door]:
    """Yield the doors of the things at *paths*; fixed addresses are the site's.

    Views of a class come after those of the classes that it derives from.
    """
    introspector = house.registry.introspector
    offered = introspector.get_category("views")
    for item in sorted(offered, key=lambda one: depth(one["introspectable"]["context"])):
        view = item["introspectable"]
        if method not in (view["request_methods"] or ("GET", "POST")):
            continue
        asked = [one["value"] for one in item["related"] if one.category_name == "permissions"]
        rest = (view["callable"], asked[0] if asked else "")
        route, context = view["route_name"], view["context"]
        if route is not None:
            pattern = "/" + introspector.get("routes", route)["pattern"].lstrip("/")
            if not set("{*") & set(pattern):
                yield Door(Site, "/", pattern, *rest)
        elif isinstance(context, type) and context is not object:
            for class_, path in paths:
                if issubclass(class_, context):
                    address = f"{path.rstrip('/')}/{view['name']}".rstrip("/") or "/"
                    yield Door(class_, path, address, *rest)


def depth(context: Any) -> int:
    """Return how many classes the class *context* derives from."""
    return len(context.__mro__) if isinstance(context, type) else 0


def plain(address: str) -> str:
    """Return the path of *address* as doors have it: no query, no slug after an id."""
    return SLUG.sub(r"\1", unquote(urlsplit(address).path)).rstrip("/") or "/"

"""The same rights on every path: viewer x thing x verb x path, each path compared with the ACL.

    matrix = Matrix(house, {"stranger": None, "member": "marie"})
    word = matrix.word()
    ...  # write *word* into a thing, then: matrix.belongs(word, thing)
    assert matrix.differences() == []

The paths: every registered view of everything in the tree, as each viewer; the search; and what
core and plugins declare through ``communicate_paths``.  A view differs where it shows a word of a
thing that the viewer may not VIEW, or offers by a link or a form a view that the viewer may not
open; a declared path where it does not say what the ACL says.  Differences name view or path.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from communicate.interfaces import IPlugins
from communicate.permissions import DELETE, EDIT, VIEW
from communicate.principals import Viewer
from communicate.security import decide
from communicate.testing.canaries import COMPANION, Canaries
from communicate.testing.crawl import PageReader, relative
from communicate.testing.doors import Door, doors, path_of, plain, things

if TYPE_CHECKING:
    from communicate.testing.house import House

VERBS = {"read": VIEW, "edit": EDIT, "delete": DELETE}
Held = dict[str, set[str]]  # path of a thing: the permissions that a viewer holds on it


class Matrix:
    """The things of *house*, and *viewers* by what they are called: login, None a stranger."""

    def __init__(self, house: "House", viewers: Mapping[str, str | None]) -> None:
        self.house = house
        self.viewers = dict(viewers)
        self.browsers = {name: house.browser(login) for name, login in viewers.items()}
        self.words: dict[str, int] = {}  # word: id of the thing that holds it
        self.asked = 0
        self._canaries = Canaries(house, {})

    def word(self) -> str:
        """Return a word that occurs nowhere else, with one beside it by which it is found."""
        return self._canaries.text("", ())

    def belongs(self, text: str, thing: Any) -> None:
        """State that the word in *text*, as `word` returned it, is one of *thing*."""
        self.words[text.partition(" ")[0]] = thing.id

    def differences(self, *viewers: str, within: str = "/") -> list[str]:
        """Return how the paths differ from the ACLs, each named by its view or its name.

        *viewers* are some of them, or all; *within* restricts the pages to addresses below it.
        """
        self.pages = [one for one in doors(self.house) if one.address.startswith(within)]
        self.names = {door.address: door.name for door in self.pages}
        self.forms = doors(self.house, "POST")
        self.paths = dict(
            things(self.house, lambda thing, request: (thing.id, path_of(thing, request)))
        )
        found: list[str] = []
        for viewer in viewers or self.viewers:
            held = self.held(viewer)
            found += self.shown(viewer, held)
            found += self.declared(viewer, held)
        return sorted(set(found))

    def held(self, viewer: str) -> Held:
        """Return what *viewer* holds by the ACLs: permissions by path of a thing."""
        permissions = {door.permission for door in (*self.pages, *self.forms)} | {VIEW}
        seen = self._viewer(viewer)

        def ask(thing: Any, request: Any) -> tuple[str, set[str]]:
            eye = seen(request)
            allowed = {one for one in permissions if decide(eye, thing, one)}
            return path_of(thing, request), allowed

        return dict(things(self.house, ask))

    def _viewer(self, name: str) -> Any:
        login = self.viewers[name]

        def make(request: Any) -> Viewer:
            members = request.site["members"]
            return Viewer(members.get(login) if login else None, members)

        return make

    # Views

    def shown(self, viewer: str, held: Held) -> Iterator[str]:
        """Yield what pages show or offer to *viewer* and should not."""
        offered = {
            "GET": {door.address: door for door in self.pages},
            "POST": {door.address: door for door in self.forms},
        }
        for address in [*self.names, f"/search?q={COMPANION}"]:
            address, reply = self.ask(viewer, address)
            name = self.names.get(plain(address), address)
            if reply.status_int >= 500:
                yield f"{name} fails with {reply.status} for {viewer}"
            for word, number in self.words.items():
                path = self.paths[number]
                door = offered["GET"].get(plain(address))
                if word.encode() in reply.body and not opens(door, path, held):
                    yield f"{name} shows {path} to {viewer}"
            if reply.content_type == "text/html" and reply.status_int < 400:
                for method, door in offers(reply, address, offered):
                    if door.permission not in held[door.path]:
                        yield f"{name} offers {method} {door.name} of {door.path} to {viewer}"

    def ask(self, viewer: str, address: str) -> tuple[str, Any]:
        """Return where asking for *address* leads *viewer*, and the answer there."""
        reply = self.browsers[viewer].get(address, expect_errors=True)
        self.asked += 1
        place = (reply.location or "").removeprefix("http://localhost")
        return self.ask(viewer, place) if place.startswith("/") else (address, reply)

    # Declared paths

    def declared(self, viewer: str, held: Held) -> Iterator[str]:
        """Yield where a declared path of a package and the ACL of a thing of it differ."""
        plugins = self.house.registry.getUtility(IPlugins)
        packages = dict(zip(plugins.enabled, plugins.packages(), strict=True))
        login = self.viewers[viewer]
        for name, answer in plugins.duty("communicate_paths"):
            package = packages.get(name, "communicate")
            for path in [] if isinstance(answer, Exception) else answer or ():
                yield from self._compare(path, package, viewer, login, held)

    def _compare(
        self, path: Any, package: str, viewer: str, login: str | None, held: Held
    ) -> Iterator[str]:
        verb = VERBS[path.verb]

        def ask(thing: Any, request: Any) -> tuple[str, bool] | None:
            if type(thing).__module__.partition(".")[0] != package or thing.id not in marked:
                return None
            request.member = request.site["members"].get(login) if login else None
            request.viewer = self._viewer(viewer)(request)
            return path_of(thing, request), bool(path.reach(request, thing))

        marked = set(self.words.values())
        for place, reached in filter(None, things(self.house, ask)):
            self.asked += 1
            if reached != (verb in held[place]):
                yield f"{path.name}: {path.verb} of {place} by {viewer} is {reached}"


def opens(door: Any, path: str, held: Held) -> bool:
    """Tell whether the words of the thing at *path* may be shown, on the page of *door* or any.

    A thing's own page may be opened by another permission on it: who wrote what a moderator hid
    reads it beside the reason.
    """
    own = door is not None and door.path == path and door.permission in held[path]
    return own or VIEW in held[path]


def offers(
    reply: Any, address: str, offered: Mapping[str, Mapping[str, Door]]
) -> Iterator[tuple[str, Door]]:
    """Yield the doors that the links and the forms of the page *reply* lead to."""
    reader = PageReader(address)
    reader.feed(reply.text)
    for link in filter(None, map(relative, reader.links)):
        door = offered["GET"].get(plain(link))
        if door is not None:
            yield "GET", door
    for form in reader.forms:
        target = relative(form.action)
        door = offered[form.method].get(plain(target)) if target else None
        if door is not None:
            yield form.method, door

"""A house with people who know each other, and short ways to fill their spaces."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from communicate.audience import PRIVATE, Audience
from communicate.erasure.plugins import BatchReceipt
from communicate.interfaces import ICatalog, IClock, IContacts, IMembers
from communicate.pictures import Picture, recode
from communicate.profile.content import NAME, Element
from communicate.profile.declared import erase
from communicate.profile.interfaces import IProfiles
from communicate.testing.house import House

Values = Mapping[str, Any]


@dataclass
class Spaces:
    """The spaces of a house."""

    house: House
    browsers: dict[str | None, Any] = field(default_factory=dict)

    def join(self, *logins: str, groups: tuple[str, ...] = ()) -> list[int]:
        """Make members; return their numbers."""
        return [self.house.member(login, *groups) for login in logins]

    def browser(self, login: str | None = None) -> Any:
        """Return a browser of *login*, signed in once."""
        if login not in self.browsers:
            self.browsers[login] = self.house.browser(login)
        return self.browsers[login]

    def get(self, path: str, login: str | None = None, status: int = 200) -> Any:
        """Return the page at *path* as *login* sees it."""
        return self.browser(login).get(path, status=status)

    def token(self, login: str | None = None) -> str:
        """Return what the forms of *login* carry."""
        return str(self.get("/help", login).html.find("input", {"name": "csrf_token"})["value"])

    def space(self, owner: str, login: str | None = None) -> str:
        """Return the text of the space of *owner* as *login* sees it."""
        return str(self.get(f"/members/{owner}", login).text)

    def act(self, login: str, func: Callable[[Any, Any, Any], Any]) -> Any:
        """Return what *func* does with the profiles, the member *login* and a request."""

        def do(request: Any) -> Any:
            member = request.find_service(IMembers).by_login(login)
            return func(request.find_service(IProfiles), member, request)

        return self.house.work(do)

    def say(
        self, login: str, kind: str, value: str = "", audience: Audience = PRIVATE, **more: Any
    ) -> str:
        """Add an element to the space of *login*; return its address."""
        given = {"audience": audience, **({"value": value} if value else {}), **more}

        def add(profiles: Any, member: Any, _request: Any) -> str:
            return str(profiles.add(member, kind, given).__name__)

        return f"/members/{login}/profile/{self.act(login, add)}"

    def let(self, login: str, kind: str, audience: Audience) -> str:
        """Let *audience* see what the standing element *kind* is about; return its address."""

        def let(profiles: Any, member: Any, _request: Any) -> str:
            element: Element = profiles.stand(member, kind)
            profiles.limit(element, audience)
            return str(element.__name__)

        return f"/members/{login}/profile/{self.act(login, let)}"

    def know(self, one: str, other: str) -> None:
        """Make two members contacts of each other."""

        def know(contacts: Any, first: int, second: int) -> None:
            contacts.request(first, second)
            contacts.accept(second, first)

        self.between(one, other, know)

    def part(self, one: str, other: str) -> None:
        """End that two members know each other."""
        self.between(one, other, lambda contacts, *pair: contacts.remove(*pair))

    def between(self, one: str, other: str, func: Callable[[Any, int, int], Any]) -> Any:
        """Return what *func* does with the contacts and the numbers of two members."""

        def do(request: Any) -> Any:
            members = request.find_service(IMembers)
            pair = (members.by_login(login).uid for login in (one, other))
            return func(request.find_service(IContacts), *pair)

        return self.house.work(do)


def image_file(size: tuple[int, int] = (60, 40), form: str = "PNG", **more: Any) -> BytesIO:
    """Return a picture as a file: red on the left half, blue on the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    file = BytesIO()
    image.save(file, form, **more)
    file.seek(0)
    return file


@pytest.fixture(name="image_file", scope="session")
def image_files() -> Callable[..., BytesIO]:
    """Return what draws pictures: see `image_file`."""
    return image_file


@pytest.fixture(scope="session")
def picture() -> Picture:
    """Return a picture made anew, once for all tests."""
    return recode(image_file())


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spaces]:
    """Yield the spaces of a site that speaks English; `spaces` cleans it for each test."""
    house = House(tmp_path_factory.mktemp("profile"), ["forums"], {"language": "en"})
    spaces = Spaces(house)
    spaces.join("claire", "paul", "rose")
    yield spaces
    house.close()


@pytest.fixture
def spaces(shared: Spaces) -> Spaces:
    """Return the spaces of the house; Claire and Paul know each other, Rose knows nobody."""
    clock = shared.house.registry.getUtility(IClock)
    if clock.offset:  # sessions have ended
        clock.offset = timedelta(0)
        shared.browsers.clear()
    shared.house.work(clean)
    shared.know("claire", "paul")
    return shared


def clean(request: Any) -> None:
    """Leave the members of the house as if they had just joined."""
    members, catalog = request.find_service(IMembers), request.find_service(ICatalog)
    contacts = request.find_service(IContacts)
    for member in members.members.values():
        for uid in contacts.contacts(member.uid):
            contacts.remove(member.uid, uid)
        for uid in contacts.blocks(member.uid):
            contacts.unblock(member.uid, uid)
        if NAME in member:
            erase(SimpleNamespace(uid=member.uid, request=request), BatchReceipt())
            catalog.forget(member.uid)


@pytest.fixture
def house(spaces: Spaces) -> House:
    """Return the house of `spaces`."""
    return spaces.house

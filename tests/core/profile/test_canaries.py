"""A mark in every element, at every audience: each is seen by exactly those who may."""

import re
from typing import Any

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC, Audience
from communicate.pictures import Picture
from communicate.principals import circle, member
from communicate.profile.kinds import CONTACTS as LIST
from communicate.profile.kinds import KINDS, STANDING

VALUES = {
    "birthday": "1984-04-09",
    "web": "https://{mark}.example/",
    "phone": "06 {number} 56",
    "email": "{mark}@example.org",
}
READERS = {
    "private": set(),
    "contacts": {"paul"},
    "chosen": {"yves", "paul"},
    "members": {"paul", "yves", "rose", "moira", "oscar"},
    "public": {"paul", "yves", "rose", "moira", "oscar", None},
}
PEOPLE = ("claire", "paul", "yves", "rose", "noé", "moira", "oscar", None)
ONCE = re.compile('name="once" value="[^"]+"')  # each form has another
MARK = re.compile(r"canari-([a-z]+)-([a-z]+)")


@pytest.fixture(scope="module")
def town(shared: Any, picture: Picture) -> Any:
    """Return the spaces of a house: Claire's has each kind at each audience.

    Paul is a contact and in a circle, Yves is chosen by name, Rose is nobody to her, Noé is
    blocked; Moira moderates and Oscar operates.
    """
    uids = dict(zip(("yves", "noe"), shared.join("yves", "noe"), strict=True))
    shared.join("moira", groups=("moderators",))
    shared.join("oscar", groups=("operators",))
    shared.know("claire", "paul")

    def put(contacts: Any, claire: int, paul: int) -> int:
        made: int = contacts.make_circle(claire, "Potager")
        contacts.put(claire, made, paul)
        return made

    number = shared.between("claire", "paul", put)
    shared.between("claire", "noe", lambda contacts, *pair: contacts.block(*pair))
    chosen = Audience("chosen", [circle(number), member(uids["yves"])])
    audiences = {
        "private": PRIVATE,
        "contacts": CONTACTS,
        "chosen": chosen,
        "members": MEMBERS,
        "public": PUBLIC,
    }
    for level, audience in audiences.items():
        for kind in KINDS.values():
            fill(shared, kind, level, audience)
    return shared, audiences, picture


def fill(spaces: Any, kind: Any, level: str, audience: Audience) -> None:
    """Say something of *kind*, past what a space has room for."""
    mark = f"canari-{kind.name}-{level}"
    if kind.form in ("picture", "day"):
        return
    number = sum(map(ord, level)) % 90 + 10
    value = VALUES.get(kind.name, "{mark}").format(mark=mark, number=number)
    label = f"canari-label{kind.name}-{level}" if kind.label else ""
    given = {"value": value, "label": label, "audience": audience}

    def add(profiles: Any, owner: Any, _request: Any) -> None:
        original, profiles.room = profiles.room, lambda *_: True
        profiles.add(owner, kind.name, given)
        profiles.room = original

    spaces.act("claire", add)


def seen(text: str) -> set[tuple[str, str]]:
    """Return kind and audience of each mark in *text*."""
    return set(MARK.findall(text))


def expected(login: str | None) -> set[str]:
    """Return the audiences to which *login* belongs."""
    if login == "claire":
        return set(READERS)
    return {level for level, readers in READERS.items() if login in readers}


def real_login(login: str | None) -> str | None:
    return "noe" if login == "noé" else login


@pytest.mark.parametrize("login", PEOPLE)
class TestEveryElement:
    def test_the_space_shows_exactly_what_is_for_them(self, town: Any, login: str | None) -> None:
        spaces = town[0]
        marks = seen(spaces.space("claire", real_login(login)))
        kinds = {kind for kind, _level in marks}
        assert {level for _kind, level in marks} == expected(login)
        if expected(login):
            assert {"text", "place", "language", "occupation", "interest"} <= kinds
            assert {"web", "email", "postal", "other", "labelphone", "labelother"} <= kinds
        for level in expected(login) - {"private"}:
            assert {kind for kind, one in marks if one == level} >= {"text", "other"}

    def test_the_address_of_each_answers_exactly_to_them(
        self, town: Any, login: str | None
    ) -> None:
        spaces = town[0]

        def addresses(profiles: Any, owner: Any, _request: Any) -> list[tuple[str, str]]:
            return [
                (one.audience.level, f"/members/claire/profile/{one.__name__}")
                for one in profiles.profile(owner).elements()
            ]

        browser = spaces.browser(real_login(login))
        refused = 403 if login is None else 404
        for level, path in spaces.act("claire", addresses)[::4]:
            status = browser.get(path, expect_errors=True).status_int
            assert status == (303 if level in expected(login) else refused), (level, path)
            for view in ("edit", "audience", "who"):
                status = browser.get(f"{path}/{view}", expect_errors=True).status_int
                assert status == (200 if login == "claire" else refused), (level, view)

    def test_search_finds_exactly_what_is_for_them(self, town: Any, login: str | None) -> None:
        spaces = town[0]
        found = set()
        for level in READERS:
            page = spaces.get(f"/search?q=place+{level}", real_login(login))
            found |= {one for kind, one in seen(page.html.main.text) if kind == "place"}
        assert found == expected(login)


class TestHeading:
    @pytest.mark.parametrize("level", READERS)
    def test_name_picture_and_small_picture_too(self, town: Any, level: str) -> None:
        spaces, audiences, picture = town
        for kind in ("name", "picture"):
            spaces.act("yves", lambda p, yves, _r, kind=kind: drop(p, yves, kind))
        audience = audiences[level]
        if level == "chosen":
            audience = Audience("chosen", [member(spaces.act("paul", lambda _p, m, _r: m.uid))])
        spaces.say("yves", "name", "canari-name-yves", audience)
        path = spaces.say("yves", "picture", audience=audience, picture=picture)
        small = spaces.let("yves", "avatar", audience)
        readers = {"members": {"paul", "rose"}, "public": {"paul", "rose", None}}
        readers |= {"chosen": {"paul"}}
        for login in ("paul", "rose", None):
            may = login in readers.get(level, ())
            page = spaces.get("/members/yves", login)
            assert ("canari-name-yves" in page) == may, (level, login)
            assert (f"{path}/image" in page) == may, (level, login)
            for address in (path, small):
                browser = spaces.browser(login)
                status = browser.get(f"{address}/image", expect_errors=True).status_int
                assert (status == 200) == may, (level, login)


def drop(profiles: Any, owner: Any, kind: str) -> None:
    """Delete what *owner* has of *kind*."""
    for element in profiles.profile(owner).of_kind(kind):
        profiles.delete(element)


class TestStandingElements:
    @pytest.mark.parametrize("kind", STANDING)
    def test_one_that_was_blocked_learns_nothing_of_them(self, town: Any, kind: str) -> None:
        spaces = town[0]
        before = ONCE.sub("", spaces.space("claire", "noe"))
        spaces.let("claire", kind, PUBLIC)
        assert ONCE.sub("", spaces.space("claire", "noe")) == before
        if kind == LIST:
            spaces.get("/members/claire/contacts", "noe", status=404)
            spaces.get("/members/claire/contacts", "rose")


class TestHidden:
    def test_what_a_moderator_hid_is_seen_by_owner_and_moderators(self, spaces: Any) -> None:
        spaces.join("mathilde", groups=("moderators",))
        path = spaces.say("claire", "place", "Quimper", PUBLIC)

        def hide(profiles: Any, owner: Any, _request: Any) -> None:
            (element,) = profiles.profile(owner).of_kind("place")
            profiles.conceal(element, hidden=True)

        spaces.act("claire", hide)
        assert "Quimper" not in spaces.space("claire", "paul")
        assert "Quimper" in spaces.space("claire", "mathilde")
        assert "hidden by a moderator" in spaces.space("claire", "claire")
        spaces.get(path, "paul", status=404)

    def test_a_hidden_picture_is_hidden_small_too(self, spaces: Any, picture: Any) -> None:
        path = spaces.say("claire", "picture", audience=PUBLIC, picture=picture)
        small = spaces.let("claire", "avatar", PUBLIC)

        def hide(profiles: Any, owner: Any, _request: Any) -> None:
            (element,) = profiles.profile(owner).of_kind("picture")
            profiles.conceal(element, hidden=True)

        spaces.get(f"{small}/image", "paul")
        spaces.act("claire", hide)
        for address in (path, small):
            spaces.get(f"{address}/image", "paul", status=404)
            spaces.get(f"{address}/image", "claire")
        spaces.act(
            "claire",
            lambda profiles, owner, _r: [
                profiles.delete(each) for each in profiles.profile(owner).of_kind("picture")
            ],
        )
        spaces.say("claire", "picture", audience=PUBLIC, picture=picture)
        spaces.get(f"{small}/image", "paul")


class TestAbsent:
    @pytest.mark.parametrize("viewer", [None, "rose"])
    def test_an_empty_space_answers_as_one_in_which_nothing_is_for_you(
        self, spaces: Any, viewer: str | None
    ) -> None:
        """Whether somebody has written anything at all is the owner's matter, too."""
        paths = [f"/members/claire/profile{end}" for end in ("", "/", "/x", "/x/image", "/x/y/z")]
        visit = lambda: [  # noqa: E731
            (answer.status_int, answer.headers.get("Location"))
            for answer in (spaces.browser(viewer).get(path, expect_errors=True) for path in paths)
        ]
        empty = visit()
        spaces.say("claire", "place", "Quimper")
        assert visit() == empty

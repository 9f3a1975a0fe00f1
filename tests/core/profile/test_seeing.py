"""What the owner is shown as somebody else's page is that page, and nothing else of theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC, Audience
from communicate.demo import running
from communicate.interfaces import IClock, IContacts, IMembers
from communicate.pictures import Picture
from communicate.principals import circle, member
from communicate.testing.house import House
from communicate.testing.spaces import Comparison, as_seen, real
from communicate_forums.interfaces import IForums

AUDIENCES = {"private": PRIVATE, "contacts": CONTACTS, "members": MEMBERS, "public": PUBLIC}
COUNT = 20
LATEST = "forums.latest"
VALUES = {
    "name": "Claire {mark}",
    "text": "Je prête *{mark}*.",
    "place": "Quimper {mark}",
    "web": "https://{mark}.example/",
    "phone": "06 12 34 56",
    "birthday": "1984-04-09",
    "other": "A+ {mark}",
}


class TestSeeingAs:
    @pytest.fixture
    def claire(self, spaces: Any) -> Any:
        """Return the spaces, Claire's with a place for each audience."""
        for level, audience in AUDIENCES.items():
            spaces.say("claire", "place", f"lieu-{level}", audience)
        return spaces

    @pytest.mark.parametrize(
        ("who", "seen"),
        [
            ("stranger", {"public"}),
            ("member", {"public", "members"}),
            ("paul", {"public", "members", "contacts"}),
        ],
    )
    def test_it_shows_what_that_viewer_may_see(
        self, claire: Any, who: str, seen: set[str]
    ) -> None:
        page = claire.get(f"/members/claire?as={who}", "claire").text
        assert {level for level in AUDIENCES if f"lieu-{level}" in page} == seen

    def test_a_banner_says_so_and_leads_back(self, claire: Any) -> None:
        page = claire.get("/members/claire?as=paul", "claire")
        assert "This is your space as paul sees it." in page
        assert page.click("Back to your own view").html.select("a.edit")

    def test_only_the_owner_is_shown_it(self, claire: Any) -> None:
        page = claire.get("/members/claire?as=stranger", "paul")
        assert "lieu-contacts" in page
        assert "Back to your own view" not in page

    @pytest.mark.parametrize("who", ["rose", "nobody.there", "claire", "", "paul "])
    def test_nobody_but_contacts_can_be_named(self, claire: Any, who: str) -> None:
        """Of others one could learn something, such as whom they have blocked."""
        claire.get(f"/members/claire?as={who}", "claire", status=404 if who != "paul " else 200)

    def test_a_contact_who_blocks_is_none_any_more(self, claire: Any) -> None:
        claire.between("paul", "claire", lambda contacts, *pair: contacts.block(*pair))
        claire.get("/members/claire?as=paul", "claire", status=404)

    def test_its_forms_have_no_token_and_do_nothing(self, claire: Any) -> None:
        page = claire.get("/members/claire?as=paul", "claire")
        inside = page.html.select_one("fieldset.as-seen")
        assert inside.has_attr("disabled")
        assert inside.select("[name=csrf_token]") == []

    def test_what_the_other_can_do_and_their_circles_stay_out_of_it(self, claire: Any) -> None:
        def sort(request: Any) -> None:
            members, contacts = request.find_service(IMembers), request.find_service(IContacts)
            one, other = members.by_login("paul").uid, members.by_login("claire").uid
            contacts.put(one, contacts.make_circle(one, "Les pénibles"), other)

        claire.house.work(sort)
        assert "Les pénibles" in claire.get("/members/claire", "paul")
        assert "Les pénibles" not in claire.get("/members/claire?as=paul", "claire")

    def test_nothing_of_the_other_leaks(self, claire: Any) -> None:
        """Language, zone and appearance are the owner's, and so are the bars around the page."""

        def dress(request: Any) -> None:
            paul = request.find_service(IMembers).by_login("paul")
            paul.language, paul.zone, paul.appearance = "fr", "Pacific/Kiritimati", "dark"
            paul.groups = ("operators",)

        def undress(request: Any) -> None:
            paul = request.find_service(IMembers).by_login("paul")
            paul.language = paul.zone = paul.appearance = None
            paul.groups = ()

        before = claire.get("/members/claire?as=paul", "claire").text
        claire.house.work(dress)
        after = claire.get("/members/claire?as=paul", "claire").text
        claire.house.work(undress)
        assert as_seen(after) == as_seen(before)
        assert '<html lang="en"' in after
        assert 'data-bs-theme="dark"' not in after
        assert "/operate" not in after
        assert "paul" not in claire.get("/members/claire?as=paul", "claire").html.header.text

    def test_nothing_is_written(self, claire: Any) -> None:
        def serial(request: Any) -> Any:
            return request.site._p_jar.db().lastTransaction()

        claire.get("/members/claire", "claire")
        before = claire.house.work(serial)
        for who in ("stranger", "member", "paul"):
            claire.get(f"/members/claire?as={who}", "claire")
        assert claire.house.work(serial) == before

    def test_where_the_site_is_for_members_it_says_that_strangers_see_none(
        self, make_house: Any
    ) -> None:
        house = make_house([], widest_audience="members", language="en")
        house.member("claire")
        page = house.browser("claire").get("/members/claire?as=stranger")
        assert "This site shows nothing to people without an account" in page


def write(_profiles: Any, member: Any, request: Any) -> None:
    """Let *member* open a topic, which the space shows."""
    forum = request.site["forums"]["general"]
    request.find_service(IForums).open_topic(forum, member.uid, "Le volet grince", "Un peu.")


@dataclass
class StandingClock:
    """A clock that stands still."""

    moment: datetime

    def now(self) -> datetime:
        """Return always the same moment."""
        return self.moment


@contextmanager
def frozen(house: House) -> Iterator[None]:
    """Have the clock of *house* stand still."""
    clock = house.registry.getUtility(IClock)
    house.registry.registerUtility(StandingClock(clock.now()), IClock)
    yield
    house.registry.registerUtility(clock, IClock)


@pytest.fixture(scope="module")
def town(shared: Any, picture: Picture) -> Any:
    """Return the spaces of a house and the logins of its members, all with something to show."""
    logins = [f"voisin{number}" for number in range(COUNT)]
    uids = dict(zip(logins, shared.join(*logins), strict=True))
    for number, login in enumerate(logins):
        for step in (1, 3, 7):
            shared.know(login, logins[(number + step) % COUNT])
        fill(shared, login, number, uids, picture)
    return shared, logins


def fill(spaces: Any, login: str, number: int, uids: Any, picture: Picture) -> None:
    """Let *login* say something of each kind, and show it to each audience in turn."""
    friend = list(uids.values())[(number + 1) % COUNT]

    def put(request: Any) -> int:
        service = request.find_service(IContacts)
        made: int = service.make_circle(uids[login], "Potager")
        service.put(uids[login], made, friend)
        return made

    number_of = spaces.house.work(put)
    some = list(uids.values())[(number + 3) % COUNT]
    audiences = [*AUDIENCES.values(), Audience("chosen", [circle(number_of), member(some)])]
    for (kind, words), turn in zip(VALUES.items(), range(number, number + 99), strict=False):
        value = words.format(mark=f"m{number}-{turn % 5}")
        spaces.say(login, kind, value, audiences[turn % 5], label="Étiquette")
    spaces.say(login, "picture", audience=audiences[number % 5], picture=picture)
    spaces.act(login, lambda profiles, member, _r: profiles.arrange(member, [(LATEST, True)]))
    spaces.act(login, write)
    for turn, kind in enumerate(("avatar", "seen", "directory", "contacts", "counts")):
        spaces.let(login, kind, audiences[(number + turn) % 5])


class TestTwenty:
    """Members with elements of every audience, contacts and circles, at a clock that stands."""

    def test_what_the_owner_is_shown_is_what_they_see(self, town: Any) -> None:
        spaces, logins = town
        comparison = Comparison(spaces.house, spaces.browser)
        different, asked = [], 0
        with frozen(spaces.house):
            for number, owner in enumerate(logins):
                viewers = [("stranger", None), ("member", logins[(number + 5) % COUNT])]
                viewers += [(logins[(number + step) % COUNT],) * 2 for step in (1, 3, 7)]
                different += list(comparison.differences(owner, viewers))
                asked += len(viewers)
        assert "Latest posts" in spaces.space(logins[0])
        assert different == []
        assert asked == 5 * COUNT

    def test_the_comparison_tells_pages_apart(self, town: Any) -> None:
        spaces, logins = town
        pages = {
            who: as_seen(spaces.get(f"/members/{logins[0]}?as={who}", logins[0]).text)
            for who in ("stranger", "member", logins[1], logins[3], logins[7])
        }
        assert len(set(pages.values())) >= 4
        stranger = real(spaces.space(logins[0]))
        assert stranger == pages["stranger"] != pages["member"]


@pytest.mark.slow
class TestDemo:
    def test_for_200_members_of_a_demo(self, tmp_path: Path) -> None:
        house = House(tmp_path / "demo", ["forums"], {"language": "en"})
        made = running.make(house.registry, 200, 1, lambda _said: None)

        @cache
        def browser(login: str | None) -> Any:
            one = house.browser(login, made.password)
            one.set_cookie("lang", "en")
            return one

        def known(request: Any) -> dict[str, list[str]]:
            contacts, members = request.find_service(IContacts), request.find_service(IMembers)
            return {
                one.login: [members.login_of(uid) for uid in list(contacts.contacts(one.uid))[:2]]
                for one in made.people
            }

        def alike(request: Any) -> None:  # zones and looks are the owner's, in both pages
            for one in made.people:
                member = request.find_service(IMembers).by_uid(one.uid)
                member.zone = member.appearance = None

        house.work(alike)
        contacts, comparison = house.work(known), Comparison(house, browser)
        logins, different, asked = [one.login for one in made.people], [], 0
        with frozen(house):
            for owner in logins:
                far = next(one for one in reversed(logins) if stranger(house, owner, one))
                viewers = [("stranger", None), ("member", far)]
                viewers += [(one, one) for one in contacts[owner] if one]
                different += list(comparison.differences(owner, viewers))
                asked += len(viewers)
        house.close()
        assert different == []
        assert asked > 3 * len(logins)


def stranger(house: House, owner: str, other: str) -> bool:
    """Tell whether nothing is between the two members, and *other* has no part in the site."""

    def ask(request: Any) -> bool:
        members, contacts = request.find_service(IMembers), request.find_service(IContacts)
        one, two = members.by_login(owner), members.by_login(other)
        free = contacts.state(one.uid, two.uid) == contacts.state(two.uid, one.uid) == "none"
        return bool(free and not two.groups)

    return house.work(ask)


def test_every_audience_is_tried() -> None:
    """Of five audiences in turn, each kind of element has each one in some space."""
    pairs = {
        (kind, (number + place) % 5)
        for number, (place, kind) in product(range(COUNT), enumerate(VALUES))
    }
    assert len(pairs) == 5 * len(VALUES)
